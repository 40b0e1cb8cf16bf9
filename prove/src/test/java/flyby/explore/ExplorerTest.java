package flyby.explore;

import static org.assertj.core.api.Assertions.assertThat;

import flyby.check.Finding;
import flyby.check.Rule;
import flyby.choice.Decisions;
import flyby.choice.Decisions.Point;
import flyby.explore.Explorer.Failure;
import flyby.explore.Explorer.Limits;
import flyby.explore.Explorer.Result;
import flyby.explore.Explorer.Strategy;
import flyby.trial.HostileMachines;
import flyby.trial.Trial;
import flyby.trial.TrialOptions;
import flyby.trial.Verdict;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

/// A driver on a machine: failing schedules are found, made small, and repeated.
final class ExplorerTest {
    private static final int ROUNDS = 4;

    private static Verdict run(int tolerated, String schedule) {
        return ScheduledTrial.run(
                new Stamps(tolerated, ROUNDS), HostileMachines.PLAIN, Schedule.of(schedule), TrialOptions.STANDARD);
    }

    private static Result explore(int tolerated, int rounds, Limits limits) {
        return Explorer.explore(
                limits,
                ScheduledTrial.of(() -> new Stamps(tolerated, rounds), HostileMachines.PLAIN, TrialOptions.STANDARD));
    }

    @Test
    void plainDecisionsChangeNothing() {
        Verdict bare =
                Trial.run(new Stamps(1, ROUNDS), HostileMachines.PLAIN, 1, Decisions.PLAIN, TrialOptions.STANDARD);
        Verdict plain = run(1, "plain");

        assertThat(bare.findings()).isEmpty();
        assertThat(plain.findings()).isEmpty();
        assertThat(plain.traceHash()).isEqualTo(bare.traceHash());
        assertThat(plain.timePicos()).isEqualTo(bare.timePicos());
    }

    @ParameterizedTest
    @ValueSource(strings = {"random:3", "random:4:4", "pct:5:3:200", "d1:3,p20:2,w3:1"})
    void equalSchedulesGiveEqualRuns(String text) {
        Schedule first = Schedule.of(text);
        Verdict one = ScheduledTrial.run(new Stamps(4, ROUNDS), HostileMachines.PLAIN, first, TrialOptions.STANDARD);
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
        Result mixed = explore(4, ROUNDS, Limits.mixed(60));
        Result all = explore(1, 1, Limits.mixed(5_000).with(Strategy.EXHAUSTIVE));

        assertThat(mixed.failures()).isEmpty();
        assertThat(mixed.runs()).isEqualTo(60);
        assertThat(all.failures()).isEmpty();
        assertThat(all.coverage())
                .startsWith("complete: all runs with up to 2 decisions")
                .contains(all.runs() + " explored");
    }
}
