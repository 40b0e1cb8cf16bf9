package flyby.validate.pio;

import static flyby.validate.pio.PioReferences.BASE;
import static flyby.validate.pio.PioReferences.GDRCOPY;
import static flyby.validate.pio.PioReferences.INTEL;

import flyby.validate.Grade;
import flyby.validate.Row;
import flyby.validate.Tolerance;
import java.util.ArrayList;
import java.util.List;

/// What a CPU's own copies to and from a device cost: rows 7.1 to 7.5.
final class CopyRows {
    private static final String SLOT = "a V100 in a Gen3 x16 slot; simulated: a Xeon E5 v4, MPS 256 B";
    private static final String STORES = "The experiment pio-dma, run write-wc: stores to write-combining memory, and a"
            + " fence, which waits until the root complex has accepted all lines.";
    private static final String STREAMS = "The experiment pio-dma, run read-wc: streaming loads of whole lines, as many"
            + " at once as there are fill buffers; a copy of less than a line is by single loads.";
    private static final String LOADS = "The experiment pio-dma, run read-uc: loads of 8 bytes, one after the other.";

    private static final String[][] POINTS = {
        {"a", "64", "0.088"},
        {"b", "128", "0.095"},
        {"c", "512", "0.118"},
        {"d", "1024", "0.183"},
        {"e", "2048", "0.255"},
        {"f", "4096", "0.437"},
        {"g", "8192", "0.814"},
        {"h", "65536", "6.49"},
        {"i", "1048576", "103.8"}
    };

    private final PioRuns runs = new PioRuns();
    private final List<Row> rows = new ArrayList<>();

    private CopyRows() {}

    static List<Row> rows() {
        CopyRows all = new CopyRows();
        all.stores();
        all.rates();
        all.loads();
        all.uncached();
        return all.rows;
    }

    private void stores() {
        for (String[] point : POINTS) {
            int byteCount = Integer.parseInt(point[1]);
            rows.add(Row.of("7.1" + point[0], "stores of " + byteCount + " B through a WC BAR, CPU time")
                    .under(SLOT)
                    .figure(point[2], "us", Tolerance.percent("10"), () -> runs.storeMicros(byteCount))
                    .from(Grade.B, GDRCOPY.at("README, copylat"), STORES));
        }
    }

    private void rates() {
        rate("7.2a", 65_536, "9.77");
        rate("7.2b", 131_072, "9.64");
        rows.add(Row.of("7.2c", "what the link leaves to stores of whole lines")
                .under("Gen3 x16, 64 B and 24 B around them; without DLLPs; from 32 KiB to 64 KiB; with so many"
                        + " combining buffers that the link is what limits")
                .figure("11.46", "GB/s", Tolerance.rounded(), () -> {
                    String[] sets = {"machine.root-ports.slot0.link.dllps=false", "machine.cpu.combining-buffers=64"};
                    double micros =
                            runs.latencyMicros("write-wc", 65_536, sets) - runs.latencyMicros("write-wc", 32_768, sets);
                    return 32_768 / micros / 1e3;
                })
                .from(
                        Grade.A,
                        BASE.derived("sections 2.2.1, 3.2, 4.2.2"),
                        "The experiment pio-dma, run write-wc: time between the last bytes' arrivals."));
    }

    private void rate(String id, int byteCount, String published) {
        rows.add(Row.of(id, "rate of stores through a WC BAR, " + byteCount / 1_024 + " KiB")
                .under(SLOT)
                .figure(published, "GB/s", Tolerance.percent("10"), () -> byteCount / runs.storeMicros(byteCount) / 1e3)
                .from(Grade.B, GDRCOPY.at("README, copybw"), STORES));
    }

    private void loads() {
        load("7.3a", 8, "1 B", "0.907");
        load("7.3b", 4_096, "4 KiB", "7.98");
        load("7.3c", 65_536, "64 KiB", "114");
        load("7.3d", 1_048_576, "1 MiB", "1971");
        rows.add(Row.of("7.4", "an uncached load")
                .under("8 B; published as 2 us from an FPGA and 5.5 us behind extra hops")
                .rule("0.5 to 2 us", facts -> {
                    double micros = runs.loadMicros(8);
                    facts.holds("%.3f us".formatted(micros), micros >= 0.5 && micros <= 2);
                })
                .from(Grade.C, INTEL.at("thread 1242424"), LOADS));
    }

    private void load(String id, int byteCount, String size, String published) {
        rows.add(Row.of(id, "loads of " + size + " from a BAR")
                .under(SLOT + (byteCount == 8 ? "; a load of 8 B, which is one request as that of 1 B is" : ""))
                .figure(published, "us", Tolerance.percent("15"), () -> runs.streamMicros(byteCount))
                .from(Grade.B, GDRCOPY.at("README, copylat"), STREAMS));
    }

    private void uncached() {
        rows.add(Row.of("7.5", "from one uncached store to the next")
                .under("8 B each, a loop of writeq")
                .rule("50 to 300 ns", facts -> {
                    double nanos = runs.uncachedStoreNanos();
                    facts.holds("%.1f ns".formatted(nanos), nanos >= 50 && nanos <= 300);
                })
                .from(
                        Grade.C,
                        INTEL.at("thread 1186313"),
                        "The experiment pio-dma, run write-uc. The model posts an uncached store as soon as the"
                                + " root port"
                                + " has room; a real core waits until it has been acknowledged."));
    }
}
