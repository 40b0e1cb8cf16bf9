package flyby.study;

import flyby.base.Check;
import flyby.base.LabException;
import flyby.check.Policy;
import flyby.params.Given;
import flyby.params.Settings;
import flyby.record.RecordingSink;
import flyby.topology.MachineDescription;
import flyby.topology.MachineSketch;
import flyby.topology.Part;
import flyby.topology.PartKind;
import flyby.topology.Seams;
import flyby.trace.TraceSink;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;

/// Makes the runs of a scenario, one after the other.
public final class ScenarioRunner {
    /// What the user wants otherwise than the scenario says.
    ///
    /// @param set values of parameters
    /// @param seed of all randomness
    /// @param input what to move
    /// @param faults that are made at devices of a machine with PCI Express
    /// @param checks whether a checker looks on
    public record Overrides(
            List<Given> set, OptionalLong seed, Optional<Input> input, List<PlannedFaults> faults, boolean checks) {
        public Overrides {
            set = List.copyOf(set);
            faults = List.copyOf(faults);
        }

        /// Without faults, and unchecked.
        public Overrides(List<Given> set, OptionalLong seed, Optional<Input> input) {
            this(set, seed, input, List.of(), false);
        }

        /// All as the scenario says.
        public static Overrides none() {
            return new Overrides(List.of(), OptionalLong.empty(), Optional.empty());
        }
    }

    /// Who watches the runs. Does nothing unless overridden.
    public interface Watcher {
        /// Everything is known and checked; these runs will be made.
        default void planned(Scenario scenario, List<String> runNames) {}

        /// Who listens to the trace of the run that comes next, beside the experiment itself.
        default List<TraceSink> sinks(String runName) {
            return List.of();
        }

        /// Whom to tell how far that run is.
        default Progress progress(String runName) {
            return Progress.silent();
        }

        /// Where the device called `device` of that run is to be recorded, if it is.
        default Optional<RecordingSink> recording(String runName, String device) {
            return Optional.empty();
        }

        /// That run is over.
        default void finished(RunResult result) {}

        /// That run has failed, before which a checker has found this.
        default void failed(String runName, String why, List<flyby.check.Finding> breaches) {}
    }

    /// What came out.
    ///
    /// @param failures why it is not as the scenario expects, one line each; empty if it is
    public record Outcome(ScenarioResult result, List<String> failures) {
        public Outcome {
            failures = List.copyOf(failures);
        }

        /// Whether all is as the scenario expects.
        public boolean asExpected() {
            return failures.isEmpty();
        }
    }

    private final String version;

    /// A runner whose results say that they are of this `version` of Flyby.
    public ScenarioRunner(String version) {
        this.version = version;
    }

    /// Refuses devices of `wanted` that the scenario's machine does not have.
    ///
    /// @param option that names them
    /// @throws LabException if there is one
    public static void checkDevices(
            String option, List<String> wanted, Scenario scenario, Optional<MachineDescription> machine) {
        List<String> known = machine.stream()
                .flatMap(each -> each.all(PartKind.FUNCTION).stream())
                .map(Part::name)
                .toList();
        for (String each : wanted) {
            if (!known.contains(each)) {
                throw new LabException(
                        LabException.Kind.BAD_INPUT,
                        option,
                        "\"" + each + "\"",
                        known.isEmpty()
                                ? "a scenario on a machine with PCI Express, which " + scenario.name() + " is not"
                                : "a device of this machine: " + String.join(", ", known));
            }
        }
    }

    /// Makes all runs of `scenario`.
    ///
    /// @throws flyby.base.LabException if a parameter or the input cannot be used; then no run was made
    public Outcome run(Scenario scenario, Overrides overrides, Watcher watcher) {
        Settings settings = scenario.settings(overrides.set());
        Optional<MachineDescription> machine = scenario.machine(overrides.set());
        checkDevices(
                "--fault",
                overrides.faults().stream().map(PlannedFaults::device).toList(),
                scenario,
                machine);
        long seed = overrides.seed().orElse(scenario.seed());
        Input input = overrides.input().orElseGet(scenario.input());
        List<String> names = scenario.experiment().runNames(settings);
        watcher.planned(scenario, names);
        List<RunResult> runs = new ArrayList<>();
        for (String name : names) {
            List<TraceSink> sinks = watcher.sinks(name);
            RunSeams seams = new RunSeams(
                    overrides.faults(), device -> watcher.recording(name, device), policy(overrides, machine));
            RunContext context = new RunContext(
                    settings,
                    machine.map(each -> each.with(seams)),
                    seed,
                    input,
                    sinks,
                    overrides.checks() ? seams : Seams.DIRECT,
                    watcher.progress(name));
            RunResult run = seams.told(run(scenario, name, context, seams, watcher));
            runs.add(run);
            watcher.finished(run);
        }
        ScenarioResult result = new ScenarioResult(
                version,
                scenario.name(),
                scenario.title(),
                scenario.about(),
                input.name(),
                seed,
                parameters(settings, machine),
                runs,
                scenario.experiment().conclusions(List.copyOf(runs)),
                machine.map(MachineSketch::of));
        List<String> failures = new ArrayList<>(scenario.expectations().stream()
                .flatMap(expectation -> expectation.failure(result).stream())
                .toList());
        for (RunResult run : runs) {
            if (!run.breaches().isEmpty()) {
                failures.add("run %s: the checker has found %d"
                        .formatted(run.name(), run.breaches().size()));
            }
        }
        return new Outcome(result, failures);
    }

    private static Optional<Policy> policy(Overrides overrides, Optional<MachineDescription> machine) {
        boolean hasWires = machine.map(each -> each.machine().settings().choice("interrupts.by"))
                .orElse("")
                .equals("wire");
        return overrides.checks()
                ? Optional.of(hasWires ? Policy.TRUSTING.wired() : Policy.TRUSTING)
                : Optional.empty();
    }

    private static RunResult run(Scenario scenario, String name, RunContext context, RunSeams seams, Watcher watcher) {
        try (seams) {
            RunResult run = scenario.experiment().run(name, context);
            Check.that(run.name().equals(name), "asked for run %s, got %s", name, run.name());
            return run;
        } catch (LabException problem) {
            watcher.failed(name, String.valueOf(problem.getMessage()), seams.breaches(false));
            if (problem.kind() != LabException.Kind.STUCK || seams.summary().isEmpty()) {
                throw problem;
            }
            throw new LabException(problem.kind(), problem.getMessage() + "; faults injected: " + seams.summary());
        } catch (RuntimeException | Error fault) {
            watcher.failed(name, fault.toString(), seams.breaches(false));
            throw fault;
        }
    }

    private static List<ScenarioResult.ParameterValue> parameters(
            Settings settings, Optional<MachineDescription> machine) {
        List<ScenarioResult.ParameterValue> values = new ArrayList<>();
        settings.all().forEach(each -> values.add(value(each.parameter().path(), each)));
        machine.ifPresent(present -> present.parameters().forEach((path, each) -> values.add(value(path, each))));
        return values;
    }

    private static ScenarioResult.ParameterValue value(String path, Settings.Resolved resolved) {
        return new ScenarioResult.ParameterValue(
                path,
                resolved.text(),
                resolved.origin().label(),
                resolved.source().text(),
                resolved.parameter().help());
    }
}
