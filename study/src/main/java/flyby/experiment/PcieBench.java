package flyby.experiment;

import flyby.machine.Bench;
import flyby.machine.BenchCatalogue;
import flyby.machine.ServerCatalogue;
import flyby.params.Catalogue;
import flyby.params.Origin;
import flyby.params.Profile;
import flyby.params.Settings;
import flyby.params.Source;
import flyby.sim.Simulation;
import flyby.study.Experiment;
import flyby.study.RunContext;
import flyby.study.RunResult;
import flyby.trace.HashSink;
import flyby.trace.Ledger;
import flyby.trace.Trace;
import flyby.trace.TraceSink;
import java.util.ArrayList;
import java.util.List;

/// pcie-bench: a device reads and writes a window of a server's memory, as fast as it can or one operation at a
/// time.
public final class PcieBench implements Experiment {
    /// The run whose size is [#SIZE]; the others are called by theirs.
    private static final String ANY_SIZE = "size";

    private static final String SIZE = "bench.size";

    /// The sizes of the published tables.
    private static final List<String> SIZES = List.of(
            "8", "16", "32", "64", "128", "129", "256", "257", "384", "512", "513", "768", "1024", "1280", "1500",
            "1536", "2048", "4096", ANY_SIZE);

    private static final Catalogue PARAMETERS = Catalogue.titled("pcie-bench on a server")
            .choices(
                    "runs",
                    List.of("64", "128", "256", "512", "1024", "2048"),
                    SIZES,
                    "Bytes of one operation, a run for each; size: those of bench.size.")
            .bytes(SIZE, "64 B", "1 B", "4 KiB", Source.assumed("a choice"), "Bytes of one operation in the run size.")
            .include(BenchCatalogue.PARAMETERS)
            .rule(
                    "bench.size is for the run size: runs must have it",
                    settings -> settings.choices("runs").contains(ANY_SIZE)
                            || settings.resolved(SIZE).origin().equals(Origin.DEFAULT),
                    "runs",
                    SIZE)
            .build();

    /// Made once for all runs.
    public PcieBench() {}

    @Override
    public String kind() {
        return "pcie-bench";
    }

    @Override
    public String title() {
        return "A device measures how fast and how soon it reaches a server's memory";
    }

    @Override
    public Catalogue parameters() {
        return PARAMETERS;
    }

    @Override
    public List<Profile> profiles() {
        return ServerCatalogue.profiles();
    }

    @Override
    public List<String> runNames(Settings settings) {
        return settings.choices("runs");
    }

    @Override
    public List<String> notModelled() {
        return List.of(
                "The device is a traffic generator with the measured costs of an NFP6000's DMA engines, not an"
                        + " NFP6000.",
                "Nobody else uses the memory; outliers of a running operating system do not occur.",
                "The tables of the IOMMU are written once before the run, and nothing is unmapped.");
    }

    @Override
    public RunResult run(String runName, RunContext context) {
        Settings settings = context.settings();
        int byteCount = Math.toIntExact(runName.equals(ANY_SIZE) ? settings.bytes(SIZE) : Long.parseLong(runName));
        HashSink hash = new HashSink();
        Ledger ledger = new Ledger();
        List<TraceSink> sinks = new ArrayList<>(List.of(hash, ledger));
        sinks.addAll(context.sinks());
        Bench bench = new Bench(new Simulation(context.seed(), Trace.to(sinks)), settings, byteCount);
        bench.run(done -> context.progress().at(done, bench.operationCount()));
        return new BenchReport(bench, hash, ledger).result(runName);
    }
}
