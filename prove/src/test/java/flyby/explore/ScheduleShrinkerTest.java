package flyby.explore;

import static org.assertj.core.api.Assertions.assertThat;

import flyby.choice.Choices;
import flyby.choice.Decisions.Point;
import flyby.choice.Property;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Predicate;
import org.junit.jupiter.api.Test;

/// Failing schedules become small.
final class ScheduleShrinkerTest {
    private static List<Pick> picks(Choices choices, int count) {
        List<Pick> picks = new ArrayList<>();
        for (int i = 0; i < count; i++) {
            picks.add(new Pick(choices.pick(Point.values()), i, 1 + choices.below(5)));
        }
        return picks;
    }

    /// Whatever the two decisions are that matter, and however low they may be: they are all that is left.
    @Test
    void twoDecisionsAreLeftOfMany() {
        Property.check(100, choices -> {
            List<Pick> all = picks(choices, 2 + (int) choices.below(60));
            Pick first = choices.pick(all);
            Pick second = choices.pick(all);
            long least = 1 + choices.below(first.value());
            Predicate<List<Pick>> fails = picks -> picks.contains(second)
                    && picks.stream().anyMatch(pick -> pick.index() == first.index() && pick.value() >= least);

            List<Pick> smallest = new ScheduleShrinker(all, fails, 10_000).shrink();

            if (first.equals(second)) {
                assertThat(smallest).containsExactly(first);
            } else {
                assertThat(smallest).containsExactlyInAnyOrder(new Pick(first.point(), first.index(), least), second);
            }
        });
    }

    @Test
    void whatNeedsNoDecisionHasNone() {
        List<Pick> all = picks(Choices.seeded(1), 50);
        ScheduleShrinker shrinker = new ScheduleShrinker(all, _ -> true, 100);

        assertThat(shrinker.shrink()).isEmpty();
        assertThat(shrinker.isDone()).isTrue();
    }

    @Test
    void whenTriesAreUsedUpThatIsSaid() {
        List<Pick> all = picks(Choices.seeded(1), 50);
        ScheduleShrinker shrinker = new ScheduleShrinker(all, picks -> picks.contains(all.get(20)), 3);

        assertThat(shrinker.shrink()).contains(all.get(20)).hasSizeGreaterThan(1);
        assertThat(shrinker.isDone()).isFalse();
    }
}
