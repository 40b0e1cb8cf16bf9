package flyby.explore;

import flyby.base.Check;
import flyby.choice.Footprint;
import flyby.sim.Prng;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.LongFunction;

/// Gives everybody who can be late a random priority, and lets whoever has the lower one be later; at `depth - 1`
/// random questions it takes the priority of whoever is asked away. "A randomized scheduler with probabilistic
/// guarantees of finding bugs", Burckhardt, Kothari, Musuvathi, Nagarakatti, ASPLOS 2010: a bug that needs `depth`
/// things in a certain order, among those of n parties in k steps, is found with a probability of at least
/// 1 / (n k^(depth-1)), if being late is enough to be behind the others.
///
/// Parties are a device, its interrupts, the register writes on their way to it, a CPU, and each place that a store
/// buffer holds stores to. What can only happen or not, as an eviction, happens one time in sixteen.
public final class PctSchedule extends Schedule {
    /// How many questions a run has, if nobody knows.
    public static final long STEPS = 10_000;

    static final int DEPTH_MAX = 100;
    private static final int ODDS = 16;
    private static final int PLACE_SHIFT = 6;

    private final long seed;
    private final int depth;
    private final long steps;
    private final Prng prng;
    /// At which questions priorities are taken away, in ascending order.
    private final List<Long> changes = new ArrayList<>();

    private int nextChange;
    /// What was random at first is positive; what was taken away is negative, and the lower the later.
    private final Map<String, Long> priorities = new TreeMap<>();

    private long asked;

    /// @param depth 1 to 100
    /// @param steps how many questions the run is going to have, more or less
    public PctSchedule(long seed, int depth, long steps) {
        Check.that(depth >= 1 && depth <= DEPTH_MAX && steps >= 1, "depth %d in %d steps", depth, steps);
        this.seed = seed;
        this.depth = depth;
        this.steps = steps;
        prng = new Prng(seed).child("pct schedule");
        for (int i = 1; i < depth; i++) {
            changes.add(prng.below(steps));
        }
        changes.sort(null);
    }

    @Override
    long choose(Point point, int index, long bound, LongFunction<Footprint> about) {
        if (point == Point.EVICTION || point == Point.PREFETCH || point == Point.FAULT || point == Point.MALICE) {
            return prng.chance(1, ODDS) ? 1 + prng.below(bound - 1) : 0;
        }
        String party = party(point, about.apply(1));
        Long known = priorities.get(party);
        long priority = known == null ? prng.nextLong() >>> 1 : known;
        while (nextChange < changes.size() && changes.get(nextChange) <= asked) {
            nextChange++;
            priority = -nextChange;
        }
        asked++;
        priorities.put(party, priority);
        return lateness(priority, bound);
    }

    private static String party(Point point, Footprint about) {
        String name = point + " " + about.party();
        boolean isPlace = (point == Point.STORE || point == Point.LOAD) && about.isKnown();
        return isPlace ? name + " " + (about.address() >> PLACE_SHIFT) : name;
    }

    /// The party of the highest priority is not late, that of the lowest as late as can be.
    private long lateness(long priority, long bound) {
        long higher = 0;
        for (long other : priorities.values()) {
            higher += other > priority ? 1 : 0;
        }
        long lowest = priorities.size() - 1L;
        return lowest == 0 ? 0 : Math.ceilDiv(higher * (bound - 1), lowest);
    }

    @Override
    public String toString() {
        return "pct:" + seed + ":" + depth + (steps == STEPS ? "" : ":" + steps);
    }
}
