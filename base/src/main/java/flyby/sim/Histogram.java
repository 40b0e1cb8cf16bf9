package flyby.sim;

import flyby.base.Check;

/// How often which values occurred, in buckets that grow with the value: percentiles of latencies in constant
/// storage.
///
/// Values below 64 are counted exactly, larger ones in 32 buckets for each power of two, so that a bucket is at
/// most 1/32 (3.2 %) of its values wide. Adding allocates nothing.
public final class Histogram {
    private static final int STEPS_BITS = 5;
    private static final int STEPS = 1 << STEPS_BITS;

    /// The last bucket is that of [Long#MAX_VALUE].
    private final long[] counts = new long[bucket(Long.MAX_VALUE) + 1];

    private final Tally tally = new Tally();

    /// Takes in one value, 0 or more.
    public void add(long value) {
        Check.that(value >= 0, "a histogram was given %d", value);
        counts[bucket(value)]++;
        tally.add(value);
    }

    /// Count, sum and extremes of the same values, exactly.
    public Tally tally() {
        return tally;
    }

    /// A value that at least `percent` of all values do not exceed, and at most 3.2 % above the smallest such
    /// value. There must be a value.
    ///
    /// @param percent from 0, which gives the smallest bucket's, to 100, which gives the largest value
    public long percentile(int percent) {
        Check.that(0 <= percent && percent <= 100, "percentile %d", percent);
        long rest = Math.max(1, Math.ceilDiv(Math.multiplyExact(tally.count(), percent), 100L));
        long max = tally.max();
        for (int bucket = 0; bucket < counts.length; bucket++) {
            rest -= counts[bucket];
            if (rest <= 0) {
                return Math.min(highest(bucket), max);
            }
        }
        return max;
    }

    /// Calls `visitor` for each bucket that is not empty, smallest first.
    public void forEachBucket(BucketVisitor visitor) {
        for (int bucket = 0; bucket < counts.length; bucket++) {
            if (counts[bucket] != 0) {
                visitor.visit(bucket == 0 ? 0 : highest(bucket - 1) + 1, highest(bucket), counts[bucket]);
            }
        }
    }

    /// Is told of one bucket: its smallest and largest possible value, and how many values are in it.
    @FunctionalInterface
    public interface BucketVisitor {
        void visit(long low, long high, long count);
    }

    /// The power of two above the first 64 values, and the next five bits.
    private static int bucket(long value) {
        int shift = Math.max(0, Long.SIZE - 1 - STEPS_BITS - Long.numberOfLeadingZeros(value | 1));
        return shift * STEPS + (int) (value >>> shift);
    }

    private static long highest(int bucket) {
        if (bucket < 2 * STEPS) {
            return bucket;
        }
        int shift = bucket / STEPS - 1;
        return ((STEPS + bucket % STEPS + 1L) << shift) - 1;
    }
}
