package flyby.proved;

import static org.assertj.core.api.Assertions.assertThat;

import flyby.subjects.Subjects;
import flyby.trial.HostileMachine;
import flyby.trial.HostileMachines;
import flyby.trial.Trial;
import flyby.trial.Verdict;
import flyby.trial.Verdict.Ending;
import java.util.stream.Stream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/// The drivers that ship with Flyby are clean on every machine.
final class SubjectsTest {
    private static final long SEEDS = Long.getLong("flyby.seeds", 2);

    static Stream<Subjects.Entry> all() {
        return Subjects.all().stream();
    }

    @ParameterizedTest
    @MethodSource("all")
    void isCleanOnEveryMachine(Subjects.Entry entry) {
        for (HostileMachine machine : HostileMachines.all()) {
            for (long seed = 0; seed < SEEDS; seed++) {
                Verdict verdict = Trial.run(entry.maker().get(), machine, seed);
                assertThat(verdict.findings())
                        .as("%s, seed %d", machine.name(), seed)
                        .isEmpty();
                assertThat(verdict.ending()).isEqualTo(Ending.RETURNED);
            }
        }
    }
}
