package flyby.coherence;

import java.util.Arrays;

/// Lines in sets and ways, with states, bytes and the order of their last use: what every cache is made of.
///
/// A slot is the place of one line. Slots below [#dataSlots] have room for its bytes; a directory's further ways
/// have not. Consecutive lines lie in consecutive sets; the hash that spreads lines over the slices of real
/// last-level caches is not modelled.
final class LineArray {
    static final int NONE = -1;
    private static final long NO_LINE = -1;

    final int sets;
    final int dataWays;
    final int tagWays;
    final int dataSlots;
    final int lineBytes;
    /// Line numbers: addresses divided by the size of a line.
    final long[] lines;

    final byte[] states;
    final byte[] data;
    private final long[] lastUse;
    private long useCount;

    /// @param tagWays ways of each set without bytes
    LineArray(int sets, int dataWays, int tagWays, int lineBytes) {
        this.sets = sets;
        this.dataWays = dataWays;
        this.tagWays = tagWays;
        this.dataSlots = sets * dataWays;
        this.lineBytes = lineBytes;
        int slots = sets * (dataWays + tagWays);
        this.lines = new long[slots];
        this.states = new byte[slots];
        this.lastUse = new long[slots];
        this.data = new byte[dataSlots * lineBytes];
        Arrays.fill(lines, NO_LINE);
    }

    int slots() {
        return lines.length;
    }

    int setOf(long line) {
        return (int) (line % sets);
    }

    /// The slot of `line`, or [#NONE].
    int find(long line) {
        return find(setOf(line), line);
    }

    /// The slot of `line`, which belongs to `set`, or [#NONE].
    int find(int set, long line) {
        int first = set * dataWays;
        for (int slot = first; slot < first + dataWays; slot++) {
            if (lines[slot] == line) {
                return slot;
            }
        }
        int firstTag = dataSlots + set * tagWays;
        for (int slot = firstTag; slot < firstTag + tagWays; slot++) {
            if (lines[slot] == line) {
                return slot;
            }
        }
        return NONE;
    }

    /// The slot with room for bytes, among those ways of `set` whose bits are set, that the next line should take:
    /// an empty one, or else the least recently used.
    int victim(int set, int wayMask) {
        int first = set * dataWays;
        int oldest = NONE;
        for (int ways = wayMask; ways != 0; ways &= ways - 1) {
            int slot = first + Integer.numberOfTrailingZeros(ways);
            if (lines[slot] == NO_LINE) {
                return slot;
            }
            if (oldest == NONE || lastUse[slot] < lastUse[oldest]) {
                oldest = slot;
            }
        }
        return oldest;
    }

    /// As [#victim], among the ways without bytes.
    int tagVictim(int set) {
        int first = dataSlots + set * tagWays;
        int oldest = first;
        for (int slot = first; slot < first + tagWays; slot++) {
            if (lines[slot] == NO_LINE) {
                return slot;
            }
            if (lastUse[slot] < lastUse[oldest]) {
                oldest = slot;
            }
        }
        return oldest;
    }

    boolean isFree(int slot) {
        return lines[slot] == NO_LINE;
    }

    boolean hasData(int slot) {
        return slot < dataSlots;
    }

    /// Where the bytes of `slot` begin in [#data].
    int dataOf(int slot) {
        return slot * lineBytes;
    }

    void touch(int slot) {
        lastUse[slot] = ++useCount;
    }

    void put(int slot, long line, byte state) {
        lines[slot] = line;
        states[slot] = state;
        touch(slot);
    }

    void free(int slot) {
        lines[slot] = NO_LINE;
        states[slot] = LineState.INVALID;
    }
}
