package flyby.explore;

import flyby.base.Check;
import flyby.choice.Footprint;
import flyby.sim.Prng;
import java.util.EnumMap;
import java.util.Map;
import java.util.function.LongFunction;

/// Decides at random.
///
/// Unless it is told how often, each point has a density of its own in each run, which may be none at all: runs that
/// leave something out reach further in the rest (swarm testing: Groce, Zhang, Eide, Chen, Regehr, ISSTA 2012).
public final class RandomSchedule extends Schedule {
    /// One in so many answers is not plain; 0: all are.
    private static final long[] DENSITIES = {0, 3, 16, 100};

    private final long seed;
    private final long oneIn;
    private final Prng prng;
    private final Map<Point, Long> densities = new EnumMap<>(Point.class);

    public RandomSchedule(long seed) {
        this(seed, 0, new Prng(seed).child("random schedule"));
        for (Point point : Point.values()) {
            densities.put(point, DENSITIES[(int) prng.below(DENSITIES.length)]);
        }
    }

    /// One as dense everywhere.
    ///
    /// @param oneIn one in so many answers is not plain, at each point; 1 or more
    public RandomSchedule(long seed, long oneIn) {
        this(seed, oneIn, new Prng(seed).child("random schedule"));
        Check.that(oneIn >= 1, "one in %d", oneIn);
        for (Point point : Point.values()) {
            densities.put(point, oneIn);
        }
    }

    private RandomSchedule(long seed, long oneIn, Prng prng) {
        this.seed = seed;
        this.oneIn = oneIn;
        this.prng = prng;
    }

    @Override
    long choose(Point point, int index, long bound, LongFunction<Footprint> about) {
        long density = densities.getOrDefault(point, 0L);
        return density > 0 && prng.chance(1, density) ? 1 + prng.below(bound - 1) : 0;
    }

    @Override
    public String toString() {
        return "random:" + seed + (oneIn == 0 ? "" : ":" + oneIn);
    }
}
