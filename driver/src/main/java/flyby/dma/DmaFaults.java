package flyby.dma;

import flyby.base.Check;
import flyby.choice.Decisions;
import flyby.sim.Prng;
import java.util.EnumMap;
import java.util.Map;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/// Makes calls of the DMA API fail, as Linux's fault injection does: the k-th of a kind, some at random, or those that
/// somebody decides.
public final class DmaFaults {
    /// What can fail.
    public enum Point {
        /// A map of a single range, a page, a resource or an entry of a list.
        MAP,
        /// An allocation, coherent or not, also of a pool that grows.
        ALLOC,
        /// A slot of the bounce buffers, as if the pool were full.
        BOUNCE
    }

    private final Map<Point, TreeSet<Long>> chosen = new EnumMap<>(Point.class);
    private final Map<Point, long[]> counts = new EnumMap<>(Point.class);
    private @Nullable Prng random;
    private int oneIn;
    private Decisions decisions = Decisions.PLAIN;

    /// Nothing fails.
    public DmaFaults() {
        for (Point point : Point.values()) {
            chosen.put(point, new TreeSet<>());
            counts.put(point, new long[1]);
        }
    }

    /// The `k`-th call from now on at `point` fails; the next is the first.
    public void fail(Point point, long k) {
        Check.that(k >= 1, "the %d-th call", k);
        of(chosen, point).add(of(counts, point)[0] + k);
    }

    /// One in `oneIn` calls fails, whatever it is, as `random` draws.
    public void failSome(Prng random, int oneIn) {
        Check.that(oneIn >= 1, "one in %d", oneIn);
        this.random = random;
        this.oneIn = oneIn;
    }

    /// `newDecisions` decides of each call whether it fails.
    public void decide(Decisions newDecisions) {
        decisions = newDecisions;
    }

    /// How many calls there have been at `point`.
    public long calls(Point point) {
        return of(counts, point)[0];
    }

    private static <T> T of(Map<Point, T> map, Point point) {
        T value = map.get(point);
        if (value == null) {
            throw Check.bug("nothing of %s", point);
        }
        return value;
    }

    /// Whether the call that is just made fails.
    boolean fails(Point point) {
        long number = ++of(counts, point)[0];
        boolean isChosen = of(chosen, point).remove(number);
        Prng drawn = random;
        boolean isDrawn = drawn != null && drawn.below(oneIn) == 0;
        return isChosen || isDrawn || decisions.below(Decisions.Point.FAULT, 2) != 0;
    }
}
