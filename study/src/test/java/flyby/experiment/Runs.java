package flyby.experiment;

import flyby.params.Given;
import flyby.study.Input;
import flyby.study.RunResult;
import flyby.study.ScenarioLibrary;
import flyby.study.ScenarioResult;
import flyby.study.ScenarioRunner;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.SplittableRandom;

/// Runs shipped scenarios on inputs of the tests' own.
final class Runs {
    private Runs() {}

    /// @param settings `path=value` each, as after `--set`
    static ScenarioResult run(String scenario, byte[] input, String... settings) {
        return watched(new ScenarioRunner.Watcher() {}, scenario, input, settings);
    }

    static ScenarioResult watched(ScenarioRunner.Watcher watcher, String scenario, byte[] input, String... settings) {
        List<Given> given = Given.fromCommandLine(List.of(settings));
        var overrides =
                new ScenarioRunner.Overrides(given, OptionalLong.empty(), Optional.of(Input.bytes("test", input)));
        return new ScenarioRunner("test")
                .run(ScenarioLibrary.shipped(Experiments.shipped()).find(scenario), overrides, watcher)
                .result();
    }

    static byte[] bytes(int count) {
        byte[] bytes = new byte[count];
        new SplittableRandom(count).nextBytes(bytes);
        return bytes;
    }

    static RunResult named(ScenarioResult result, String run) {
        return result.runs().stream()
                .filter(each -> each.name().equals(run))
                .findFirst()
                .orElseThrow();
    }

    static double figure(RunResult run, String key) {
        return run.figures().stream()
                .filter(each -> each.key().equals(key))
                .findFirst()
                .orElseThrow()
                .value()
                .doubleValue();
    }
}
