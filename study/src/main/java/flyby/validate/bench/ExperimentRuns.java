package flyby.validate.bench;

import flyby.base.Check;
import flyby.machine.MachineLibrary;
import flyby.params.Given;
import flyby.params.Settings;
import flyby.study.Experiment;
import flyby.study.Input;
import flyby.study.Progress;
import flyby.study.RunContext;
import flyby.study.RunResult;
import flyby.study.Series;
import flyby.topology.MachineDescription;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;

/// Runs of an experiment that shows curves. A run that several rows want is made once.
public final class ExperimentRuns {
    private final Experiment experiment;
    private final List<String> common;
    private final Map<String, RunResult> made = new TreeMap<>();

    /// @param common settings of all runs, as after `--set`
    public ExperimentRuns(Experiment experiment, String... common) {
        this.experiment = experiment;
        this.common = List.of(common);
    }

    /// The y of run `run` at `x` of the curve `key`.
    ///
    /// @param sets further settings
    public double at(String run, String key, double x, String... sets) {
        return of(run, sets).series().stream()
                .filter(series -> series.key().equals(key))
                .flatMap(series -> series.points().stream())
                .filter(point -> point.x() == x)
                .mapToDouble(Series.Point::y)
                .findFirst()
                .orElseThrow(() -> Check.bug("%s has no point %s at %s", run, key, x));
    }

    /// The run called `run`, all of whose bytes have arrived.
    public RunResult of(String run, String... sets) {
        List<String> all = new ArrayList<>(common);
        all.addAll(List.of(sets));
        RunResult result = made.computeIfAbsent(run + " " + String.join(" ", all), _ -> run(run, all));
        Check.that(result.ok(), "run %s of %s: bytes differ", run, experiment.kind());
        return result;
    }

    private RunResult run(String name, List<String> sets) {
        List<Given> settings = new ArrayList<>();
        List<Given> machine = new ArrayList<>();
        for (Given given : Given.fromCommandLine(sets)) {
            if (given.path().startsWith(MachineLibrary.PREFIX)) {
                machine.add(new Given(
                        given.path().substring(MachineLibrary.PREFIX.length()), given.text(), given.origin()));
            } else {
                settings.add(given);
            }
        }
        Optional<MachineDescription> description =
                experiment.machine().map(standard -> MachineLibrary.modern(standard, machine));
        return experiment.run(
                name,
                new RunContext(
                        Settings.resolve(experiment.parameters(), experiment.profiles(), List.of(), settings),
                        description,
                        1,
                        Input.none(),
                        List.of(),
                        Progress.silent()));
    }
}
