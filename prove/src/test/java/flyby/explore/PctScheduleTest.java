package flyby.explore;

import static org.assertj.core.api.Assertions.assertThat;

import flyby.choice.Decisions.Point;
import flyby.choice.Footprint;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

/// What PCT promises: a bug of depth d, among n parties in k steps, in at least one of n k^(d-1) runs.
final class PctScheduleTest {
    private static final int STEPS = 12;
    private static final int SEEDS = 20_000;
    /// Being late is enough to be behind whoever is not.
    private static final long LATE = 1_000;

    /// Parties that make their steps, each as late as `schedule` says; who made which, in the order of time.
    private static List<String> run(Schedule schedule, int parties) {
        long[] due = new long[parties];
        int[] made = new int[parties];
        List<String> order = new ArrayList<>();
        for (int i = 0; i < parties; i++) {
            due[i] = 1 + LATE * lateness(schedule, i);
        }
        for (int step = 0; step < parties * STEPS; step++) {
            int next = -1;
            for (int i = 0; i < parties; i++) {
                if (made[i] < STEPS && (next < 0 || due[i] < due[next])) {
                    next = i;
                }
            }
            order.add((char) ('a' + next) + Integer.toString(made[next]++));
            due[next] += 1 + LATE * lateness(schedule, next);
        }
        return order;
    }

    private static long lateness(Schedule schedule, int party) {
        return schedule.below(Point.DEVICE, 4, _ -> Footprint.unknown("party" + party));
    }

    private static int found(int parties, int depth, String... inOrder) {
        int found = 0;
        for (int seed = 0; seed < SEEDS; seed++) {
            List<String> order = run(new PctSchedule(seed, depth, (long) parties * STEPS), parties);
            boolean isInOrder = true;
            for (int i = 1; i < inOrder.length; i++) {
                isInOrder &= order.indexOf(inOrder[i - 1]) < order.indexOf(inOrder[i]);
            }
            found += isInOrder ? 1 : 0;
        }
        return found;
    }

    /// Less than the promise by four standard deviations would be no chance.
    private static void assertPromise(int found, int parties, int depth) {
        double promise = SEEDS / (parties * Math.pow(parties * STEPS, depth - 1));
        assertThat(found).as("of %d, promised %f", SEEDS, promise).isGreaterThan((int)
                (promise - 4 * Math.sqrt(promise)));
    }

    @Test
    void someoneIsLateAllTheTime() {
        assertPromise(found(2, 1, "a11", "b1"), 2, 1);
        assertPromise(found(2, 1, "b11", "a1"), 2, 1);
        assertPromise(found(3, 1, "a11", "c1"), 3, 1);
    }

    /// One that is late must come between two steps of the other.
    @Test
    void aBugOfDepthTwoIsFound() {
        assertPromise(found(2, 2, "a5", "b1", "a6"), 2, 2);
        assertPromise(found(2, 2, "b7", "a1", "b8"), 2, 2);
        assertPromise(found(3, 2, "a5", "c1", "a6"), 3, 2);
    }

    /// Without a change of priorities it is not: the depth is what counts.
    @Test
    void depthOneDoesNotFindIt() {
        assertThat(found(2, 1, "a5", "b1", "a6")).isZero();
    }
}
