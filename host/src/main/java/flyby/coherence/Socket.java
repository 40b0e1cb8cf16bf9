package flyby.coherence;

import flyby.base.Check;
import java.util.Arrays;

/// One socket: its last-level cache, the directory in it that knows which cores hold a line, and its counts.
///
/// A line in the last-level cache or its directory is a line that the socket holds; its state there compares with
/// other sockets and memory. A core that holds a line tells when it gives it up, so the directory is exact. The
/// core that alone has a line EXCLUSIVE or MODIFIED is its owner, and only it knows the line's bytes.
final class Socket {
    private static final byte NOBODY = -1;

    final int index;
    final LineArray lines;
    final SocketCounts counts = new SocketCounts();
    final CoreCache[] cores;
    /// A bit for each core that has the line of a slot.
    final long[] holders;
    /// The core that may change the line of a slot without asking, or [#NOBODY].
    final byte[] owners;

    private final Interconnect interconnect;
    private final AccessTime time;
    private final CoherenceParameters parameters;
    /// The old bytes of a line of which a device writes a part.
    private final byte[] scratch;

    Socket(int index, Interconnect interconnect) {
        this.index = index;
        this.interconnect = interconnect;
        this.time = interconnect.time;
        this.parameters = interconnect.parameters;
        CoherenceParameters.Level level = parameters.lastLevel();
        int lineBytes = parameters.lineBytes();
        this.lines = new LineArray(level.sets(lineBytes), level.ways(), parameters.directoryWays(), lineBytes);
        this.holders = new long[lines.slots()];
        this.owners = new byte[lines.slots()];
        Arrays.fill(owners, NOBODY);
        this.scratch = new byte[lineBytes];
        this.cores = new CoreCache[parameters.coresPerSocket()];
        for (int i = 0; i < cores.length; i++) {
            cores[i] = new CoreCache(this, i, interconnect);
        }
    }

    // What a core asks for.

    /// Brings the bytes of `line`, which `core` does not hold, to `into`.
    ///
    /// @param own whether the core is about to store: then nobody else holds it afterwards
    /// @return the state that the core has it in
    byte bring(int core, long line, boolean own, byte[] into, int offset) {
        time.add(parameters.lastLevel().hitPicos());
        int slot = lines.find(line);
        if (slot == LineArray.NONE) {
            counts.lastLevelMisses++;
            return bringFromElsewhere(core, line, own, into, offset);
        }
        counts.lastLevelHits++;
        askCores(slot);
        System.arraycopy(newestIn(slot), newestAt(slot), into, offset, lines.lineBytes);
        if (own) {
            takeOver(slot, core);
            return LineState.MODIFIED;
        }
        slot = settle(slot);
        lines.touch(slot);
        return admit(slot, core);
    }

    /// Makes `core`, which holds `line` as one of several, the only one.
    void upgrade(int core, long line) {
        time.add(parameters.lastLevel().hitPicos());
        counts.lastLevelHits++;
        takeOver(held(line), core);
    }

    /// `core` gives up `line`, which it had in `state`.
    void release(int core, long line, byte state, byte[] from, int offset) {
        int slot = held(line);
        holders[slot] &= ~(1L << core);
        owners[slot] = NOBODY;
        if (lines.hasData(slot)) {
            if (state == LineState.MODIFIED) {
                System.arraycopy(from, offset, lines.data, lines.dataOf(slot), lines.lineBytes);
                lines.states[slot] = LineState.MODIFIED;
            }
        } else if (holders[slot] == 0) {
            byte left = state == LineState.MODIFIED ? state : lines.states[slot];
            forget(slot);
            int room = allocate(line, left, lines.allDataWays());
            System.arraycopy(from, offset, lines.data, lines.dataOf(room), lines.lineBytes);
        }
    }

    private byte bringFromElsewhere(int core, long line, boolean own, byte[] into, int offset) {
        byte state = interconnect.fetch(index, line, own, into, offset);
        int slot;
        if (lines.tagWays == 0) {
            slot = allocate(line, state, lines.allDataWays());
            System.arraycopy(into, offset, lines.data, lines.dataOf(slot), lines.lineBytes);
        } else {
            slot = allocateTag(line, own ? LineState.EXCLUSIVE : state);
        }
        if (own) {
            setOwner(slot, core);
            return LineState.MODIFIED;
        }
        return admit(slot, core);
    }

    /// One more core has the line of `slot`, whose bytes are not changed by anybody.
    private byte admit(int slot, int core) {
        if (holders[slot] == 0 && lines.states[slot] != LineState.SHARED) {
            setOwner(slot, core);
            return LineState.EXCLUSIVE;
        }
        holders[slot] |= 1L << core;
        return LineState.SHARED;
    }

    private void takeOver(int slot, int core) {
        if (lines.states[slot] == LineState.SHARED) {
            interconnect.dropElsewhere(index, lines.lines[slot]);
            lines.states[slot] = LineState.EXCLUSIVE;
        }
        tellCores(slot, holders[slot] & ~(1L << core));
        setOwner(slot, core);
        lines.touch(slot);
    }

    private void setOwner(int slot, int core) {
        holders[slot] = 1L << core;
        owners[slot] = (byte) core;
    }

    // What a device asks for.

    /// As many of the `lineCount` whole lines from `line` on as lie in consecutive slots and belong to nobody else
    /// are written at once: what most device writes find.
    ///
    /// @return how many
    int deviceWriteRun(int set, long line, byte[] from, int offset, int lineCount) {
        int first = lines.find(set, line);
        int most = Math.min(lineCount, lines.sets - set);
        int count = 0;
        while (count < most && isJustHere(first + count, line + count)) {
            lines.states[first + count] = LineState.MODIFIED;
            lines.touch(first + count);
            count++;
        }
        if (count > 0) {
            System.arraycopy(from, offset, lines.data, lines.dataOf(first), count * lines.lineBytes);
            counts.deviceWriteHits += count;
        }
        return count;
    }

    /// As [#deviceWriteRun], of lines whose bytes are here and that no core may have changed.
    int deviceReadRun(int set, long line, byte[] into, int offset, int lineCount) {
        int first = lines.find(set, line);
        int most = Math.min(lineCount, lines.sets - set);
        int count = 0;
        while (count < most && hasNewest(first + count, line + count)) {
            lines.touch(first + count);
            count++;
        }
        if (count > 0) {
            System.arraycopy(lines.data, lines.dataOf(first), into, offset, count * lines.lineBytes);
            counts.deviceReadHits += count;
        }
        return count;
    }

    /// Whether `slot` has the bytes of `line`, and no core or other socket has it.
    private boolean isJustHere(int slot, long line) {
        return slot != LineArray.NONE
                && lines.hasData(slot)
                && lines.lines[slot] == line
                && holders[slot] == 0
                && lines.states[slot] != LineState.SHARED;
    }

    private boolean hasNewest(int slot, long line) {
        return slot != LineArray.NONE && lines.hasData(slot) && lines.lines[slot] == line && owners[slot] == NOBODY;
    }

    /// A device writes `count` bytes from byte `within` of `line` on; the line lies in `set`, and this is its home.
    void deviceWrite(int set, long line, int within, byte[] from, int offset, int count) {
        int slot = lines.find(set, line);
        if (isJustHere(slot, line)) {
            counts.deviceWriteHits++;
            lines.touch(slot);
        } else {
            slot = deviceWriteRoom(slot, line, count == lines.lineBytes);
        }
        System.arraycopy(from, offset, lines.data, lines.dataOf(slot) + within, count);
        lines.states[slot] = LineState.MODIFIED;
    }

    /// Where the bytes of a device write go when the line is not just here.
    private int deviceWriteRoom(int found, long line, boolean whole) {
        if (!whole) {
            // Part of a line: its other bytes are read first, wherever they are.
            readOldBytes(found, line);
        } else if (found == LineArray.NONE) {
            interconnect.dropElsewhere(index, line);
        }
        if (found != LineArray.NONE) {
            if (lines.states[found] == LineState.SHARED) {
                interconnect.dropElsewhere(index, line);
            }
            tellCores(found, holders[found]);
        }
        int slot;
        if (found != LineArray.NONE && lines.hasData(found)) {
            counts.deviceWriteHits++;
            holders[found] = 0;
            owners[found] = NOBODY;
            lines.touch(found);
            slot = found;
        } else {
            if (found != LineArray.NONE) {
                forget(found);
            }
            counts.deviceAllocations++;
            slot = allocate(line, LineState.MODIFIED, parameters.io().writeWays());
        }
        if (!whole) {
            System.arraycopy(scratch, 0, lines.data, lines.dataOf(slot), lines.lineBytes);
        }
        return slot;
    }

    private void readOldBytes(int slot, long line) {
        if (slot == LineArray.NONE) {
            interconnect.fetch(index, line, true, scratch, 0);
        } else {
            askCores(slot);
            System.arraycopy(newestIn(slot), newestAt(slot), scratch, 0, lines.lineBytes);
        }
    }

    // What anybody asks for. `slot` is one that holds a line.

    /// The array with the newest bytes that this socket has of a line; they begin at [#newestAt].
    byte[] newestIn(int slot) {
        int core = coreWithNewest(slot);
        return core == NOBODY ? lines.data : cores[core].lines.data;
    }

    int newestAt(int slot) {
        int core = coreWithNewest(slot);
        return core == NOBODY ? lines.dataOf(slot) : cores[core].dataOf(lines.lines[slot]);
    }

    /// Lets the time pass in which the core that has the newest bytes, if any, hands them over.
    void askCores(int slot) {
        if (coreWithNewest(slot) != NOBODY) {
            counts.coreSnoops++;
            time.add(parameters.snoopPicos());
        }
    }

    /// Whether memory's bytes are older than this socket's.
    boolean isDirty(int slot) {
        return lines.states[slot] == LineState.MODIFIED || ownerHasModified(slot);
    }

    /// The line's newest bytes are in memory now, and nobody forgets it.
    void becomeClean(int slot) {
        takeBytesOfOwner(slot);
        if (owners[slot] != NOBODY) {
            cores[owners[slot]].setState(lines.lines[slot], LineState.EXCLUSIVE);
        }
        if (lines.states[slot] == LineState.MODIFIED) {
            lines.states[slot] = LineState.EXCLUSIVE;
        }
    }

    /// Another socket has the line too from now on. Memory is up to date.
    void becomeShared(int slot) {
        becomeClean(slot);
        disown(slot);
        lines.states[slot] = LineState.SHARED;
    }

    /// Forgets the line, also in cores. Its bytes are lost unless somebody has taken them.
    void drop(int slot) {
        tellCores(slot, holders[slot]);
        forget(slot);
    }

    /// Saves and forgets all lines, at once and uncounted.
    void flush() {
        for (int slot = 0; slot < lines.slots(); slot++) {
            if (!lines.isFree(slot)) {
                if (isDirty(slot)) {
                    long address = lines.lines[slot] * lines.lineBytes;
                    interconnect.bytes.write(address, newestIn(slot), newestAt(slot), lines.lineBytes);
                }
                for (long rest = holders[slot]; rest != 0; rest &= rest - 1) {
                    cores[Long.numberOfTrailingZeros(rest)].drop(lines.lines[slot]);
                }
                forget(slot);
            }
        }
    }

    // Room.

    /// Puts the line's newest bytes into the last-level cache; who owned it shares it from now on.
    ///
    /// @return the slot, which has room for bytes
    private int settle(int slot) {
        if (lines.hasData(slot)) {
            if (ownerHasModified(slot)) {
                takeBytesOfOwner(slot);
                lines.states[slot] = LineState.MODIFIED;
            }
            disown(slot);
            return slot;
        }
        long line = lines.lines[slot];
        long who = holders[slot];
        byte state = isDirty(slot) ? LineState.MODIFIED : lines.states[slot];
        byte[] newest = newestIn(slot);
        int at = newestAt(slot);
        disown(slot);
        forget(slot);
        int room = allocate(line, state, lines.allDataWays());
        System.arraycopy(newest, at, lines.data, lines.dataOf(room), lines.lineBytes);
        holders[room] = who;
        return room;
    }

    /// A slot with room for bytes for `line`, held by no core yet, in one of the ways of `wayMask`.
    private int allocate(long line, byte state, long wayMask) {
        int slot = lines.victim(lines.setOf(line), wayMask);
        if (!lines.isFree(slot)) {
            evict(slot);
        }
        lines.put(slot, line, state);
        return slot;
    }

    private int allocateTag(long line, byte state) {
        int slot = lines.tagVictim(lines.setOf(line));
        if (!lines.isFree(slot)) {
            evictHolders(slot);
        }
        lines.put(slot, line, state);
        return slot;
    }

    /// Makes a slot with bytes free. Cores may keep the line if the directory has a way for it.
    void evict(int slot) {
        counts.evictions++;
        if (lines.tagWays == 0 || holders[slot] == 0) {
            evictHolders(slot);
            return;
        }
        if (lines.states[slot] == LineState.MODIFIED && !ownerHasModified(slot)) {
            writeBack(slot);
        }
        byte state = lines.states[slot] == LineState.SHARED ? LineState.SHARED : LineState.EXCLUSIVE;
        long line = lines.lines[slot];
        long who = holders[slot];
        byte owner = owners[slot];
        forget(slot);
        int tag = allocateTag(line, state);
        holders[tag] = who;
        owners[tag] = owner;
    }

    /// Makes a slot free that no core may use any more, having saved the newest bytes.
    private void evictHolders(int slot) {
        if (isDirty(slot)) {
            writeBack(slot);
        }
        for (long rest = holders[slot]; rest != 0; rest &= rest - 1) {
            counts.backInvalidations++;
            cores[Long.numberOfTrailingZeros(rest)].drop(lines.lines[slot]);
        }
        forget(slot);
    }

    void writeBack(int slot) {
        counts.writeBacks++;
        interconnect.writeBack(index, lines.lines[slot], newestIn(slot), newestAt(slot));
    }

    private void forget(int slot) {
        lines.free(slot);
        holders[slot] = 0;
        owners[slot] = NOBODY;
    }

    // Cores.

    private void disown(int slot) {
        if (owners[slot] != NOBODY) {
            cores[owners[slot]].setState(lines.lines[slot], LineState.SHARED);
            owners[slot] = NOBODY;
        }
    }

    private void takeBytesOfOwner(int slot) {
        if (lines.hasData(slot) && ownerHasModified(slot)) {
            System.arraycopy(newestIn(slot), newestAt(slot), lines.data, lines.dataOf(slot), lines.lineBytes);
        }
    }

    private boolean ownerHasModified(int slot) {
        return owners[slot] != NOBODY && cores[owners[slot]].state(lines.lines[slot]) == LineState.MODIFIED;
    }

    private int coreWithNewest(int slot) {
        if (owners[slot] != NOBODY || lines.hasData(slot)) {
            return owners[slot];
        }
        return Long.numberOfTrailingZeros(holders[slot]);
    }

    /// Takes the line away from the cores `who`; all at the same time.
    private void tellCores(int slot, long who) {
        if (who != 0) {
            time.add(parameters.snoopPicos());
        }
        for (long rest = who; rest != 0; rest &= rest - 1) {
            counts.coreSnoops++;
            cores[Long.numberOfTrailingZeros(rest)].drop(lines.lines[slot]);
        }
    }

    private int held(long line) {
        int slot = lines.find(line);
        if (slot == LineArray.NONE) {
            throw Check.bug("socket %d does not know who holds line 0x%x", index, line);
        }
        return slot;
    }
}
