package flyby.validate.iommu;

import static flyby.validate.iommu.IommuReferences.FAST_SAFE;
import static flyby.validate.iommu.IommuReferences.HUGE_PAGES;
import static flyby.validate.iommu.IommuReferences.LINUX;
import static flyby.validate.iommu.IommuReferences.RIOMMU;
import static flyby.validate.iommu.IommuReferences.THUNDERCLAP;

import flyby.experiment.IommuCost;
import flyby.machine.MachineLibrary;
import flyby.machine.ModernMachines;
import flyby.params.Given;
import flyby.params.Settings;
import flyby.study.Input;
import flyby.study.Progress;
import flyby.study.RunContext;
import flyby.study.RunResult;
import flyby.study.Series;
import flyby.validate.Grade;
import flyby.validate.Row;
import flyby.validate.Tolerance;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/// Rows 3.4, 3.8, 3.12, 3.15, 3.16 and 3.19: a driver that maps, a device behind a link, and an IOMMU in between, as
/// experiment `iommu-cost` runs them.
final class StackRows {
    private static final String HOW =
            "iommu-cost: a ring of 256 buffers of 4 KiB behind Gen3 x16, a mapping for each transfer, one core.";
    /// 2.2 GHz, the clock of the host.
    private static final double NANOS_PER_KILO_CLOCK = 1_000 / 2.2;

    private final Map<String, RunResult> runs = new LinkedHashMap<>();

    private StackRows() {}

    static List<Row> rows() {
        StackRows all = new StackRows();
        return List.of(
                Row.of("3.4", "what strict protection takes of the rate")
                        .under("packets of 4 KiB; published for 5 to 40 flows on 5 cores, 100 Gb/s without an IOMMU")
                        .rule(
                                "20 to 65 %",
                                facts -> {
                                    double loss = all.lossPercent("bitsPerSecond");
                                    facts.holds("%.1f %%".formatted(loss), loss >= 20 && loss <= 65);
                                })
                        .from(
                                Grade.C,
                                FAST_SAFE.at("abstract and section 2.2"),
                                HOW + " The core is what is busy here; there it is the walks of several flows."),
                Row.of("3.8a", "rate with 64 pages to an invalidation")
                        .under("contiguous IOVAs, page-walk caches kept; of the rate without an IOMMU")
                        .figure("100", "%", Tolerance.percent("5"), () -> 100 - all.lossPercent("batchedBitsPerSecond"))
                        .from(Grade.B, FAST_SAFE.at("section 4"), HOW),
                Row.of("3.8b", "misses of the last page-walk cache there")
                        .rule("at most 0.054 for a page", facts -> {
                            RunResult strict = all.run("strict");
                            double reads =
                                    figure(strict, "batchedReadsPerPage") - figure(strict, "batchedMissesPerPage");
                            facts.holds("%.3f".formatted(reads), reads <= 0.054);
                        })
                        .from(Grade.B, FAST_SAFE.at("section 4"), HOW + " What a walk reads beyond one entry."),
                Row.of("3.12", "pages of 2 MiB")
                        .under("64 MiB of buffers that stay mapped; published for 200 Gb/s, where 4 KiB cost up to"
                                + " 20 %")
                        .rule("all that pages of 4 KiB take comes back", facts -> {
                            double without = last(all.run("off"), "latencyByWindow2M");
                            double small = last(all.run("strict"), "latencyByWindow4K");
                            double large = last(all.run("strict"), "latencyByWindow2M");
                            facts.holds("pages of 4 KiB cost", small > 1.1 * without);
                            facts.holds("pages of 2 MiB do not", Math.abs(large / without - 1) < 0.01);
                        })
                        .from(
                                Grade.B,
                                HUGE_PAGES.at("abstract"),
                                "iommu-cost: the time of a transfer of 64 B, one at a time, in buffers at random."),
                Row.of("3.15", "what synchronous invalidation takes at most")
                        .under("packets of 1,500 B")
                        .figure("80", "%", Tolerance.within("20", "20 points: the network is not told"), () -> {
                            double strict = last(all.run("strict"), "rateBySize");
                            return 100 * (1 - strict / last(all.run("off"), "rateBySize"));
                        })
                        .from(Grade.C, THUNDERCLAP.at("section IX, citing Markuze"), HOW + " Its sweep of sizes."),
                Row.of("3.16d", "lazy: unmappings to an invalidation")
                        .exactly(256, "unmappings", () -> {
                            RunResult lazy = all.run("lazy");
                            // A descriptor that says what to forget, and one that waits.
                            return figure(lazy, "measuredTransferCount")
                                    / (figure(lazy, "measuredInvalidationCount") / 2);
                        })
                        .from(Grade.A, LINUX.at("drivers/iommu/dma-iommu.c, IOVA_DEFAULT_FQ_SIZE"), HOW),
                Row.of("3.19a", "a synchronous invalidation")
                        .under("2,000 cycles, here of 2.2 GHz; strict unmap less lazy unmap")
                        .figure(
                                "0.65",
                                "us",
                                Tolerance.percent("50"),
                                () -> (figure(all.run("strict"), "unmapPs") - figure(all.run("lazy"), "unmapPs")) / 1e6)
                        .from(Grade.C, RIOMMU.at("table 1"), HOW),
                Row.of("3.19b", "a strict unmap in all")
                        .under("3,000 to 4,000 cycles, here of 2.2 GHz")
                        .figure(
                                "3.5",
                                "kilocycles",
                                Tolerance.percent("50"),
                                () -> figure(all.run("strict"), "unmapPs") / 1_000 / NANOS_PER_KILO_CLOCK)
                        .from(Grade.C, RIOMMU.at("table 1"), HOW));
    }

    /// How much less strict is than off.
    private double lossPercent(String key) {
        return 100 * (1 - figure(run("strict"), key) / figure(run("off"), key));
    }

    private RunResult run(String name) {
        RunResult done = runs.get(name);
        if (done == null) {
            done = make(name);
            runs.put(name, done);
        }
        return done;
    }

    private static RunResult make(String name) {
        IommuCost experiment = new IommuCost();
        List<Given> sweeps =
                Given.fromCommandLine(List.of("transfer.sizes=1500", "queue.depths=256", "window.sizes=64K,64M"));
        Settings settings = Settings.resolve(experiment.parameters(), experiment.profiles(), List.of(), sweeps);
        List<Given> machine = Given.fromCommandLine(List.of(
                "iommu.page-size=2M",
                "root-ports.slot0.link.width=x16",
                "root-ports.slot0.functions.copy0=none",
                "root-ports.slot0.functions.ring0.device=ring"));
        return experiment.run(
                name,
                new RunContext(
                        settings,
                        Optional.of(MachineLibrary.modern(ModernMachines.STANDARD, machine)),
                        1,
                        Input.bytes("none", new byte[0]),
                        List.of(),
                        Progress.silent()));
    }

    private static double figure(RunResult run, String key) {
        return run.figures().stream()
                .filter(each -> each.key().equals(key))
                .findFirst()
                .orElseThrow()
                .value()
                .doubleValue();
    }

    private static double last(RunResult run, String key) {
        return run.series().stream()
                .filter(each -> each.key().equals(key))
                .map(Series::points)
                .findFirst()
                .orElseThrow()
                .getLast()
                .y();
    }
}
