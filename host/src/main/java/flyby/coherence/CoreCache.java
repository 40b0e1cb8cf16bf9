package flyby.coherence;

import flyby.base.Check;
import flyby.choice.Decisions;
import flyby.sim.Prng;
import org.jspecify.annotations.Nullable;

/// The private cache of one core, and so its way to memory.
///
/// First and second level are one: the second holds the bytes, and the first only says which of its lines were used
/// last and cost less. Lines are fetched when they are loaded or stored to, and written back when their room is
/// needed. An access lies within one line.
public final class CoreCache {
    final LineArray lines;
    /// The first level: line numbers alone.
    private final LineArray recent;

    private final Socket socket;
    private final int core;
    private final Interconnect interconnect;
    private final AccessTime time;
    private final CoherenceParameters parameters;
    private final Prng prng;
    private final int writer;
    /// Whether the line that is brought in was not asked for.
    private boolean prefetching;
    /// Who decides what the cache does by itself; null: chance.
    private @Nullable LineChoices choices;

    CoreCache(Socket socket, int core, Interconnect interconnect) {
        this.socket = socket;
        this.core = core;
        this.interconnect = interconnect;
        this.time = interconnect.time;
        this.parameters = interconnect.parameters;
        this.writer = socket.index * parameters.coresPerSocket() + core;
        int lineBytes = parameters.lineBytes();
        this.lines =
                new LineArray(parameters.l2().sets(lineBytes), parameters.l2().ways(), 0, lineBytes);
        this.recent = new LineArray(
                parameters.l1().sets(lineBytes), 0, parameters.l1().ways(), lineBytes);
        this.prng = interconnect.simulation.prng().child("core" + socket.index + "." + core);
    }

    /// Loads `byteCount` bytes at `address` into `into`, from index `offset` on.
    ///
    /// @return picoseconds until they are there
    public long load(long address, byte[] into, int offset, int byteCount) {
        long now = begin(address, byteCount);
        long missesBefore = socket.counts.coreMisses;
        int slot = access(lineOf(address), false);
        System.arraycopy(lines.data, lines.dataOf(slot) + within(address), into, offset, byteCount);
        long picos = time.picos - now;
        disturb(lineOf(address), socket.counts.coreMisses != missesBefore);
        return picos;
    }

    /// Stores `byteCount` bytes of `from`, from index `offset` on, at `address`. Others see them from now on.
    ///
    /// @return picoseconds until this core has the line and the bytes are in it
    public long store(long address, byte[] from, int offset, int byteCount) {
        long now = begin(address, byteCount);
        interconnect.noteWrite(writer, address, byteCount, false);
        int slot = access(lineOf(address), true);
        System.arraycopy(from, offset, lines.data, lines.dataOf(slot) + within(address), byteCount);
        long picos = time.picos - now;
        disturb(lineOf(address), false);
        return picos;
    }

    /// Loads from memory itself, whatever caches have: a load from an uncached mapping.
    ///
    /// @return picoseconds until the bytes are there
    public long loadUncached(long address, byte[] into, int offset, int byteCount) {
        long now = begin(address, byteCount);
        time.add(parameters.lastLevel().hitPicos());
        interconnect.readAround(socket.index, address, into, offset, byteCount);
        return time.picos - now;
    }

    /// Stores to memory itself, whatever caches have: a store to an uncached or write-combining mapping.
    ///
    /// @return picoseconds until memory has taken it
    public long storeUncached(long address, byte[] from, int offset, int byteCount) {
        long now = begin(address, byteCount);
        time.add(parameters.lastLevel().hitPicos());
        interconnect.noteWrite(writer, address, byteCount, true);
        interconnect.writeAround(socket.index, address, from, offset, byteCount);
        return time.picos - now;
    }

    /// Writes the lines that overlap the range, and that some cache has changed, to memory, and keeps them.
    ///
    /// @return picoseconds until the last one is on its way
    public long clean(long address, long byteCount) {
        return maintain(address, byteCount, true, false);
    }

    /// Has all caches forget the lines that overlap the range. Where I/O does not snoop, what was changed in them
    /// is lost, as with Arm's DC IVAC, also in the neighbours' bytes of the first and the last line. Where it does,
    /// there is no such instruction, and changed lines go to memory, as with CLFLUSH.
    ///
    /// @return picoseconds until the last one is gone
    public long invalidate(long address, long byteCount) {
        return maintain(address, byteCount, parameters.io().snoops(), true);
    }

    /// [#clean] and then forget. CLFLUSH, DC CIVAC.
    ///
    /// @return picoseconds until the last one is gone
    public long cleanAndInvalidate(long address, long byteCount) {
        return maintain(address, byteCount, true, true);
    }

    /// Has `decisions` asked what the cache of core `name` gives up and fetches by itself, as far as
    /// [CoherenceParameters.Disturbances] allow that at all. For set-up.
    public void decide(Decisions decisions, String name) {
        choices = new LineChoices(this, decisions, name, parameters);
    }

    /// Who this core is among all of the machine, for [RecentWrites].
    public int writer() {
        return writer;
    }

    /// What was written lately, from the first call on. For set-up.
    public RecentWrites recentWrites() {
        RecentWrites notes = interconnect.recent;
        if (notes == null) {
            notes = new RecentWrites(interconnect);
            interconnect.recent = notes;
        }
        return notes;
    }

    /// Whether this core's cache has the line of `address`. Looks without touching: no time, no counts, no order.
    public boolean holds(long address) {
        return lines.find(lineOf(address)) != LineArray.NONE;
    }

    /// Whether the line of `address` is here and was changed. Looks without touching.
    public boolean holdsModified(long address) {
        return state(lineOf(address)) == LineState.MODIFIED;
    }

    /// The byte that this cache has for `address`, whose line it must hold. Looks without touching.
    public byte peek(long address) {
        return lines.data[dataOf(lineOf(address)) + within(address)];
    }

    // What the socket says.

    byte state(long line) {
        int slot = lines.find(line);
        return slot == LineArray.NONE ? LineState.INVALID : lines.states[slot];
    }

    void setState(long line, byte state) {
        lines.states[lines.find(line)] = state;
    }

    int dataOf(long line) {
        int slot = lines.find(line);
        if (slot == LineArray.NONE) {
            throw Check.bug("core %d does not hold line 0x%x", core, line);
        }
        return lines.dataOf(slot);
    }

    void drop(long line) {
        lines.free(lines.find(line));
    }

    // How it is done.

    private long begin(long address, int byteCount) {
        assert within(address) + byteCount <= lines.lineBytes : address;
        assert address >= 0 && address <= parameters.memoryBytes() - byteCount : address;
        time.picos = interconnect.simulation.nowPicos();
        return time.picos;
    }

    /// The slot of `line`, which is here afterwards, and for a store nowhere else.
    private int access(long line, boolean own) {
        int slot = lines.find(line);
        if (slot != LineArray.NONE && (!own || lines.states[slot] != LineState.SHARED)) {
            socket.counts.coreHits++;
            time.add(hitPicos(line));
            lines.touch(slot);
        } else {
            socket.counts.coreMisses++;
            slot = miss(slot, line, own);
            hitPicos(line);
        }
        if (own && lines.states[slot] != LineState.MODIFIED) {
            lines.states[slot] = LineState.MODIFIED;
            interconnect.tell(LineWatch.Event.MODIFIED, line * lines.lineBytes, lines.data, lines.dataOf(slot));
        }
        return slot;
    }

    private int miss(int found, long line, boolean own) {
        if (found != LineArray.NONE) {
            socket.upgrade(core, line);
            lines.touch(found);
            return found;
        }
        int slot = lines.victim(lines.setOf(line), lines.allDataWays());
        if (!lines.isFree(slot)) {
            evict(slot);
        }
        byte state = socket.bring(core, line, own, lines.data, lines.dataOf(slot));
        lines.put(slot, line, own && state == LineState.MODIFIED ? LineState.EXCLUSIVE : state);
        interconnect.tell(
                prefetching ? LineWatch.Event.PREFETCHED : LineWatch.Event.FILLED,
                line * lines.lineBytes,
                lines.data,
                lines.dataOf(slot));
        return slot;
    }

    /// What a hit costs; the line is in the first level afterwards.
    private long hitPicos(long line) {
        int slot = recent.find(line);
        if (slot != LineArray.NONE) {
            recent.touch(slot);
            return parameters.l1().hitPicos();
        }
        recent.put(recent.tagVictim(recent.setOf(line)), line, LineState.SHARED);
        return parameters.l2().hitPicos();
    }

    private void evict(int slot) {
        long line = lines.lines[slot];
        byte state = lines.states[slot];
        lines.free(slot);
        socket.release(core, line, state, lines.data, lines.dataOf(slot));
    }

    private long maintain(long address, long byteCount, boolean clean, boolean forget) {
        if (byteCount == 0) {
            return 0;
        }
        time.picos = interconnect.simulation.nowPicos();
        long now = time.picos;
        long last = lineOf(address + byteCount - 1);
        for (long line = lineOf(address); line <= last; line++) {
            time.add(parameters.maintenancePicos());
            interconnect.maintain(line, clean, forget);
        }
        return time.picos - now;
    }

    /// What caches do by themselves, beside the access and at nobody's cost.
    private void disturb(long line, boolean loadMissed) {
        LineChoices deciding = choices;
        if (deciding != null) {
            deciding.accessed(line, loadMissed);
            return;
        }
        CoherenceParameters.Disturbances disturbances = parameters.disturbances();
        if (loadMissed
                && disturbances.prefetchOneIn() > 0
                && prng.chance(1, disturbances.prefetchOneIn())
                && (line + 2) * lines.lineBytes <= parameters.memoryBytes()) {
            prefetch(line + 1);
        }
        if (disturbances.evictOneIn() > 0 && prng.chance(1, disturbances.evictOneIn())) {
            int slot = (int) prng.below(lines.slots());
            if (!lines.isFree(slot)) {
                evict(slot);
            }
            int shared = (int) prng.below(socket.lines.dataSlots);
            if (!socket.lines.isFree(shared)) {
                socket.evict(shared);
            }
        }
    }

    /// Fetches `line`, if it is not here.
    void prefetch(long line) {
        prefetching = true;
        access(line, false);
        prefetching = false;
    }

    /// Gives up `line`, if it is here, and has the last level do so.
    void evictLine(long line) {
        int slot = lines.find(line);
        if (slot != LineArray.NONE) {
            evict(slot);
        }
        int shared = socket.lines.find(line);
        if (shared != LineArray.NONE && socket.lines.hasData(shared)) {
            socket.evict(shared);
        }
    }

    private long lineOf(long address) {
        return address / lines.lineBytes;
    }

    private int within(long address) {
        return (int) address & (lines.lineBytes - 1);
    }
}
