package flyby.experiment;

import flyby.memory.PhysicalMemory;
import flyby.study.Finding.ByteEvidence;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/// A stretch of memory as it should be after a transfer, to be compared with what it is: one who programs a DMA
/// controller wrongly overwrites bytes of others.
final class PageWatch {
    /// As much as a reader wants to see of each place: two rows of a hex dump.
    private static final int SHOWN_MAX = 32;

    private static final int PLACES_MAX = 3;
    private static final String SOMEBODY = "somebody else's ";

    private final PhysicalMemory memory;
    private final long start;
    private final byte[] right;

    /// Fills `byteCount` bytes at `start` with what somebody else has there.
    PageWatch(PhysicalMemory memory, long start, int byteCount) {
        this.memory = memory;
        this.start = start;
        this.right = new byte[byteCount];
        for (int i = 0; i < byteCount; i++) {
            right[i] = (byte) SOMEBODY.charAt(i % SOMEBODY.length());
        }
        memory.write(start, right, 0, byteCount);
    }

    /// From now on `bytes` are right at `address`.
    void expect(long address, byte[] bytes) {
        System.arraycopy(bytes, 0, right, (int) (address - start), bytes.length);
    }

    /// How many bytes are not what they should be.
    int wrongBytes() {
        byte[] seen = seen();
        int count = 0;
        for (int i = 0; i < seen.length; i++) {
            count += seen[i] == right[i] ? 0 : 1;
        }
        return count;
    }

    /// The first places where bytes are wrong.
    List<ByteEvidence> evidence() {
        byte[] seen = seen();
        List<ByteEvidence> places = new ArrayList<>();
        int at = Arrays.mismatch(seen, right);
        while (at >= 0 && places.size() < PLACES_MAX) {
            int end = endOfPlace(seen, at);
            int shown = Math.min(end, at + SHOWN_MAX);
            places.add(new ByteEvidence(
                    start + at,
                    Arrays.copyOfRange(seen, at, shown),
                    "memory, after the transfer",
                    Arrays.copyOfRange(right, at, shown),
                    "a right transfer"));
            int next = Arrays.mismatch(seen, end, seen.length, right, end, right.length);
            at = next < 0 ? -1 : end + next;
        }
        return places;
    }

    /// A place ends where a whole shown piece is right again: single bytes may be so by chance.
    private int endOfPlace(byte[] seen, int from) {
        int lastWrong = from;
        for (int i = from; i < seen.length && i <= lastWrong + SHOWN_MAX; i++) {
            lastWrong = seen[i] == right[i] ? lastWrong : i;
        }
        return lastWrong + 1;
    }

    private byte[] seen() {
        byte[] seen = new byte[right.length];
        memory.read(start, seen, 0, seen.length);
        return seen;
    }
}
