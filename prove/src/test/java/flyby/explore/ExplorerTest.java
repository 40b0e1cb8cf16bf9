package flyby.explore;

import static org.assertj.core.api.Assertions.assertThat;

import flyby.bus.Device;
import flyby.bus.DeviceHost;
import flyby.check.Finding;
import flyby.check.Rule;
import flyby.choice.Decisions.Point;
import flyby.explore.Explorer.Failure;
import flyby.explore.Explorer.Limits;
import flyby.explore.Explorer.Result;
import flyby.explore.Explorer.Strategy;
import flyby.explore.ScheduledSeams.Freedom;
import flyby.machine.KernelSetup;
import flyby.machine.PcieMachine;
import flyby.sim.Simulation;
import flyby.sim.Time;
import flyby.topology.Card;
import flyby.topology.Part;
import flyby.topology.Seams;
import flyby.trace.HashSink;
import flyby.trace.Trace;
import flyby.trial.HostileMachines;
import flyby.trial.Scene;
import flyby.trial.Trial;
import flyby.trial.Verdict;
import java.util.List;
import java.util.function.Function;
import java.util.function.UnaryOperator;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

/// A driver on a machine: failing schedules are found, made small, and repeated.
final class ExplorerTest {
    private static final int ROUNDS = 4;

    private static Verdict run(int tolerated, String schedule) {
        return Trial.run(new Stamps(tolerated, ROUNDS), HostileMachines.PLAIN, Schedule.of(schedule));
    }

    private static Result explore(int tolerated, int rounds, Limits limits) {
        return Explorer.explore(
                limits,
                schedule -> Trial.run(new Stamps(tolerated, rounds), HostileMachines.PLAIN, schedule)
                        .findings());
    }

    @Test
    void plainDecisionsChangeNothing() {
        Stamps stamps = new Stamps(0, ROUNDS);
        UnaryOperator<Seams> plain = inner ->
                new ScheduledSeams(inner, Schedule.of("plain"), Freedom.of(HostileMachines.PLAIN.description()));

        assertThat(hashWithoutTrial(stamps, plain)).isEqualTo(hashWithoutTrial(stamps, UnaryOperator.identity()));
    }

    /// Of all that happens when the driver runs on the machine with what `around` puts between its parts.
    private static String hashWithoutTrial(Stamps stamps, UnaryOperator<Seams> around) {
        Card card = stamps.cards(Scene.PLAIN).getFirst();
        Seams seams = new Seams() {
            @Override
            public Function<DeviceHost, Device> around(Part function, Function<DeviceHost, Device> maker) {
                return maker;
            }

            @Override
            public @Nullable Card card(Part function) {
                return function.name().equals("card0") ? card : null;
            }
        };
        HashSink hash = new HashSink();
        Simulation simulation = new Simulation(1, Trace.to(List.of(hash)));
        PcieMachine machine =
                new PcieMachine(simulation, HostileMachines.PLAIN.description().with(around.apply(seams)));
        int[] late = {-1};
        machine.cpu()
                .run(cpu -> late[0] = stamps.work(new KernelSetup(machine, cpu).pci(machine.device("card0")), cpu));
        simulation.runUntil(simulation.nowPicos() + Time.MILLISECOND);
        assertThat(late[0]).isZero();
        return hash.text();
    }

    @ParameterizedTest
    @ValueSource(strings = {"random:3", "random:4:4", "pct:5:3:200", "d1:3,p20:2,w3:1"})
    void equalSchedulesGiveEqualRuns(String text) {
        Schedule first = Schedule.of(text);
        Verdict one = Trial.run(new Stamps(4, ROUNDS), HostileMachines.PLAIN, first);
        Verdict replayed = run(4, Pick.text(first.picks()));

        assertThat(run(4, text).traceHash()).isEqualTo(one.traceHash());
        assertThat(replayed.traceHash()).isEqualTo(one.traceHash());
        assertThat(one.traceHash()).isNotEqualTo(run(4, "plain").traceHash());
    }

    @ParameterizedTest
    @EnumSource(Strategy.class)
    void aBugThatNeedsTwoDecisionsIsFoundAndShrunkToTwo(Strategy strategy) {
        int rounds = strategy == Strategy.EXHAUSTIVE ? 2 : ROUNDS;
        Result result = explore(1, rounds, new Limits(strategy, 0, 3_000, false, 500));

        assertThat(result.failures()).hasSize(1);
        Failure failure = result.failures().getFirst();
        assertThat(failure.finding().rule()).isEqualTo(Rule.RIGHT_DATA);
        assertThat(failure.finding().what()).isEqualTo("late 2 times");
        assertThat(failure.isSmallest()).isTrue();
        List<Pick> picks = Pick.parse(failure.schedule());
        assertThat(picks)
                .hasSize(2)
                .allMatch(pick -> pick.point() == Point.DEVICE || pick.point() == Point.POSTED_WRITE);
        assertThat(run(1, failure.schedule()).findings())
                .singleElement()
                .extracting(Finding::what)
                .isEqualTo("late 2 times");
        picks.forEach(pick ->
                assertThat(run(1, pick.toString()).findings()).as("needed").isEmpty());
        assertThat(failure.replay("Stamps", "plain"))
                .isEqualTo("./flyby check Stamps --machine plain --schedule " + failure.schedule());
    }

    @Test
    void whatFailsInAnyCaseNeedsNoSchedule() {
        Result result = explore(-1, 1, Limits.mixed(10));

        assertThat(result.runs()).isEqualTo(1);
        assertThat(result.failures())
                .singleElement()
                .extracting(Failure::schedule)
                .isEqualTo("plain");
    }

    @Test
    void whatNeverFailsIsSaidToBeClean() {
        Result mixed = explore(4, ROUNDS, Limits.mixed(20));
        Result all = explore(1, 1, Limits.mixed(5_000).with(Strategy.EXHAUSTIVE));

        assertThat(mixed.failures()).isEmpty();
        assertThat(mixed.runs()).isEqualTo(20);
        assertThat(all.failures()).isEmpty();
        assertThat(all.coverage())
                .startsWith("complete: all runs with up to 2 decisions")
                .contains(all.runs() + " explored");
    }
}
