package flyby.validate.pcie;

import static flyby.validate.bench.BenchReferences.DATA;

import flyby.validate.Grade;
import flyby.validate.Row;
import flyby.validate.Tolerance;
import flyby.validate.bench.BenchFigures;
import flyby.validate.bench.BenchRuns;
import java.util.ArrayList;
import java.util.List;
import java.util.function.ToDoubleFunction;

/// Latencies of pcie-bench: the table of section 2.5, cell by cell, and rows 2.19 and 2.21.
final class MeasuredLatencies {
    private static final String HOW = "pcie-bench runs on the host's profile, one operation at a time.";
    private static final String READ = "latency-rd";
    private static final String READ_BACK = "latency-wr-rd";
    private static final Tolerance SHAPE = Tolerance.percent("10");

    private final BenchRuns runs;
    private final List<Row> rows = new ArrayList<>();

    private MeasuredLatencies(BenchRuns runs) {
        this.runs = runs;
    }

    static List<Row> rows(BenchRuns runs) {
        MeasuredLatencies latencies = new MeasuredLatencies(runs);
        latencies.host("server-hsw-a", 'a', "533 546 573 626 706 853 1133", "760 773 880 1013 1280 1840", "466 480");
        latencies.host("server-bdw", 'e', "546 546 573 626 706 853 1133", "760 773 880 1013 1266 1840", "480 493");
        latencies.smallReads();
        latencies.misses();
        return latencies.rows;
    }

    private void host(String host, char letter, String reads, String readBacks, String commands) {
        int[] sizes = {8, 64, 128, 256, 512, 1_024, 2_048};
        int[] backSizes = {8, 64, 256, 512, 1_024, 2_048};
        int[] commandSizes = {8, 64};
        medians(host, letter, "dma", READ, sizes, reads);
        cell(letter + 1, 0, host, "min", "520", SHAPE, Grade.C, BenchFigures::minNanos);
        cell(letter + 1, 1, host, "95 %", "560", SHAPE, Grade.C, BenchFigures::nanos95);
        cell(letter + 1, 2, host, "99.9 %", "586", SHAPE, Grade.C, BenchFigures::nanos999);
        medians(host, (char) (letter + 2), "dma", READ_BACK, backSizes, readBacks);
        medians(host, (char) (letter + 3), "command", READ, commandSizes, commands);
        medians(host, (char) (letter + 3), "command", READ_BACK, commandSizes, "546 560");
    }

    private void medians(String host, char letter, String by, String operation, int[] sizes, String published) {
        List<String> values = List.of(published.split(" ", -1));
        boolean isCommandBack = by.equals("command") && operation.equals(READ_BACK);
        for (int i = 0; i < sizes.length; i++) {
            int byteCount = sizes[i];
            boolean isGraded = byteCount == 64 && by.equals("dma") && operation.equals(READ);
            String id = "2.5" + letter + (char) ('a' + i + (isCommandBack ? sizes.length : 0));
            rows.add(Row.of(id, "%s %d B by %s, %s".formatted(operation, byteCount, by, host))
                    .under("median, host-warm, 8 KiB window, unloaded")
                    .figure(
                            values.get(i),
                            "ns",
                            isGraded ? Tolerance.percent("5") : SHAPE,
                            () -> runs.of(host, byteCount, "bench.operation=" + operation, "bench.interface=" + by)
                                    .medianNanos())
                    .from(isGraded ? Grade.B : Grade.C, DATA.at("latency, HWarm"), HOW));
        }
    }

    private void cell(
            int letter,
            int index,
            String host,
            String what,
            String published,
            Tolerance tolerance,
            Grade grade,
            ToDoubleFunction<BenchFigures> figure) {
        rows.add(Row.of("2.5" + (char) letter + (char) ('a' + index), "latency-rd 64 B, " + what + ", " + host)
                .under("host-warm, 8 KiB window, unloaded")
                .figure(published, "ns", tolerance, () -> figure.applyAsDouble(read(host, 64)))
                .from(grade, DATA.at("latency, HWarm"), HOW));
    }

    private void smallReads() {
        String[] hosts = {"server-hsw-a", "server-hsw-b", "server-bdw", "server-ib", "server-snb"};
        String[] medians = {"546", "600", "546", "560", "560"};
        for (int i = 0; i < hosts.length; i++) {
            String host = hosts[i];
            rows.add(Row.of("2.19" + (char) ('a' + i), "DMA read of 64 B, median, " + host)
                    .under("local, warm")
                    .figure(
                            medians[i],
                            "ns",
                            Tolerance.percent("5"),
                            () -> read(host, 64).medianNanos())
                    .from(Grade.B, DATA.at("latency, HWarm"), HOW));
        }
        rows.add(Row.of("2.19f", "DMA read of 64 B, the shortest")
                .under("all hosts but HSWb; give or take 5 %")
                .rule("520 to 546 ns", facts -> {
                    for (String host : new String[] {"server-hsw-a", "server-bdw", "server-ib", "server-snb"}) {
                        double nanos = read(host, 64).minNanos();
                        facts.holds("%s: %.1f ns".formatted(host, nanos), nanos > 520 * 0.95 && nanos < 546 * 1.05);
                    }
                })
                .from(Grade.B, DATA.at("latency, HWarm"), HOW));
        rows.add(Row.of("2.19g", "DMA read of 64 B, 99.9 %")
                .under("all hosts but SNB")
                .rule("at most 626 ns", facts -> {
                    for (String host : new String[] {"server-hsw-a", "server-hsw-b", "server-bdw", "server-ib"}) {
                        double nanos = read(host, 64).nanos999();
                        facts.holds("%s: %.1f ns".formatted(host, nanos), nanos <= 626);
                    }
                })
                .from(Grade.B, DATA.at("latency, HWarm"), HOW));
    }

    private void misses() {
        miss("2.21a", "server-bdw", "66");
        miss("2.21b", "server-snb", "80");
        miss("2.21c", "server-ib", "80");
        miss("2.21d", "server-hsw-b", "93");
    }

    private void miss(String id, String host, String published) {
        rows.add(Row.of(id, "what a miss of the LLC adds, " + host)
                .under("commands of 8 B, device-warm against cold")
                .figure(
                        published,
                        "ns",
                        Tolerance.percent("15"),
                        () -> command(host, "cold") - command(host, "device-warm"))
                .from(Grade.B, DATA.derived("latency, 8 B commands"), HOW));
    }

    private double command(String host, String state) {
        return runs.of(host, 8, "bench.operation=" + READ, "bench.interface=command", "bench.cache=" + state)
                .medianNanos();
    }

    private BenchFigures read(String host, int byteCount) {
        return runs.of(host, byteCount, "bench.operation=" + READ, "bench.interface=dma");
    }
}
