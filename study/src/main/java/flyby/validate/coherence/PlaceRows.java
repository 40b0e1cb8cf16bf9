package flyby.validate.coherence;

import static flyby.validate.bench.BenchReferences.DATA;

import flyby.experiment.DdioNuma;
import flyby.validate.Grade;
import flyby.validate.Row;
import flyby.validate.Tolerance;
import flyby.validate.bench.ExperimentRuns;
import java.util.List;

/// What it costs a device that the bytes are in memory or behind the other socket: row 9.11, which sums up rows 2.15 to
/// 2.17 and 2.21. Section `pcie` has them from pcie-bench itself; here a driver and its device see them.
final class PlaceRows {
    private static final int WINDOW = 1 << 19;
    private static final String HOW =
            "The experiment ddio-numa, in a window of 512 KiB, which the CPU's own caches no longer"
                    + " hold: differences between runs.";

    private final ExperimentRuns runs = new ExperimentRuns(
            new DdioNuma(),
            "window.smallest=512KiB",
            "window.largest=512KiB",
            "machine.root-ports.slot0.functions.copy0.device=aperture",
            "machine.root-ports.slot1.functions.copy1.device=aperture");

    private PlaceRows() {}

    static List<Row> rows() {
        PlaceRows all = new PlaceRows();
        return List.of(
                Row.of("9.11a", "a device's read of a line in memory, against one in the last-level cache")
                        .under("row 2.21: Xeon E5-2630 v4")
                        .figure(
                                "66",
                                "ns",
                                Tolerance.percent("15"),
                                () -> all.latencyNanos("memory-local") - all.latencyNanos("ddio-local"))
                        .from(Grade.B, DATA.derived("latency, cold and warm"), HOW),
                Row.of("9.11b", "a device's read of a line of the other socket, against one of its own")
                        .under("row 2.15: loops of 648 ns and 505 ns; half of what two reads take")
                        .figure(
                                "143",
                                "ns",
                                Tolerance.percent("15"),
                                () -> (all.latencyNanos("ddio-remote") - all.latencyNanos("ddio-local")) / 2)
                        .from(Grade.B, DATA.derived("DMA bandwidth, remote"), HOW),
                Row.of("9.11c", "writes of a device, into the cache and into memory")
                        .under("row 2.17")
                        .rule("the same rate", facts -> {
                            double change = 100
                                    * (all.rate("memory-local", "deviceWriteByWindow")
                                                    / all.rate("ddio-local", "deviceWriteByWindow")
                                            - 1);
                            facts.holds("%+.2f %%".formatted(change), Math.abs(change) < 2);
                        })
                        .from(Grade.B, DATA.at("DMA bandwidth, cold and warm"), HOW),
                Row.of("9.11d", "large reads of a device, from the cache and from memory")
                        .under("row 2.16: no difference from 512 B on")
                        .rule("the same rate", facts -> {
                            double change = 100
                                    * (all.rate("memory-local", "deviceReadByWindow")
                                                    / all.rate("ddio-local", "deviceReadByWindow")
                                            - 1);
                            facts.holds("%+.2f %%".formatted(change), Math.abs(change) < 2);
                        })
                        .from(Grade.B, DATA.at("DMA bandwidth, cold and warm"), HOW));
    }

    private double latencyNanos(String run) {
        return runs.at(run, "deviceLatencyByWindow", WINDOW) / 1e3;
    }

    private double rate(String run, String curve) {
        return runs.at(run, curve, WINDOW);
    }
}
