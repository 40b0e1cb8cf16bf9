package flyby.cli;

import flyby.study.RunResult;
import flyby.study.ScenarioResult;
import flyby.trace.TraceSink;
import java.util.List;
import java.util.Set;

/// What is made of a scenario's runs: files in a folder, text on the screen.
final class Outputs {
    private final OutputFolder folder;
    private final String scenario;
    private final Set<OutputKind> kinds;

    Outputs(OutputFolder folder, String scenario, Set<OutputKind> kinds) {
        this.folder = folder;
        this.scenario = scenario;
        this.kinds = kinds;
    }

    /// Who listens to the trace of the run that comes next.
    List<TraceSink> openSinks(String runName) {
        return List.of();
    }

    /// That run is over: nothing more comes for its sinks.
    void closeSinks(RunResult result) {}

    /// All runs are over: writes what needs their results.
    void finish(ScenarioResult result) {}

    /// The short table.
    static String table(ScenarioResult result, boolean colour) {
        return "";
    }

    /// The JSON document.
    static void json(ScenarioResult result, Appendable out) {}
}
