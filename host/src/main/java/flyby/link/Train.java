package flyby.link;

/// Packets of runs that have left without events of their own and are not over yet, in their order, with the times
/// at which they arrive.
///
/// Three things happen to each, all put off until somebody looks: its arrival is noted for Acks, its room is freed,
/// its bytes are handed over.
final class Train {
    private final Pieces pieces = new Pieces();
    private long[] arrivalsPicos = new long[64];
    private int[] byteCounts = new int[64];
    private int[] units = new int[64];
    // Counted from the start for ever, and taken modulo the length.
    private long added;
    private long noted;
    private long freed;
    private long handed;

    /// The packets that are added from now on carry `data` from index `offset` on to `address`, one after the
    /// other.
    void begin(byte[] data, int offset, long address) {
        pieces.add(data, offset, address);
    }

    /// A packet with the next `byteCount` bytes has left.
    void add(long arrivalPicos, int byteCount, int dataUnits) {
        if (added - Math.min(handed, Math.min(noted, freed)) == arrivalsPicos.length) {
            grow();
        }
        int at = index(added++);
        arrivalsPicos[at] = arrivalPicos;
        byteCounts[at] = byteCount;
        units[at] = dataUnits;
        pieces.extend(byteCount);
    }

    /// When the next one arrives whose arrival is not noted, or [Long#MAX_VALUE].
    long nextArrivalPicos() {
        return noted == added ? Long.MAX_VALUE : arrivalsPicos[index(noted)];
    }

    void note() {
        noted++;
    }

    /// When the next one arrives whose room is not freed, or [Long#MAX_VALUE].
    long nextToFreePicos() {
        return freed == added ? Long.MAX_VALUE : arrivalsPicos[index(freed)];
    }

    /// Frees it.
    ///
    /// @return its data credits
    int free() {
        return units[index(freed++)];
    }

    /// Nobody asks about arrivals.
    void noteAll() {
        noted = added;
    }

    /// Nobody asks about room.
    void freeAll() {
        freed = added;
    }

    boolean allFreed() {
        return freed == added;
    }

    /// Hands over the bytes of all that arrived before `endPicos`, in pieces as long as possible.
    void handOver(TrainReceiver receiver, long endPicos) {
        int byteCount = 0;
        while (handed < added && arrivalsPicos[index(handed)] < endPicos) {
            byteCount += byteCounts[index(handed++)];
        }
        pieces.handOver(receiver, byteCount);
    }

    /// The owner of the bytes wants them back: what has not been handed over is copied.
    void keepBytes() {
        pieces.keep();
    }

    /// All that is not over is lost.
    void clear() {
        noted = added;
        freed = added;
        handed = added;
        pieces.clear();
    }

    private void grow() {
        int mask = arrivalsPicos.length - 1;
        long[] oldArrivals = arrivalsPicos;
        int[] oldByteCounts = byteCounts;
        int[] oldUnits = units;
        arrivalsPicos = new long[2 * oldArrivals.length];
        byteCounts = new int[2 * oldArrivals.length];
        units = new int[2 * oldArrivals.length];
        for (long i = added - oldArrivals.length; i < added; i++) {
            int from = (int) i & mask;
            arrivalsPicos[index(i)] = oldArrivals[from];
            byteCounts[index(i)] = oldByteCounts[from];
            units[index(i)] = oldUnits[from];
        }
    }

    private int index(long number) {
        return (int) number & (arrivalsPicos.length - 1);
    }
}
