package flyby.study;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/// What a scenario says will come out.
public sealed interface Expectation {
    /// Why `result` is not as expected, in one line; empty if it is.
    Optional<String> failure(ScenarioResult result);

    /// Every run is as it should be (or, if not `ok`, at least one is not).
    record Ok(boolean ok) implements Expectation {
        @Override
        public Optional<String> failure(ScenarioResult result) {
            if (result.ok() == ok) {
                return Optional.empty();
            }
            List<String> bad = result.runs().stream()
                    .filter(run -> !run.ok())
                    .map(RunResult::name)
                    .toList();
            return Optional.of(
                    ok
                            ? "not as expected: " + String.join(", ", bad)
                            : "expected a failure, but every run is as it should be");
        }
    }

    /// The runs named, as far as they were made, take ever longer in simulated time.
    record Faster(List<String> runs) implements Expectation {
        public Faster {
            runs = List.copyOf(runs);
        }

        @Override
        public Optional<String> failure(ScenarioResult result) {
            List<RunResult> made = new ArrayList<>();
            for (String name : runs) {
                result.runs().stream().filter(run -> run.name().equals(name)).forEach(made::add);
            }
            for (int i = 1; i < made.size(); i++) {
                RunResult fast = made.get(i - 1);
                RunResult slow = made.get(i);
                if (fast.elapsedPicos() >= slow.elapsedPicos()) {
                    return Optional.of("expected " + fast.name() + " to be faster than " + slow.name()
                            + ", but it took " + fast.elapsedPicos() + " ps against " + slow.elapsedPicos() + " ps");
                }
            }
            return Optional.empty();
        }
    }
}
