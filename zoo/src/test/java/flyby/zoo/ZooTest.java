package flyby.zoo;

import static org.assertj.core.api.Assertions.assertThat;

import flyby.check.Finding;
import flyby.trial.HostileMachine;
import flyby.trial.HostileMachines;
import flyby.trial.Subject;
import flyby.trial.Trial;
import flyby.trial.Verdict;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.Supplier;
import java.util.stream.LongStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/// All that the zoo keeps, on all machines: what is wrong is found, where it is wrong, and what is right is left alone.
///
/// `-Dflyby.zoo.only=E` runs those alone whose id begins so.
final class ZooTest {
    /// How many seeds each is run with on each machine: `-Dflyby.zoo.seeds=1000` is the long form.
    private static final long SEEDS = Long.getLong("flyby.zoo.seeds", 2);

    /// How many seeds a bug is looked for with: a seed is a schedule, and few of them let a store be late enough.
    private static final long TRIES = Math.max(SEEDS, 200);

    /// How what is said of a bug begins if it is this one.
    private static final String RIGHT = "right: ";

    private static final String ONLY = System.getProperty("flyby.zoo.only", "");

    /// One of those to be tried, with a name for reports.
    record Kept<T>(String name, Supplier<T> maker) {
        @Override
        public String toString() {
            return name;
        }
    }

    static Stream<Kept<Specimen>> specimens() {
        return Zoo.specimens().stream()
                .map(maker -> new Kept<>(maker.get().label().id(), maker))
                .filter(kept -> kept.name().startsWith(ONLY));
    }

    static Stream<Kept<Lookalike>> lookalikes() {
        return Zoo.lookalikes().stream()
                .map(maker -> new Kept<>("L" + maker.get().number(), maker))
                .filter(kept -> kept.name().startsWith(ONLY));
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("specimens")
    void theBugIsFoundWhereItIs(Kept<Specimen> kept) {
        Specimen specimen = kept.maker().get();
        Set<String> said = new TreeSet<>();
        for (long seed = 1; seed <= TRIES && said.stream().noneMatch(each -> each.startsWith(RIGHT)); seed++) {
            said.addAll(saidWith(kept, specimen, seed));
        }
        assertThat(said)
                .as("what is found of %s on %s", kept, specimen.label().machines())
                .anyMatch(each -> each.startsWith(RIGHT));
    }

    private static List<String> saidWith(Kept<Specimen> kept, Specimen specimen, long seed) {
        return machines(specimen).parallelStream()
                .map(machine -> run(Zoo.buggy(kept.maker().get()), machine, seed))
                .flatMap(verdict -> verdict.findings().stream().map(each -> said(specimen, verdict, each)))
                .toList();
    }

    private static List<HostileMachine> machines(Specimen specimen) {
        return specimen.label().machines().stream().map(HostileMachines::named).toList();
    }

    private static Verdict run(Subject subject, HostileMachine machine, long seed) {
        return Trial.run(subject, machine, seed);
    }

    private static String said(Specimen specimen, Verdict verdict, Finding finding) {
        boolean isRule = specimen.label().rules().contains(finding.rule());
        boolean isLine = Zoo.bugLines(specimen).stream().anyMatch(line -> finding.names(Zoo.file(specimen), line));
        return String.format(
                Locale.ROOT,
                "%s%s, %s %s at %s",
                isRule && isLine ? RIGHT : isLine ? "another rule: " : isRule ? "elsewhere: " : "something else: ",
                verdict.machine(),
                finding.rule().number(),
                finding.what(),
                finding.site());
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("specimens")
    void ofTheTwinNothingIsSaid(Kept<Specimen> kept) {
        assertThat(complaints(() -> Zoo.fixed(kept.maker().get()))).isEmpty();
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("lookalikes")
    void ofALookalikeNothingIsSaid(Kept<Lookalike> kept) {
        assertThat(complaints(() -> Zoo.subject(kept.maker().get()))).isEmpty();
    }

    private static List<String> complaints(Supplier<Subject> maker) {
        return HostileMachines.all().parallelStream()
                .flatMap(machine -> LongStream.rangeClosed(1, SEEDS).mapToObj(seed -> run(maker.get(), machine, seed)))
                .filter(verdict -> !verdict.isClean() || verdict.ending() != Verdict.Ending.RETURNED)
                .map(verdict -> verdict.subject() + " on " + verdict.machine() + ", seed " + verdict.seed() + ": "
                        + verdict.ending() + ", " + verdict.findings())
                .toList();
    }

    /// The catalogue's, whose numbers have gaps.
    @Test
    void everyPatternIsThere() {
        assertThat(Zoo.specimens().stream().map(maker -> maker.get().label().id()))
                .containsExactly("""
                        A1 A2 A3 A4 A6 A7 A8 A9 A11 B1 B2 B3 B4 B5 B7 B9 B10 C1 C3 C4 C6 C7 C9 C11 D1 D2 D3 D5 D6 D7 \
                        D8 D10 D11 E1 E2 E3 E5 E8 F1 F2 F3 F4 F5 F6 F8 F10 G1 G2 G4 G6 H1 H2 H3 H4 H5 H8 I1 I2 I3 I4 \
                        I5 J1 J2 J3 J6 K1 K2 K5 K6""".split(" ", -1));
        assertThat(Zoo.lookalikes().stream().map(maker -> maker.get().number()))
                .containsExactly(LongStream.rangeClosed(1, 16)
                        .mapToObj(number -> (int) number)
                        .toArray(Integer[]::new));
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("specimens")
    void itsLabelIsWholeAndItsBugIsMarked(Kept<Specimen> kept) {
        Specimen specimen = kept.maker().get();
        Specimen.Label label = specimen.label();
        assertThat(specimen.getClass().getSimpleName()).startsWith(label.id());
        assertThat(label.title()).isNotBlank();
        assertThat(label.real()).isNotBlank();
        assertThat(label.rules()).isNotEmpty();
        assertThat(label.machines()).isNotEmpty();
        assertThat(Zoo.bugLines(specimen)).isNotEmpty();
        assertThat(new TreeSet<>(label.machines())).hasSameSizeAs(label.machines());
        machines(specimen);
    }
}
