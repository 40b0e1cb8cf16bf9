package flyby.choice;

import flyby.base.Check;
import flyby.sim.Prng;
import java.util.Arrays;
import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.IntStream;

/// Where a body gets every decision from that could have been another one, each of them recorded.
///
/// The values come first from a given sequence and then, when that is used up, from a seed or as zeros. So a run is
/// repeated by giving it what it chose, and a simpler run is tried by giving it something simpler. Write bodies so
/// that 0 is the simplest choice: the first alternative, the smallest number, no fault.
public final class Choices {
    private final long[] given;
    private final Prng prng;
    private final boolean random;
    private long[] values = new long[64];
    private long[] bounds = new long[64];
    private int count;

    private Choices(long[] given, Prng prng, boolean random) {
        this.given = given;
        this.prng = prng;
        this.random = random;
    }

    /// Random choices; equal seeds give equal ones.
    public static Choices seeded(long seed) {
        return new Choices(new long[0], new Prng(seed), true);
    }

    /// The choices `values`, and 0 ever after. A value that does not fit its bound is taken modulo the bound.
    public static Choices of(long... values) {
        return new Choices(values.clone(), new Prng(0), false);
    }

    /// A number from 0 up to, not including, `bound` (1 or more).
    public long below(long bound) {
        Check.that(bound > 0, "a choice of %d", bound);
        long value;
        if (count < given.length) {
            value = Long.remainderUnsigned(given[count], bound);
        } else {
            value = random ? prng.below(bound) : 0;
        }
        if (count == values.length) {
            values = Arrays.copyOf(values, 2 * count);
            bounds = Arrays.copyOf(bounds, 2 * count);
        }
        values[count] = value;
        bounds[count] = bound;
        count++;
        return value;
    }

    /// A number from `low` up to and including `high`; `low` is the simplest.
    public long between(long low, long high) {
        Check.that(low <= high && high - low >= 0, "a choice from %d to %d", low, high);
        return low + below(high - low + 1);
    }

    /// One of `alternatives`; the first is the simplest.
    @SafeVarargs
    public final <T> T pick(T... alternatives) {
        return alternatives[(int) below(alternatives.length)];
    }

    /// One of `alternatives`; the first is the simplest.
    public <T> T pick(List<T> alternatives) {
        return alternatives.get((int) below(alternatives.size()));
    }

    /// True in `numerator` of `denominator` cases; false is the simpler. The recorded value is 0 if false.
    public boolean chance(long numerator, long denominator) {
        return below(denominator) >= denominator - numerator;
    }

    /// How many choices were made so far.
    public int count() {
        return count;
    }

    /// What was chosen so far.
    public long[] values() {
        return Arrays.copyOf(values, count);
    }

    /// How many alternatives each choice so far had.
    public long[] bounds() {
        return Arrays.copyOf(bounds, count);
    }

    /// The choices as `value/bound`, separated by spaces.
    @Override
    public String toString() {
        return IntStream.range(0, count)
                .mapToObj(i -> values[i] + "/" + bounds[i])
                .collect(Collectors.joining(" "));
    }
}
