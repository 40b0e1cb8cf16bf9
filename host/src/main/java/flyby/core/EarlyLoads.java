package flyby.core;

import flyby.choice.Decisions;
import flyby.choice.Footprint;
import flyby.coherence.CoreCache;
import flyby.coherence.RecentWrites;
import flyby.sim.Prng;
import flyby.sim.Simulation;
import org.jspecify.annotations.Nullable;

/// Loads that are done before their turn, as an out-of-order core does them: what a load gets is what memory held at
/// some time within a window before now, but not before the last barrier that orders loads, and for each place not
/// before what this core has loaded or stored there already (coherence; Arm ARM, B2.3).
///
/// An address that was computed from an older load orders nothing here, as on an Alpha: the model does not see where a
/// driver has its addresses from. Linux's `READ_ONCE` promises more on all other machines.
final class EarlyLoads {
    /// Places share entries by their number; an entry holds the latest time of all of them, which is always allowed.
    private static final int PLACES = 1024;

    private static final int PLACE_SHIFT = 2;
    /// Loads of blocks are loads of words.
    private static final int WORD_BYTES = 8;

    private final Simulation simulation;
    private final String name;
    private final CoreCache cache;
    private final RecentWrites writes;
    private final long windowPicos;
    private final Prng prng;
    private final long[] placePicos = new long[PLACES];
    private long floorPicos;
    private long earliestPicos;
    private boolean wasCached;
    // The load before: how long it waited, and until when.
    private long lastPicos;
    private long lastEndPicos;
    /// Who decides how early; null: chance.
    private @Nullable Decisions decisions;

    EarlyLoads(Simulation simulation, String name, CoreCache cache, long windowPicos) {
        this.simulation = simulation;
        this.name = name;
        this.cache = cache;
        this.windowPicos = windowPicos;
        this.writes = cache.recentWrites();
        this.prng = simulation.prng().child(name + " early loads");
    }

    void decide(Decisions newDecisions) {
        decisions = newDecisions;
    }

    /// Loads from now on are done from now on.
    void order() {
        floorPicos = simulation.nowPicos();
    }

    /// This core's store to these addresses is seen by all from now on.
    void stored(long address, int byteCount) {
        seen(address, byteCount, simulation.nowPicos());
    }

    /// Before the bytes are loaded.
    void begin(long address) {
        wasCached = writes.isCached(address);
    }

    /// Makes of bytes as they are now what the load gets.
    ///
    /// @param picos how long the core waits for them
    void restore(long address, byte[] into, int offset, int byteCount, boolean isUncached, long picos) {
        long now = simulation.nowPicos();
        // While a load waits, those behind it are on their way.
        earliestPicos = now - windowPicos - (now - lastEndPicos <= windowPicos ? lastPicos : 0);
        lastPicos = picos;
        lastEndPicos = now + picos;
        for (int done = 0; done < byteCount; done += WORD_BYTES) {
            int count = Math.min(WORD_BYTES, byteCount - done);
            long at = sample(address + done, count);
            writes.restore(cache.writer(), at, address + done, into, offset + done, count, isUncached, wasCached);
            seen(address + done, count, at);
        }
    }

    private long sample(long address, int byteCount) {
        long now = simulation.nowPicos();
        long floor = Math.max(Math.max(floorPicos, earliestPicos), writes.completeSincePicos());
        for (long place = address >> PLACE_SHIFT; place <= (address + byteCount - 1) >> PLACE_SHIFT; place++) {
            floor = Math.max(floor, placePicos[(int) place & (PLACES - 1)]);
        }
        if (floor >= now || writes.latestPicos() <= floor) {
            return now;
        }
        if (decisions != null) {
            return decide(decisions, floor, address, byteCount);
        }
        // As early as can be, or in its turn, or anywhere between.
        return switch ((int) prng.below(4)) {
            case 0 -> floor;
            case 1 -> now;
            default -> floor + prng.below(now - floor + 1);
        };
    }

    /// Just before one of the writes that the load may have missed: what it gets at other times is the same.
    private long decide(Decisions who, long floor, long address, int byteCount) {
        long now = simulation.nowPicos();
        int missed = 0;
        long at = writes.justBefore(cache.writer(), floor, now, address, byteCount);
        while (at >= 0) {
            missed++;
            at = writes.justBefore(cache.writer(), floor, at, address, byteCount);
        }
        if (missed == 0) {
            return now;
        }
        long chosen = who.below(Decisions.Point.LOAD, missed + 1, _ -> new Footprint(name, address, byteCount, false));
        at = now;
        for (long i = 0; i < chosen; i++) {
            at = writes.justBefore(cache.writer(), floor, at, address, byteCount);
        }
        return at;
    }

    private void seen(long address, int byteCount, long timePicos) {
        for (long place = address >> PLACE_SHIFT; place <= (address + byteCount - 1) >> PLACE_SHIFT; place++) {
            int entry = (int) place & (PLACES - 1);
            placePicos[entry] = Math.max(placePicos[entry], timePicos);
        }
    }
}
