package flyby.link;

import java.util.Arrays;

/// Packets of runs that have left without events of their own and are not over yet: in their order, with the times
/// at which they arrive.
///
/// Three things happen to each, all put off until somebody looks: its arrival is noted for Acks, its room is freed,
/// its bytes are handed over.
final class Train {
    private static final byte[] NO_BYTES = new byte[0];

    private long[] arrivalsPicos = new long[64];
    private int[] counts = new int[64];
    private byte[][] sources = new byte[64][];
    private int[] offsets = new int[64];
    private long[] addresses = new long[64];
    private byte[] kept = NO_BYTES;
    private byte[] spare = NO_BYTES;
    // Counted from the start for ever, and taken modulo the length.
    private long added;
    private long noted;
    private long freed;
    private long handed;

    Train() {
        Arrays.fill(sources, NO_BYTES);
    }

    boolean isOver() {
        return handed == added && freed == added && noted == added;
    }

    boolean allHanded() {
        return handed == added;
    }

    /// A packet with `byteCount` bytes of `data` has left.
    void add(long arrivalPicos, byte[] data, int offset, int byteCount, long address) {
        if (added - oldest() == arrivalsPicos.length) {
            grow();
        }
        int at = index(added++);
        arrivalsPicos[at] = arrivalPicos;
        counts[at] = byteCount;
        sources[at] = data;
        offsets[at] = offset;
        addresses[at] = address;
    }

    /// When the next one arrives whose arrival is not noted.
    long nextArrivalPicos() {
        return noted == added ? Long.MAX_VALUE : arrivalsPicos[index(noted)];
    }

    void note() {
        noted++;
    }

    /// When the next one arrives whose room is not freed.
    long nextToFreePicos() {
        return freed == added ? Long.MAX_VALUE : arrivalsPicos[index(freed)];
    }

    /// Frees it.
    ///
    /// @return its data credits
    int free() {
        int at = index(freed++);
        return ReceiveBuffer.units(((int) (addresses[at] & 3) + counts[at] + 3) >> 2);
    }

    /// Hands over the bytes of all that arrived before `endPicos`, in pieces as long as possible.
    void handOver(TrainReceiver receiver, long endPicos) {
        while (handed < added && arrivalsPicos[index(handed)] < endPicos) {
            int at = index(handed++);
            byte[] data = sources[at];
            int offset = offsets[at];
            long address = addresses[at];
            int byteCount = counts[at];
            while (handed < added) {
                int next = index(handed);
                if (arrivalsPicos[next] >= endPicos || !follows(next, data, offset + byteCount, address + byteCount)) {
                    break;
                }
                byteCount += counts[next];
                handed++;
            }
            receiver.arrived(data, offset, byteCount, address);
        }
    }

    @SuppressWarnings("ReferenceEquality") // The same array, not an equal one.
    private boolean follows(int at, byte[] data, int offset, long address) {
        return sources[at] == data && offsets[at] == offset && addresses[at] == address;
    }

    /// The owner of the bytes wants them back: what has not been handed over is copied.
    void keepBytes() {
        int byteCount = 0;
        for (long i = handed; i < added; i++) {
            byteCount += counts[index(i)];
        }
        // What was kept before is copied too, into the other of the two buffers.
        byte[] to = spare.length < byteCount ? new byte[2 * byteCount] : spare;
        spare = kept;
        kept = to;
        int offset = 0;
        for (long i = handed; i < added; i++) {
            int at = index(i);
            System.arraycopy(sources[at], offsets[at], to, offset, counts[at]);
            sources[at] = to;
            offsets[at] = offset;
            offset += counts[at];
        }
    }

    /// All that is not over is lost.
    void clear() {
        noted = added;
        freed = added;
        handed = added;
    }

    private int index(long number) {
        return (int) number & (arrivalsPicos.length - 1);
    }

    private void grow() {
        long[] oldArrivals = arrivalsPicos;
        int[] oldCounts = counts;
        byte[][] oldSources = sources;
        int[] oldOffsets = offsets;
        long[] oldAddresses = addresses;
        int length = 2 * oldArrivals.length;
        arrivalsPicos = new long[length];
        counts = new int[length];
        sources = new byte[length][];
        offsets = new int[length];
        addresses = new long[length];
        Arrays.fill(sources, NO_BYTES);
        for (long i = oldest(); i < added; i++) {
            int from = (int) i & (oldArrivals.length - 1);
            int at = index(i);
            arrivalsPicos[at] = oldArrivals[from];
            counts[at] = oldCounts[from];
            sources[at] = oldSources[from];
            offsets[at] = oldOffsets[from];
            addresses[at] = oldAddresses[from];
        }
    }

    private long oldest() {
        return Math.min(handed, Math.min(noted, freed));
    }
}
