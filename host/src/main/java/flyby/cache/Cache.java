package flyby.cache;

import flyby.base.Check;
import java.util.Arrays;

/// A set-associative, write-back, write-allocate cache with least-recently-used replacement, and with the bytes.
///
/// It snoops nothing: what others write to memory it learns only when its line is gone. That is the machine on
/// which DMA needs cache maintenance. It knows no time either; its [Backing] lets time pass while a line is on its
/// way.
public final class Cache {
    /// The other side of the cache: the bus, and behind it memory.
    public interface Backing {
        /// Fills `lines` from index `offset` on with the line at `address`, as memory holds it.
        void fill(long address, byte[] lines, int offset, int byteCount);

        /// Writes the line in `lines` from index `offset` on to memory at `address`.
        void writeBack(long address, byte[] lines, int offset, int byteCount);
    }

    private static final long NO_LINE = -1;

    private final int lineBytes;
    private final int ways;
    private final int sets;
    private final Backing backing;
    private final byte[] data;
    private final long[] lineAddresses;
    private final boolean[] dirty;
    private final long[] lastUse;
    private long useCount;
    private long hits;
    private long misses;
    private long writeBacks;

    /// @param sizeBytes a multiple of `ways * lineBytes` by a power of two
    /// @param lineBytes a power of two, 4 to 4,096
    public Cache(int sizeBytes, int ways, int lineBytes, Backing backing) {
        Check.that(Integer.bitCount(lineBytes) == 1 && lineBytes >= 4 && lineBytes <= 4096, "lines of %d B", lineBytes);
        Check.that(ways >= 1, "%d ways", ways);
        this.sets = sizeBytes / (ways * lineBytes);
        Check.that(
                Integer.bitCount(sets) == 1 && sets * ways * lineBytes == sizeBytes,
                "%d B in %d ways of %d B lines",
                sizeBytes,
                ways,
                lineBytes);
        this.lineBytes = lineBytes;
        this.ways = ways;
        this.backing = backing;
        this.data = new byte[sizeBytes];
        this.lineAddresses = new long[sets * ways];
        this.dirty = new boolean[sets * ways];
        this.lastUse = new long[sets * ways];
        Arrays.fill(lineAddresses, NO_LINE);
    }

    public int lineBytes() {
        return lineBytes;
    }

    public long hits() {
        return hits;
    }

    public long misses() {
        return misses;
    }

    /// How many lines were written to memory, to make room or on demand.
    public long writeBacks() {
        return writeBacks;
    }

    /// Loads `byteCount` bytes at `address`, which must lie in one line.
    public void load(long address, byte[] into, int offset, int byteCount) {
        int line = bring(address, byteCount);
        System.arraycopy(data, line * lineBytes + within(address), into, offset, byteCount);
    }

    /// Stores `byteCount` bytes at `address`, which must lie in one line; memory does not see them yet.
    public void store(long address, byte[] from, int offset, int byteCount) {
        int line = bring(address, byteCount);
        System.arraycopy(from, offset, data, line * lineBytes + within(address), byteCount);
        dirty[line] = true;
    }

    /// Writes the lines that overlap the range and are dirty back to memory, and keeps them.
    ///
    /// @return how many lines overlap the range: the loop of maintenance instructions that a CPU runs
    public long clean(long address, long byteCount) {
        return maintain(address, byteCount, true, false);
    }

    /// Forgets the lines that overlap the range. What was dirty in them is lost, as in hardware: a range that does
    /// not begin and end at line boundaries takes the neighbours' bytes with it.
    ///
    /// @return how many lines overlap the range
    public long invalidate(long address, long byteCount) {
        return maintain(address, byteCount, false, true);
    }

    /// Writes the dirty lines that overlap the range back to memory and forgets all that overlap it.
    ///
    /// @return how many lines overlap the range
    public long cleanAndInvalidate(long address, long byteCount) {
        return maintain(address, byteCount, true, true);
    }

    /// Whether the line of `address` is here. Looks without touching: no time, no statistics, no replacement.
    public boolean holds(long address) {
        return find(lineOf(address)) >= 0;
    }

    /// Whether the line of `address` is here and differs from memory. Looks without touching.
    public boolean holdsDirty(long address) {
        int line = find(lineOf(address));
        return line >= 0 && dirty[line];
    }

    /// The byte that the cache holds for `address`, which it must hold. Looks without touching.
    public byte peek(long address) {
        int line = find(lineOf(address));
        Check.that(line >= 0, "no line for 0x%x", address);
        return data[line * lineBytes + within(address)];
    }

    private long maintain(long address, long byteCount, boolean clean, boolean forget) {
        if (byteCount == 0) {
            return 0;
        }
        long first = lineOf(address);
        long lines = (lineOf(address + byteCount - 1) - first) / lineBytes + 1;
        for (long i = 0; i < lines; i++) {
            int line = find(first + i * lineBytes);
            if (line >= 0) {
                if (clean) {
                    writeBack(line);
                }
                if (forget) {
                    lineAddresses[line] = NO_LINE;
                    dirty[line] = false;
                }
            }
        }
        return lines;
    }

    private int bring(long address, int byteCount) {
        assert within(address) + byteCount <= lineBytes : address;
        long lineAddress = lineOf(address);
        int line = find(lineAddress);
        if (line >= 0) {
            hits++;
        } else {
            misses++;
            line = victim(lineAddress);
            writeBack(line);
            lineAddresses[line] = NO_LINE;
            backing.fill(lineAddress, data, line * lineBytes, lineBytes);
            lineAddresses[line] = lineAddress;
        }
        lastUse[line] = ++useCount;
        return line;
    }

    private void writeBack(int line) {
        if (dirty[line]) {
            writeBacks++;
            backing.writeBack(lineAddresses[line], data, line * lineBytes, lineBytes);
            dirty[line] = false;
        }
    }

    private int victim(long lineAddress) {
        int first = setOf(lineAddress) * ways;
        int oldest = first;
        for (int line = first; line < first + ways; line++) {
            if (lineAddresses[line] == NO_LINE) {
                return line;
            }
            if (lastUse[line] < lastUse[oldest]) {
                oldest = line;
            }
        }
        return oldest;
    }

    private int find(long lineAddress) {
        int first = setOf(lineAddress) * ways;
        for (int line = first; line < first + ways; line++) {
            if (lineAddresses[line] == lineAddress) {
                return line;
            }
        }
        return -1;
    }

    private int setOf(long lineAddress) {
        return (int) (lineAddress / lineBytes) & (sets - 1);
    }

    private long lineOf(long address) {
        return address & -lineBytes;
    }

    private int within(long address) {
        return (int) address & (lineBytes - 1);
    }
}
