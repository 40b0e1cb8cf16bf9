package flyby.choice;

import java.util.Arrays;
import java.util.function.Predicate;

/// Makes a failing sequence of choices smaller, as long as it still fails.
///
/// Smaller means shorter first, then with smaller values from left to right. Leaving out a block of choices
/// shortens the run, because loops in bodies ask whether to go on; halving a value towards 0 simplifies it.
/// Passes repeat until nothing helps. The idea is that of Hypothesis (MacIver and Donaldson, ECOOP 2020):
/// shrink what was chosen, and every generator shrinks by itself.
final class Shrinker {
    private final Predicate<long[]> fails;
    private long[] best;
    private int triesLeft;

    /// @param failing a sequence for which `fails` is true
    /// @param triesMax how often `fails` may be asked
    Shrinker(long[] failing, Predicate<long[]> fails, int triesMax) {
        this.best = failing;
        this.fails = fails;
        this.triesLeft = triesMax;
    }

    long[] shrink() {
        boolean progress = true;
        while (progress && triesLeft > 0) {
            progress = dropBlocks();
            progress |= lowerValues();
        }
        return best;
    }

    private boolean dropBlocks() {
        boolean progress = false;
        for (int length = Integer.highestOneBit(Math.max(1, best.length)); length >= 1; length /= 2) {
            // From the end, because what comes late depends on what comes early.
            int from = best.length - length;
            while (from >= 0) {
                boolean dropped = attempt(without(from, length));
                progress |= dropped;
                from = Math.min(from - (dropped ? length : 1), best.length - length);
            }
        }
        return progress;
    }

    private long[] without(int from, int length) {
        long[] shorter = Arrays.copyOf(best, best.length - length);
        System.arraycopy(best, from + length, shorter, from, shorter.length - from);
        return shorter;
    }

    private boolean lowerValues() {
        boolean progress = false;
        for (int i = 0; i < best.length; i++) {
            if (best[i] == 0) {
                continue;
            }
            if (attempt(with(i, 0))) {
                progress = true;
                continue;
            }
            // The smallest value that still fails, if failing is monotone, by halving the distance to the last pass.
            long passes = 0;
            while (i < best.length && best[i] - passes > 1) {
                long middle = passes + (best[i] - passes) / 2;
                if (attempt(with(i, middle))) {
                    progress = true;
                } else {
                    passes = middle;
                }
            }
        }
        return progress;
    }

    private long[] with(int index, long value) {
        long[] lower = best.clone();
        lower[index] = value;
        return lower;
    }

    private boolean attempt(long[] candidate) {
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
