package flyby.zoo;

import static org.assertj.core.api.Assertions.assertThat;

import flyby.check.Finding;
import flyby.trial.HostileMachine;
import flyby.trial.HostileMachines;
import flyby.trial.Trial;
import flyby.trial.Verdict;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Supplier;
import java.util.stream.Stream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/// Every specimen on every machine: what is wrong is found, where it is wrong, and what is right is left alone.
final class ZooTest {
    /// How many seeds each specimen is run with on each machine: `-Dflyby.zoo.seeds=1000` is the long form.
    private static final long SEEDS = Long.getLong("flyby.zoo.seeds", 3);

    /// Only specimens whose id begins with this.
    private static final String ONLY = System.getProperty("flyby.zoo.only", "");

    static Stream<Supplier<Specimen>> specimens() {
        return Zoo.specimens().stream().filter(maker -> maker.get().label().id().startsWith(ONLY));
    }

    private static List<HostileMachine> machines() {
        return List.of(HostileMachines.PLAIN);
    }

    @ParameterizedTest
    @MethodSource("specimens")
    void theBugIsFoundWhereItIs(Supplier<Specimen> maker) {
        Specimen one = maker.get();
        List<String> others = new ArrayList<>();
        boolean isFound = false;
        for (HostileMachine machine : machines()) {
            for (long seed = 1; seed <= SEEDS; seed++) {
                Verdict verdict = Trial.run(Zoo.buggy(maker.get()), machine, seed);
                for (Finding finding : verdict.findings()) {
                    isFound |= isRight(one, finding);
                    others.add(machine.name() + ": " + finding.rule().number() + " " + finding.what() + " at "
                            + finding.site());
                }
            }
        }
        assertThat(isFound)
                .as("%s, of which was said: %s", one.label().id(), String.join("\n", others))
                .isTrue();
    }

    private static boolean isRight(Specimen specimen, Finding finding) {
        return specimen.label().rules().contains(finding.rule())
                && Zoo.bugLines(specimen).stream().anyMatch(line -> finding.names(Zoo.file(specimen), line));
    }

    @ParameterizedTest
    @MethodSource("specimens")
    void thereIsNothingToSayOfTheOther(Supplier<Specimen> maker) {
        for (HostileMachine machine : machines()) {
            for (long seed = 1; seed <= SEEDS; seed++) {
                Verdict verdict = Trial.run(Zoo.fixed(maker.get()), machine, seed);
                assertThat(verdict.findings())
                        .as("%s fixed on %s, seed %d", maker.get().label().id(), machine.name(), seed)
                        .isEmpty();
                assertThat(verdict.ending())
                        .as("%s fixed on %s, seed %d", maker.get().label().id(), machine.name(), seed)
                        .isEqualTo(Verdict.Ending.RETURNED);
            }
        }
    }
}
