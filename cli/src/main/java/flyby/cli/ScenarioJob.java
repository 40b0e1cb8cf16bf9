package flyby.cli;

import flyby.check.Finding;
import flyby.record.RecordingSink;
import flyby.study.PlannedFaults;
import flyby.study.Progress;
import flyby.study.RunResult;
import flyby.study.Scenario;
import flyby.study.ScenarioLibrary;
import flyby.study.ScenarioResult;
import flyby.study.ScenarioRunner;
import flyby.topology.MachineDescription;
import flyby.trace.TraceSink;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/// Runs one scenario for a command: progress, output files, what is printed, exit status.
final class ScenarioJob {
    private final Application application;
    private final RunOptions options;

    ScenarioJob(Application application, RunOptions options) {
        this.application = application;
        this.options = options;
    }

    /// Runs the scenario, writes its files, prints its result.
    ///
    /// @param out the output folder, or nothing for none
    /// @return the exit status
    /// @throws flyby.base.LabException if something that the user gave cannot be used
    int run(String nameOrFile, String out, Set<OutputKind> kinds) {
        Scenario scenario = application.library().find(nameOrFile);
        ScenarioRunner.Overrides overrides = options.overrides();
        // All that can be refused is refused before a folder is made.
        scenario.settings(overrides.set());
        Optional<MachineDescription> machine = scenario.machine(overrides.set());
        List<String> atFault =
                overrides.faults().stream().map(PlannedFaults::device).toList();
        ScenarioRunner.checkDevices("--fault", atFault, scenario, machine);
        if (overrides.input().isEmpty()) {
            var _ = scenario.input().get();
        }
        try (RecordingFiles recordings = options.recordings()) {
            ScenarioRunner.checkDevices("--record", recordings.devices(), scenario, machine);
            return run(scenario, overrides, recordings, out, kinds);
        }
    }

    private int run(
            Scenario scenario,
            ScenarioRunner.Overrides overrides,
            RecordingFiles recordings,
            String out,
            Set<OutputKind> kinds) {
        ScenarioRunner runner = new ScenarioRunner(application.version());
        Terminal terminal = application.terminal();
        BreachReport breachReport = new BreachReport(application, scenario.name());
        ScenarioRunner.Outcome outcome;
        List<String> written = List.of();
        if (out.isEmpty()) {
            try (ProgressDisplay progress = ProgressDisplay.ofBytes(terminal)) {
                outcome = runner.run(scenario, overrides, new Watch(progress, recordings, breachReport, null));
            }
        } else {
            try (OutputFolder folder = OutputFolder.open(ScenarioLibrary.path(out), out, application.farewell())) {
                Outputs outputs = new Outputs(folder, scenario.name(), kinds, options.commandLine());
                try (ProgressDisplay progress = ProgressDisplay.ofBytes(terminal)) {
                    outcome = runner.run(scenario, overrides, new Watch(progress, recordings, breachReport, outputs));
                }
                outputs.finish(outcome.result(), scenario.experiment().notModelled());
                written = folder.commit();
            }
        }
        print(outcome, written);
        outcome.result().runs().stream()
                .filter(each -> !each.breaches().isEmpty())
                .forEach(each -> breachReport.print(each.name(), "", each.breaches()));
        return outcome.asExpected() ? Application.AS_EXPECTED : Application.NOT_AS_EXPECTED;
    }

    private void print(ScenarioRunner.Outcome outcome, List<String> written) {
        Terminal terminal = application.terminal();
        if (options.json()) {
            Outputs.json(outcome.result(), terminal.out());
        } else {
            terminal.out().print(Outputs.table(outcome.result(), terminal.colour()));
            if (options.explain()) {
                terminal.out().print(explanation(outcome.result()));
            }
            if (!written.isEmpty()) {
                terminal.out().println();
                terminal.out().println("Wrote " + String.join(", ", written));
            }
        }
        terminal.out().flush();
        outcome.failures().forEach(failure -> terminal.complain(outcome.result().scenario() + ": " + failure));
    }

    private static String explanation(ScenarioResult result) {
        StringBuilder text = new StringBuilder("\nwhat the 8237As say at the end\n");
        for (RunResult run : result.runs()) {
            text.append("  ").append(run.name()).append('\n');
            List<String> sentences = run.explanation().isEmpty() ? List.of("this machine has none") : run.explanation();
            sentences.forEach(sentence -> text.append("    ").append(sentence).append('\n'));
        }
        return text.toString();
    }

    /// Passes on what happens to the progress display and to the outputs.
    private record Watch(
            ProgressDisplay display,
            RecordingFiles recordings,
            BreachReport breachReport,
            @Nullable Outputs outputs) implements ScenarioRunner.Watcher {
        @Override
        public void planned(Scenario scenario, List<String> runNames) {
            display.planned(runNames);
            recordings.planned(runNames);
        }

        @Override
        public Optional<RecordingSink> recording(String runName, String device) {
            return recordings.sink(runName, device);
        }

        @Override
        public List<TraceSink> sinks(String runName) {
            return outputs == null ? List.of() : outputs.openSinks(runName);
        }

        @Override
        public Progress progress(String runName) {
            return display.of(runName);
        }

        @Override
        public void failed(String runName, String why, List<Finding> breaches) {
            display.finished();
            if (!breaches.isEmpty()) {
                breachReport.print(runName, why, breaches);
            }
        }

        @Override
        public void finished(RunResult result) {
            display.finished();
            if (outputs != null) {
                outputs.closeSinks(result);
            }
        }
    }
}
