package flyby.core;

import flyby.choice.Decisions;
import flyby.choice.Footprint;
import flyby.coherence.CoreCache;
import flyby.sim.Alarm;
import flyby.sim.Prng;
import flyby.sim.Simulation;
import org.jspecify.annotations.Nullable;

/// The stores of a core that others do not see yet.
///
/// A barrier between stores does not wait: it ends an epoch, and no store leaves before all of the epochs before its
/// own have left (Arm ARM, B2.3: barrier-ordered-before; SFENCE in TSO, where nothing else is possible anyway). Stores
/// to the same byte leave in their order (coherence). What leaves is written at one instant; the line is asked for when
/// the store enters, so that as many may be on their way as there are fill buffers.
final class StoreBuffer {
    /// How much longer than it should a store may wait, where somebody decides.
    private static final long LATE_FACTOR = 20;

    private final Simulation simulation;
    private final String name;
    private final CoreCache cache;
    private final MemoryOrder order;
    private final long stepPicos;
    private final Prng prng;
    private final Alarm drain;
    private final @Nullable EarlyLoads loads;

    // The stores, in program order.
    private final long[] addresses;
    private final int[] byteCounts;
    private final long[] epochs;
    private final long[] sincePicos;
    private final boolean[] uncached;
    private final byte[][] bytes;
    private int count;

    private long epoch;
    /// What no register write may overtake: stores of epochs up to this one.
    private long registerEpoch = -1;

    /// When each of the fill buffers is free.
    private final long[] fills;

    /// When the last line that was asked for is there.
    private long latestPicos;

    /// Who decides which store leaves, and when; null: chance.
    private @Nullable Decisions decisions;

    /// @param stepPicos from one store that leaves to the next
    /// @param loads who is told of stores that have left
    StoreBuffer(
            Simulation simulation,
            String name,
            CoreCache cache,
            int lineBytes,
            MemoryOrder order,
            int fillBuffers,
            long stepPicos,
            @Nullable EarlyLoads loads) {
        this.simulation = simulation;
        this.name = name;
        this.cache = cache;
        this.order = order;
        this.stepPicos = stepPicos;
        this.loads = loads;
        this.prng = simulation.prng().child(name + " store buffer");
        this.drain = simulation.event(name + " store buffer", this::drainLater);
        int entries = order.bufferEntries();
        addresses = new long[entries];
        byteCounts = new int[entries];
        epochs = new long[entries];
        sincePicos = new long[entries];
        uncached = new boolean[entries];
        bytes = new byte[entries][lineBytes];
        fills = new long[fillBuffers];
    }

    void decide(Decisions newDecisions) {
        decisions = newDecisions;
    }

    boolean isEmpty() {
        return count == 0;
    }

    boolean isFull() {
        return count == addresses.length;
    }

    /// Whether stores leave in any order.
    boolean isWeak() {
        return order.isWeak();
    }

    /// Takes a store to a part of a line; there must be room.
    ///
    /// @param isUncached whether it goes to memory itself
    void add(long address, byte[] from, int offset, int byteCount, boolean isUncached) {
        addresses[count] = address;
        byteCounts[count] = byteCount;
        epochs[count] = epoch;
        sincePicos[count] = simulation.nowPicos();
        uncached[count] = isUncached;
        System.arraycopy(from, offset, bytes[count], 0, byteCount);
        count++;
        if (count == 1) {
            drain.in(decisions == null ? order.drainPicos() : waitPicos(decisions));
        }
    }

    /// What comes from now on does not leave before what is here.
    ///
    /// @param forRegisters whether register writes do not either
    void separate(boolean forRegisters) {
        if (count > 0) {
            registerEpoch = forRegisters ? epoch : registerEpoch;
            epoch++;
        }
    }

    /// Whether the next store has to leave before a write that goes around the buffer: any in TSO, in a weak order
    /// those
    /// that a barrier sets before it.
    boolean holds(boolean registerWrite) {
        return count > 0 && (!order.isWeak() || epochs[0] <= (registerWrite ? registerEpoch : epoch - 1));
    }

    /// Whether all of these bytes (64 at most) are here.
    boolean covers(long address, int byteCount) {
        long missing = count == 0 ? -1 : -1L >>> (64 - byteCount);
        for (int i = 0; i < count && missing != 0; i++) {
            long first = Math.max(addresses[i], address);
            long end = Math.min(addresses[i] + byteCounts[i], address + byteCount);
            if (first < end) {
                missing &= ~((-1L >>> (64 - (end - first))) << (first - address));
            }
        }
        return missing == 0;
    }

    /// Puts the newest bytes that are here over what memory holds.
    void forward(long address, byte[] into, int offset, int byteCount) {
        for (int i = 0; i < count; i++) {
            long first = Math.max(addresses[i], address);
            long end = Math.min(addresses[i] + byteCounts[i], address + byteCount);
            if (first < end) {
                System.arraycopy(bytes[i], (int) (first - addresses[i]), into, offset + (int) (first - address), (int)
                        (end - first));
            }
        }
    }

    /// When the next store can leave, if it must: when a fill buffer is free.
    long readyPicos() {
        return fills[earliestFill()];
    }

    /// When all lines are there that were asked for.
    long latestPicos() {
        return latestPicos;
    }

    /// Lets one store leave; there must be one.
    void drainOne() {
        int next = 0;
        if (order.isWeak()) {
            next = decisions == null ? choose() : choose(decisions);
        }
        long now = simulation.nowPicos();
        long picos = uncached[next]
                ? cache.storeUncached(addresses[next], bytes[next], 0, byteCounts[next])
                : cache.store(addresses[next], bytes[next], 0, byteCounts[next]);
        fills[earliestFill()] = now + picos;
        latestPicos = Math.max(latestPicos, now + picos);
        if (loads != null) {
            loads.stored(addresses[next], byteCounts[next]);
        }
        remove(next);
        if (count > 0) {
            long matured = decisions == null
                    ? Math.max(sincePicos[0] + order.drainPicos(), now + latePicos(next))
                    : sincePicos[0] + waitPicos(decisions);
            drain.at(Math.max(matured, Math.max(now + stepPicos, readyPicos())));
        } else {
            drain.cancel();
        }
    }

    /// A store that was overtaken has no line yet: it may take as long again.
    private long latePicos(int overtaken) {
        return overtaken > 0 ? prng.below(order.drainPicos() + 1) : 0;
    }

    /// How long the oldest store waits in all: as the order says, not at all, or much longer.
    private long waitPicos(Decisions who) {
        long chosen = order.drainPicos() == 0 ? 0 : who.below(Decisions.Point.STORE, 3, _ -> footprint(0));
        return order.drainPicos() * (chosen == 0 ? 1 : (chosen - 1) * LATE_FACTOR);
    }

    private Footprint footprint(int store) {
        return new Footprint(name, addresses[store], byteCounts[store], true);
    }

    private void drainLater() {
        if (readyPicos() > simulation.nowPicos()) {
            drain.at(readyPicos());
        } else {
            drainOne();
        }
    }

    /// Any store of the oldest epoch that no older one to the same bytes holds back.
    private int choose() {
        int candidates = 0;
        int chosen = 0;
        for (int i = 0; i < count && epochs[i] == epochs[0]; i++) {
            if (!overlapsOlder(i)) {
                candidates++;
                if (prng.below(candidates) == 0) {
                    chosen = i;
                }
            }
        }
        return chosen;
    }

    /// The oldest, unless it is passed over, then the next one, and so on.
    private int choose(Decisions who) {
        int chosen = 0;
        int next = candidate(1);
        while (next < count) {
            int asked = chosen;
            if (who.below(Decisions.Point.STORE, 2, _ -> footprint(asked)) == 0) {
                return chosen;
            }
            chosen = next;
            next = candidate(next + 1);
        }
        return chosen;
    }

    /// The first store from `store` on that may leave before all that are older; [#count] if there is none.
    private int candidate(int store) {
        for (int i = store; i < count && epochs[i] == epochs[0]; i++) {
            if (!overlapsOlder(i)) {
                return i;
            }
        }
        return count;
    }

    private boolean overlapsOlder(int store) {
        for (int i = 0; i < store; i++) {
            if (addresses[i] < addresses[store] + byteCounts[store]
                    && addresses[store] < addresses[i] + byteCounts[i]) {
                return true;
            }
        }
        return false;
    }

    private int earliestFill() {
        int earliest = 0;
        for (int i = 1; i < fills.length; i++) {
            earliest = fills[i] < fills[earliest] ? i : earliest;
        }
        return earliest;
    }

    private void remove(int store) {
        byte[] free = bytes[store];
        count--;
        for (int i = store; i < count; i++) {
            addresses[i] = addresses[i + 1];
            byteCounts[i] = byteCounts[i + 1];
            epochs[i] = epochs[i + 1];
            sincePicos[i] = sincePicos[i + 1];
            uncached[i] = uncached[i + 1];
            bytes[i] = bytes[i + 1];
        }
        bytes[count] = free;
    }
}
