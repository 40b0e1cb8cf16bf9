package flyby.validate.bench;

import flyby.machine.Bench;
import flyby.machine.BenchCatalogue;
import flyby.machine.ServerCatalogue;
import flyby.params.Given;
import flyby.params.Settings;
import flyby.sim.Simulation;
import flyby.trace.Trace;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/// Runs of pcie-bench on the shipped hosts. A run that several rows want is made once.
public final class BenchRuns {
    private final Map<String, BenchFigures> made = new TreeMap<>();

    /// None made yet.
    public BenchRuns() {}

    /// Operations of `byteCount` bytes on `host`, a profile, with `sets` as after `--set`.
    public BenchFigures of(String host, int byteCount, String... sets) {
        List<String> all = new ArrayList<>(List.of("machine.profile=" + host));
        all.addAll(List.of(sets));
        return made.computeIfAbsent(byteCount + " " + String.join(" ", all), _ -> run(byteCount, all));
    }

    private static BenchFigures run(int byteCount, List<String> sets) {
        Settings settings = Settings.resolve(
                BenchCatalogue.PARAMETERS, ServerCatalogue.profiles(), List.of(), Given.fromCommandLine(sets));
        Bench bench = new Bench(new Simulation(1, Trace.off()), settings, byteCount);
        bench.run(_ -> {});
        return BenchFigures.of(bench);
    }
}
