package flyby.proved;

import static org.assertj.core.api.Assertions.assertThat;

import flyby.subjects.CopySubject;
import flyby.trial.HostileMachine;
import flyby.trial.HostileMachines;
import flyby.trial.Trial;
import flyby.trial.Verdict;
import flyby.trial.Verdict.Ending;
import java.util.stream.Stream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/// Each machine does what it says to drivers that are wrong, and nothing to those that are right.
final class HostileMachinesTest {
    static Stream<HostileMachine> all() {
        return HostileMachines.all().stream();
    }

    @ParameterizedTest
    @MethodSource("all")
    void aDriverThatIsRightIsClean(HostileMachine machine) {
        for (int seed = 0; seed < 20; seed++) {
            Verdict verdict = Trial.run(new CopySubject(), machine, seed);
            assertThat(verdict.findings())
                    .as("%s, seed %d", machine.name(), seed)
                    .isEmpty();
            assertThat(verdict.ending()).isEqualTo(Ending.RETURNED);
        }
    }
}
