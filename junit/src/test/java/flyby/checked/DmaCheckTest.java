package flyby.checked;

import static org.assertj.core.api.Assertions.assertThat;

import flyby.base.LabException;
import flyby.check.Rule;
import flyby.explore.Explorer.Strategy;
import flyby.junit.DmaCheck;
import flyby.junit.Plugged;
import flyby.topology.Card;
import flyby.trial.Bench;
import flyby.trial.HostileMachine;
import flyby.trial.HostileMachines;
import flyby.trial.Scene;
import flyby.trial.Subject;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInfo;
import org.junit.jupiter.api.TestInstance;
import org.junit.platform.testkit.engine.EngineExecutionResults;
import org.opentest4j.AssertionFailedError;

/// What JUnit says of drivers that are right, and of those that are not.
final class DmaCheckTest {
    private static final Pattern SCHEDULE = Pattern.compile("-Dflyby\\.schedule=(\\S+)");

    // A driver that is right.

    static final class Right {
        @Plugged
        Card card() {
            return Echo.card();
        }

        @DmaCheck(seeds = 3)
        void echoes(Bench bench) {
            new EchoDriver(bench).echo(true);
        }
    }

    @Test
    void aDriverThatIsRightPassesOnEachMachine() {
        EngineExecutionResults results = Kit.run(Right.class);
        assertThat(Kit.failures(results)).isEmpty();
        assertThat(Kit.names(results))
                .isEqualTo(
                        HostileMachines.all().stream().map(HostileMachine::name).toList());
    }

    // A driver that is wrong.

    static final class Wrong {
        @Plugged
        static List<Card> cards(Scene scene) {
            assertThat(scene.machine()).isNotEmpty();
            return List.of(Echo.card());
        }

        @DmaCheck(machines = {"non-coherent", "big-endian"})
        void looksTooEarly(Bench bench) {
            new EchoDriver(bench).echo(false);
        }
    }

    @Test
    void aDriverThatIsWrongFailsWithTheReportAndTheCommandThatRepeatsIt() {
        EngineExecutionResults results = Kit.run(Wrong.class);
        assertThat(Kit.names(results)).containsExactly("non-coherent", "big-endian");
        Throwable first = Kit.failures(results).getFirst();
        assertThat(first).isInstanceOf(AssertionFailedError.class);
        assertThat(first.getMessage())
                .startsWith("DmaCheckTest$Wrong#looksTooEarly on non-coherent: run 1 of 20 breaks a rule")
                .contains("R41")
                .contains("EchoDriver.echo")
                .contains("bench.expect(bench.cpu().load64(lines + Echo.BYTES)")
                .contains("again: mvn test '-Dtest=DmaCheckTest$Wrong#looksTooEarly' -Dflyby.machine=non-coherent "
                        + "-Dflyby.schedule=");
        assertThat(first.getStackTrace()[0].getClassName()).isEqualTo(EchoDriver.class.getName());
        assertThat(first.getStackTrace()[0].getFileName()).isEqualTo("EchoDriver.java");
    }

    @Test
    void theCommandRepeatsTheRun() {
        String said = Kit.messages(Kit.run(Wrong.class)).getFirst();
        Matcher schedule = SCHEDULE.matcher(said);
        assertThat(schedule.find()).isTrue();
        EngineExecutionResults again =
                Kit.run(Wrong.class, Map.of("flyby.machine", "non-coherent", "flyby.schedule", schedule.group(1)));
        assertThat(Kit.names(again)).containsExactly("non-coherent");
        assertThat(report(Kit.messages(again).getFirst())).isEqualTo(report(said));
    }

    private static String report(String message) {
        return message.substring(message.indexOf('\n'));
    }

    // What depends on the schedule.

    static final class Hasty {
        @Plugged
        Card card() {
            return Echo.card();
        }

        @DmaCheck(machines = "plain", seeds = 1)
        void isLucky(Bench bench) {
            new EchoDriver(bench).echoHastily();
        }

        @DmaCheck(machines = "plain", seeds = 200)
        void isNot(Bench bench) {
            new EchoDriver(bench).echoHastily();
        }
    }

    @Test
    void aScheduleIsFoundMadeSmallAndRepeated() {
        List<String> messages = Kit.messages(Kit.run(Hasty.class));
        assertThat(messages).hasSize(1);
        String said = messages.getFirst();
        assertThat(said).contains("isNot on plain: run ").contains("EchoDriver.echo");
        Matcher schedule = SCHEDULE.matcher(said);
        assertThat(schedule.find()).isTrue();
        assertThat(schedule.group(1)).matches("[dw]\\d+:3");

        List<String> again = Kit.messages(Kit.run(Hasty.class, Map.of("flyby.schedule", schedule.group(1))));
        assertThat(again).hasSize(2).anyMatch(each -> report(each).equals(report(said)));
    }

    /// Its counter is of no driver's business: it only tells the test what happened.
    static final class Counted {
        private static final List<String> RUNS = new ArrayList<>();
        private int runs;

        @Plugged
        Card card() {
            return Echo.card();
        }

        @DmaCheck(
                machines = {"weak-order", "bounce"},
                seeds = 7,
                firstSeed = 100)
        void runs(TestInfo info, Bench bench) {
            runs++;
            RUNS.add(info.getDisplayName() + " " + bench.scene().machine() + " " + runs);
        }
    }

    @Test
    void thereAreAsManyRunsAsSeedsEachOnAnObjectOfItsOwn() {
        Counted.RUNS.clear();
        assertThat(Kit.failures(Kit.run(Counted.class))).isEmpty();
        assertThat(Counted.RUNS).hasSize(14);
        assertThat(Counted.RUNS.subList(0, 7)).containsOnly("weak-order weak-order 1");
        assertThat(Counted.RUNS.subList(7, 14)).containsOnly("bounce bounce 1");
    }

    @Test
    void parametersChangeWhatIsRun() {
        Counted.RUNS.clear();
        Kit.run(Counted.class, Map.of("flyby.seeds", "2", "flyby.machine", "timing, coherent,bounce"));
        assertThat(Counted.RUNS)
                .containsExactly(
                        "timing timing 1",
                        "timing timing 1",
                        "coherent coherent 1",
                        "coherent coherent 1",
                        "bounce bounce 1",
                        "bounce bounce 1");
    }

    @TestInstance(TestInstance.Lifecycle.PER_CLASS)
    static final class Shared {
        private int runs;

        @Plugged
        Card card() {
            return Echo.card();
        }

        @DmaCheck(machines = "timing", seeds = 4)
        void counts(Bench bench) {
            runs++;
            bench.expect(runs < 4, "this is not run " + runs);
        }
    }

    /// The fourth run fails, and the one that repeats it fails too, though neither says why.
    @Test
    void anObjectOfTheClassIsSharedIfItSaysSo() {
        assertThat(Kit.messages(Kit.run(Shared.class)).getFirst())
                .contains("run 4 of 4")
                .contains("P6");
    }

    // Around each other.

    static final class Outer {
        @Plugged
        Card card() {
            return Echo.card();
        }

        @Nested
        final class Inner {
            @DmaCheck(machines = "bounce", seeds = 2, strategy = Strategy.PCT)
            void echoes(Bench bench) {
                new EchoDriver(bench).echo(true);
            }
        }
    }

    @Test
    void aNestedClassHasTheCardsOfTheOneAroundIt() {
        EngineExecutionResults results = Kit.run(Outer.Inner.class);
        assertThat(Kit.failures(results)).isEmpty();
        assertThat(Kit.names(results)).containsExactly("bounce");
    }

    // What is expected.

    static final class Expected {
        @Plugged
        Card card() {
            return Echo.card();
        }

        @DmaCheck(
                machines = {"non-coherent", "bounce"},
                seeds = 2,
                expected = Rule.R41)
        void looksTooEarly(Bench bench) {
            new EchoDriver(bench).echo(false);
        }

        @DmaCheck(machines = "bounce", seeds = 2, expected = Rule.R41)
        void isRight(Bench bench) {
            new EchoDriver(bench).echo(true);
        }

        @DmaCheck(machines = "bounce", seeds = 2, expected = Rule.R86)
        void breaksAnother(Bench bench) {
            new EchoDriver(bench).echo(false);
        }
    }

    @Test
    void aDriverThatIsToBreakARuleMustBreakThatRule() {
        List<String> messages =
                Kit.messages(Kit.run(Expected.class)).stream().sorted().toList();
        assertThat(messages).hasSize(2);
        assertThat(messages.getFirst())
                .startsWith(
                        "DmaCheckTest$Expected#breaksAnother on bounce: another rule is broken than was expected, R86")
                .contains("R41");
        assertThat(messages.getLast())
                .isEqualTo("DmaCheckTest$Expected#isRight on bounce: 2 runs do not break R41, as was expected");
    }

    // Subjects.

    /// A driver with its cards.
    public static final class EchoSubject implements Subject {
        public EchoSubject() {}

        @Override
        public String name() {
            return "echo";
        }

        @Override
        public List<Card> cards(Scene scene) {
            return List.of(Echo.card());
        }

        @Override
        public void run(Bench bench) {
            new EchoDriver(bench).echo(false);
        }
    }

    static final class OfSubject {
        @DmaCheck(subject = EchoSubject.class, machines = "non-coherent")
        void echoes() {}
    }

    @Test
    void aSubjectIsRunInPlaceOfTheMethod() {
        assertThat(Kit.messages(Kit.run(OfSubject.class)).getFirst())
                .contains("R41")
                .contains("./flyby check --class-path target/test-classes flyby.checked.DmaCheckTest$EchoSubject "
                        + "--machine non-coherent --schedule ");
    }

    // What throws.

    static final class Throwing {
        @Plugged
        Card card() {
            return Echo.card();
        }

        @DmaCheck(machines = "timing", seeds = 1)
        void throwsIt(Bench bench) throws Exception {
            throw new Exception("no " + bench.pci());
        }

        @DmaCheck(machines = "timing", seeds = 1)
        void asserts(Bench bench) {
            assertThat(bench.pci().vectorCount()).isEqualTo(17);
        }
    }

    @Test
    void anExceptionIsAFindingAtTheLineOfTheTest() {
        List<Throwable> failures = Kit.failures(Kit.run(Throwing.class));
        assertThat(failures).hasSize(2).allSatisfy(each -> {
            assertThat(each.getMessage()).contains("P5");
            assertThat(each.getStackTrace()[0].getFileName()).isEqualTo("DmaCheckTest.java");
        });
        assertThat(failures).anySatisfy(each -> assertThat(each.getMessage()).contains("17"));
    }

    // What cannot be used.

    private static void refuses(Class<?> type, Map<String, String> parameters, String... words) {
        List<Throwable> failures = Kit.failures(Kit.run(type, parameters));
        assertThat(failures).hasSize(1);
        assertThat(failures.getFirst()).isInstanceOf(LabException.class);
        assertThat(failures.getFirst().getMessage()).contains(words);
    }

    static final class UnknownMachine {
        @Plugged
        Card card() {
            return Echo.card();
        }

        @DmaCheck(machines = "non-coherant")
        void echoes(Bench bench) {}
    }

    @Test
    void anUnknownMachineIsRefusedWithTheNearestName() {
        refuses(UnknownMachine.class, Map.of(), "non-coherant", "did you mean non-coherent?");
        refuses(Right.class, Map.of("flyby.machine", "bonce"), "bonce", "did you mean bounce?");
    }

    @Test
    void badParametersAreRefused() {
        refuses(Right.class, Map.of("flyby.seeds", "many"), "flyby.seeds", "\"many\"", "a number");
        refuses(Right.class, Map.of("flyby.seeds", "0"), "flyby.seeds", "found 0");
        refuses(Right.class, Map.of("flyby.schedule", "z9"), "a schedule", "z9");
    }

    static final class NoCards {
        @DmaCheck
        void echoes(Bench bench) {}
    }

    static final class NoBench {
        @Plugged
        Card card() {
            return Echo.card();
        }

        @DmaCheck
        void echoes() {}
    }

    static final class NoSeeds {
        @Plugged
        Card card() {
            return Echo.card();
        }

        @DmaCheck(seeds = 0)
        void echoes(Bench bench) {}
    }

    static final class OtherCards {
        @Plugged
        String card() {
            return "echo";
        }

        @DmaCheck
        void echoes(Bench bench) {}
    }

    @Test
    void testsThatCannotBeRunAreRefused() {
        refuses(NoCards.class, Map.of(), "NoCards", "found no cards", "@Plugged");
        refuses(NoBench.class, Map.of(), "NoBench#echoes", "no parameter for a Bench");
        refuses(NoSeeds.class, Map.of(), "NoSeeds#echoes seeds", "found 0");
        refuses(OtherCards.class, Map.of(), "OtherCards.card", "found String");
    }
}
