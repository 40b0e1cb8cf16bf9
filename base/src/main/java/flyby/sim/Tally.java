package flyby.sim;

import flyby.base.Check;

/// Count, sum, smallest, largest and mean of whole numbers of any one unit, without keeping them.
public final class Tally {
    private long count;
    private long sum;
    private long min = Long.MAX_VALUE;
    private long max = Long.MIN_VALUE;

    /// Takes in one value; an [ArithmeticException] says that the sum has left 63 bits.
    public void add(long value) {
        sum = Math.addExact(sum, value);
        count++;
        min = Math.min(min, value);
        max = Math.max(max, value);
    }

    public long count() {
        return count;
    }

    public long sum() {
        return sum;
    }

    /// The smallest value. There must be one.
    public long min() {
        checkNotEmpty();
        return min;
    }

    /// The largest value. There must be one.
    public long max() {
        checkNotEmpty();
        return max;
    }

    /// The mean, rounded down. There must be a value.
    public long mean() {
        checkNotEmpty();
        return Math.floorDiv(sum, count);
    }

    private void checkNotEmpty() {
        Check.that(count > 0, "nothing was tallied");
    }

    @Override
    public String toString() {
        return count == 0 ? "none" : "%d values from %d to %d, mean %d".formatted(count, min, max, mean());
    }
}
