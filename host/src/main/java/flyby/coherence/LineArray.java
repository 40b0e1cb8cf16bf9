package flyby.coherence;

import java.util.Arrays;

/// Lines in sets and ways, with states, bytes and the order of their last use: what every cache is made of.
///
/// A slot is the place of one line. Slots below [#dataSlots] have room for its bytes; a directory's further ways
/// have not. Consecutive lines lie in consecutive sets; the hash that spreads lines over the slices of real
/// last-level caches is not modelled.
///
/// Laid out for the machine that runs it: the slots of one way lie together, so that a run of lines that went into
/// one way is a run of slots, and each set has a byte of every line's hash, so that eight ways are searched at
/// once.
final class LineArray {
    static final int NONE = -1;
    private static final long NO_LINE = -1;
    private static final long EACH_BYTE = 0x0101_0101_0101_0101L;
    private static final long GOLDEN_GAMMA = 0x9E37_79B9_7F4A_7C15L;

    final int sets;
    final int dataWays;
    final int tagWays;
    final int dataSlots;
    final int lineBytes;
    /// Line numbers: addresses divided by the size of a line.
    final long[] lines;

    final byte[] states;
    final byte[] data;
    /// Greater is later.
    final long[] lastUse;

    /// A byte for each way: the set's first eight ways in one word, and so on.
    private final long[] hashes;

    private final int hashWords;
    /// The top bits of those bytes of a set's last word that are ways.
    private final long lastWays;

    private long useCount;

    /// @param tagWays ways of each set without bytes
    LineArray(int sets, int dataWays, int tagWays, int lineBytes) {
        this.sets = sets;
        this.dataWays = dataWays;
        this.tagWays = tagWays;
        this.dataSlots = sets * dataWays;
        this.lineBytes = lineBytes;
        int ways = dataWays + tagWays;
        int slots = sets * ways;
        this.lines = new long[slots];
        this.states = new byte[slots];
        this.lastUse = new long[slots];
        this.data = new byte[dataSlots * lineBytes];
        this.hashWords = Math.ceilDiv(ways, 8);
        this.hashes = new long[sets * hashWords];
        this.lastWays = (EACH_BYTE << 7) >>> (8 * (hashWords * 8 - ways));
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
        long wanted = hash(line) * EACH_BYTE;
        int first = set * hashWords;
        for (int word = 0; word < hashWords; word++) {
            long difference = hashes[first + word] ^ wanted;
            // The top bit of each byte that is zero, and of a few that are not.
            long candidates = (difference - EACH_BYTE) & ~difference & (EACH_BYTE << 7);
            if (word == hashWords - 1) {
                candidates &= lastWays;
            }
            while (candidates != 0) {
                int slot = (word * 8 + (Long.numberOfTrailingZeros(candidates) >>> 3)) * sets + set;
                if (lines[slot] == line) {
                    return slot;
                }
                candidates &= candidates - 1;
            }
        }
        return NONE;
    }

    /// A bit for each way with bytes.
    long allDataWays() {
        return -1L >>> (64 - dataWays);
    }

    /// The slot with room for bytes, among those ways of `set` whose bits are set, that the next line should take:
    /// an empty one, or else the least recently used.
    int victim(int set, long wayMask) {
        int oldest = NONE;
        for (long ways = wayMask; ways != 0; ways &= ways - 1) {
            int slot = Long.numberOfTrailingZeros(ways) * sets + set;
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
        int oldest = dataSlots + set;
        for (int slot = oldest; slot < lines.length; slot += sets) {
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
        int way = slot / sets;
        int word = (slot % sets) * hashWords + way / 8;
        int shift = (way % 8) * 8;
        hashes[word] = (hashes[word] & ~(0xffL << shift)) | (hash(line) << shift);
        touch(slot);
    }

    void free(int slot) {
        lines[slot] = NO_LINE;
        states[slot] = LineState.INVALID;
    }

    /// 0 to 255.
    private static long hash(long line) {
        return (line * GOLDEN_GAMMA) >>> 56;
    }
}
