package flyby.link;

import java.util.Arrays;

/// Packets of runs that have left without events of their own and are not over yet, in their order, with the times
/// at which they arrive.
///
/// Equal packets that left one behind the other are a group. Three things happen to each packet, all put off until
/// somebody looks: its arrival is noted for Acks, its room is freed, its bytes are handed over.
final class Train {
    private static final long NEVER = Long.MAX_VALUE;

    private final Pieces pieces = new Pieces();
    private final long denominator;
    // Of each group: when its first packet left and how long all fly, in picoseconds; what one takes on the wire, and
    // what the first was early, in parts of a picosecond; how many there are, and of how many bytes and credits each.
    private long[] basesPicos = new long[16];
    private long[] parts = new long[16];
    private long[] lags = new long[16];
    /// When the last one arrives.
    private long[] endsPicos = new long[16];
    private int[] counts = new int[16];
    private int[] byteCounts = new int[16];
    private int[] units = new int[16];
    // Groups are counted from the start for ever, and taken modulo the length.
    private long added;
    private final Cursor noted = new Cursor();
    private final Cursor freed = new Cursor();
    private final Cursor handed = new Cursor();

    /// How far one of the three things has got.
    private static final class Cursor {
        private long group;
        private int packet;
    }

    /// @param denominator how many parts a picosecond has
    Train(long denominator) {
        this.denominator = denominator;
    }

    /// The packets that are added from now on carry `data` from index `offset` on to `address`, one after the
    /// other.
    void begin(byte[] data, int offset, long address) {
        pieces.add(data, offset, address);
    }

    /// `count` packets with the next bytes, `byteCount` each, leave one behind the other.
    ///
    /// @param basePicos when the first begins to leave, and the propagation on top
    /// @param lag how many parts of a picosecond before that it really begins
    /// @param partsEach how long each takes, in parts of a picosecond
    /// @param endPicos when the last one arrives
    /// @param dataUnits the credits of each
    void add(long basePicos, long lag, long partsEach, long endPicos, int count, int byteCount, int dataUnits) {
        if (added - Math.min(handed.group, Math.min(noted.group, freed.group)) == counts.length) {
            grow();
        }
        int at = index(added++);
        basesPicos[at] = basePicos;
        lags[at] = lag;
        parts[at] = partsEach;
        endsPicos[at] = endPicos;
        counts[at] = count;
        byteCounts[at] = byteCount;
        units[at] = dataUnits;
        pieces.extend(count * byteCount);
    }

    /// When the next one arrives whose arrival is not noted, or [Long#MAX_VALUE].
    long nextArrivalPicos() {
        return nextPicos(noted);
    }

    void note() {
        advance(noted, 1);
    }

    /// When the next one arrives whose room is not freed, or [Long#MAX_VALUE].
    long nextToFreePicos() {
        return nextPicos(freed);
    }

    /// Frees it.
    ///
    /// @return its data credits
    int free() {
        int dataUnits = units[index(freed.group)];
        advance(freed, 1);
        return dataUnits;
    }

    /// Gives the credits of all that arrived before `endPicos` back to `credits`.
    void free(CreditPool credits, long endPicos) {
        boolean isWhole = true;
        while (isWhole && freed.group != added) {
            int at = index(freed.group);
            int count = arrived(at, freed.packet, endPicos);
            credits.restore(count, count * units[at]);
            isWhole = advance(freed, count);
        }
    }

    /// Nobody asks about arrivals.
    void noteAll() {
        noted.group = added;
        noted.packet = 0;
    }

    /// Nobody asks about room.
    void freeAll() {
        freed.group = added;
        freed.packet = 0;
    }

    boolean allFreed() {
        return freed.group == added;
    }

    /// Hands over the bytes of all that arrived before `endPicos`, in pieces as long as possible.
    void handOver(TrainReceiver receiver, long endPicos) {
        int byteCount = 0;
        boolean isWhole = true;
        while (isWhole && handed.group != added) {
            int at = index(handed.group);
            int count = arrived(at, handed.packet, endPicos);
            byteCount += count * byteCounts[at];
            isWhole = advance(handed, count);
        }
        pieces.handOver(receiver, byteCount);
    }

    /// The owner of the bytes wants them back: what has not been handed over is copied.
    void keepBytes() {
        pieces.keep();
    }

    /// All that has not arrived before `endPicos` is lost, and nobody asks about the arrival and the room of the
    /// others. Their bytes can still be handed over.
    void lose(long endPicos) {
        int byteCount = 0;
        long group = handed.group;
        int over = handed.packet;
        while (group != added) {
            int at = index(group);
            int count = arrived(at, over, endPicos);
            byteCount += count * byteCounts[at];
            if (over + count < counts[at]) {
                counts[at] = over + count;
                endsPicos[at] = arrivalPicos(at, counts[at] - 1);
                added = count == 0 ? group : group + 1;
            }
            group = Math.min(group + 1, added);
            over = 0;
        }
        if (handed.group == added) {
            handed.packet = 0;
        }
        noteAll();
        freeAll();
        pieces.lose(byteCount);
        pieces.keep();
    }

    private long nextPicos(Cursor cursor) {
        return cursor.group == added ? NEVER : arrivalPicos(index(cursor.group), cursor.packet);
    }

    private long arrivalPicos(int at, int packet) {
        return basesPicos[at] + Math.ceilDiv((packet + 1) * parts[at] - lags[at], denominator);
    }

    /// How many packets of the group at `at` but the first `over`, which have, have arrived before `endPicos`.
    private int arrived(int at, int over, long endPicos) {
        if (endPicos > endsPicos[at]) {
            return counts[at] - over;
        }
        long picos = endPicos - 1 - basesPicos[at];
        return picos < 0 ? 0 : (int) ((picos * denominator + lags[at]) / parts[at]) - over;
    }

    /// @return whether the group is over
    private boolean advance(Cursor cursor, int count) {
        cursor.packet += count;
        if (cursor.packet < counts[index(cursor.group)]) {
            return false;
        }
        cursor.group++;
        cursor.packet = 0;
        return true;
    }

    private void grow() {
        int length = counts.length;
        basesPicos = Arrays.copyOf(basesPicos, 2 * length);
        parts = Arrays.copyOf(parts, 2 * length);
        lags = Arrays.copyOf(lags, 2 * length);
        endsPicos = Arrays.copyOf(endsPicos, 2 * length);
        counts = Arrays.copyOf(counts, 2 * length);
        byteCounts = Arrays.copyOf(byteCounts, 2 * length);
        units = Arrays.copyOf(units, 2 * length);
        for (long group = added - length; group < added; group++) {
            int from = (int) group & (length - 1);
            int to = index(group);
            basesPicos[to] = basesPicos[from];
            parts[to] = parts[from];
            lags[to] = lags[from];
            endsPicos[to] = endsPicos[from];
            counts[to] = counts[from];
            byteCounts[to] = byteCounts[from];
            units[to] = units[from];
        }
    }

    private int index(long group) {
        return (int) group & (counts.length - 1);
    }
}
