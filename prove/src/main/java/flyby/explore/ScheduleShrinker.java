package flyby.explore;

import java.util.ArrayList;
import java.util.List;
import java.util.function.Predicate;

/// Makes a failing schedule smaller, as long as it still fails: fewer decisions that are not plain first, then lower
/// ones.
///
/// Blocks of decisions are left out, halves, then quarters, and so on (delta debugging: Zeller, Hildebrandt, IEEE
/// Transactions on Software Engineering 28, 2002). At the end no single decision can be left out or lowered by one,
/// unless the tries were used up.
final class ScheduleShrinker {
    private final Predicate<List<Pick>> fails;
    private List<Pick> best;
    private int triesLeft;

    /// @param failing decisions for which `fails` is true
    /// @param triesMax how often `fails` may be asked
    ScheduleShrinker(List<Pick> failing, Predicate<List<Pick>> fails, int triesMax) {
        this.best = failing;
        this.fails = fails;
        this.triesLeft = triesMax;
    }

    List<Pick> shrink() {
        boolean progress = !best.isEmpty() && !attempt(List.of());
        while (progress && triesLeft > 0) {
            progress = leaveOut();
            progress |= lower();
        }
        return best;
    }

    /// Whether there are tries left: if not, something smaller may have been missed.
    boolean isDone() {
        return triesLeft > 0;
    }

    private boolean leaveOut() {
        boolean progress = false;
        for (int length = Math.max(1, best.size() / 2); length >= 1; length /= 2) {
            int from = best.size() - length;
            while (from >= 0) {
                List<Pick> fewer = new ArrayList<>(best);
                fewer.subList(from, from + length).clear();
                progress |= attempt(fewer);
                from = Math.min(from - length, best.size() - length);
            }
        }
        return progress;
    }

    private boolean lower() {
        boolean progress = false;
        for (int i = 0; i < best.size(); i++) {
            while (best.get(i).value() > 1
                    && (attempt(with(i, 1)) || attempt(with(i, best.get(i).value() - 1)))) {
                progress = true;
            }
        }
        return progress;
    }

    private List<Pick> with(int index, long value) {
        List<Pick> lower = new ArrayList<>(best);
        lower.set(index, new Pick(best.get(index).point(), best.get(index).index(), value));
        return lower;
    }

    private boolean attempt(List<Pick> candidate) {
        if (triesLeft == 0) {
            return false;
        }
        triesLeft--;
        if (!fails.test(candidate)) {
            return false;
        }
        best = candidate;
        return true;
    }
}
