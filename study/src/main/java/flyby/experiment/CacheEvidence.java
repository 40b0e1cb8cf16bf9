package flyby.experiment;

import flyby.cache.Cache;
import flyby.machine.Mainboard;
import flyby.study.Finding;
import flyby.study.Finding.ByteEvidence;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/// Watches for bytes that one side of a cache has and the other does not, and keeps the first of them as evidence.
final class CacheEvidence {
    /// As much as a reader wants to see: four rows of a hex dump.
    private static final int SHOWN_MAX = 64;

    private final Mainboard board;
    private final Cache cache;
    private final byte[] oneByte = new byte[1];
    private byte[] expected = new byte[0];
    private byte[] got = new byte[0];
    private long expectedAddress;
    private int recordedBytes;
    private long wrongBytes;
    private @Nullable Finding first;
    private boolean isStaleRead;

    CacheEvidence(Mainboard board) {
        this.board = board;
        this.cache = Objects.requireNonNull(board.cache(), "a board without a cache");
    }

    /// The CPU saw `seen` where memory holds `right`.
    void staleRead(long address, byte[] seen, byte[] right, int byteCount) {
        isStaleRead = true;
        note(address, seen, "the CPU, through its cache", right, byteCount);
    }

    /// The CPU has stored `block` at `address`; the device is about to be told.
    void expectRecording(long address, byte[] block, int byteCount) {
        expectedAddress = address;
        expected = Arrays.copyOf(block, byteCount);
        got = new byte[byteCount];
        recordedBytes = 0;
    }

    /// The device has read `byteCount` bytes of memory.
    void recorded(byte[] from, int offset, int byteCount) {
        System.arraycopy(from, offset, got, recordedBytes, byteCount);
        recordedBytes += byteCount;
        if (recordedBytes == got.length) {
            note(expectedAddress, got, "the device, in memory", expected, got.length);
        }
    }

    /// What there is to say.
    List<Finding> findings() {
        Finding found = first;
        if (found == null) {
            return List.of();
        }
        String whose = isStaleRead ? "The CPU read " : "The device read ";
        String title =
                String.format(Locale.ROOT, "%s%,d stale %s", whose, wrongBytes, wrongBytes == 1 ? "byte" : "bytes");
        return List.of(new Finding(true, title, found.explanation(), found.remedy(), found.bytes()));
    }

    private void note(long address, byte[] seen, String seenBy, byte[] right, int byteCount) {
        int from = Arrays.mismatch(seen, 0, byteCount, right, 0, byteCount);
        if (from < 0) {
            return;
        }
        for (int i = from; i < byteCount; i++) {
            wrongBytes += seen[i] == right[i] ? 0 : 1;
        }
        if (first == null) {
            int to = Math.min(byteCount, from + SHOWN_MAX);
            long at = address + from;
            ByteEvidence evidence = new ByteEvidence(
                    at,
                    Arrays.copyOfRange(seen, from, to),
                    seenBy,
                    Arrays.copyOfRange(right, from, to),
                    whereIs(at, right[from]));
            first = new Finding(true, "", explanation(), remedy(), List.of(evidence));
        }
    }

    /// Looks at the machine, at this instant, for the right byte.
    private String whereIs(long address, byte right) {
        board.memory().read(address, oneByte, 0, 1);
        boolean inMemory = oneByte[0] == right;
        boolean inCache = cache.holds(address) && cache.peek(address) == right;
        if (inMemory && !inCache) {
            return "memory";
        }
        if (inCache && !inMemory) {
            return cache.holdsDirty(address) ? "a dirty line of the CPU's cache" : "a clean line of the CPU's cache";
        }
        return inMemory ? "memory and cache" : "neither memory nor cache any more";
    }

    private String explanation() {
        return isStaleRead
                ? "The CPU had read the buffer before, so its cache held the buffer's lines. The device then wrote to"
                        + " memory, which the cache does not see on this machine. When the CPU read the buffer again it"
                        + " hit those lines and got the bytes from before."
                : "The CPU stored the bytes into its write-back cache, where they stayed. The device then read memory,"
                        + " which had not got them yet, and took the bytes from before.";
    }

    private String remedy() {
        return isStaleRead
                ? "cpu.invalidateCache(buffer, byteCount) after the transfer and before the CPU reads"
                        + " (Linux: dma_sync_single_for_cpu or dma_unmap_single, DMA_FROM_DEVICE)"
                : "cpu.cleanCache(buffer, byteCount) after the CPU's stores and before the transfer starts"
                        + " (Linux: dma_map_single or dma_sync_single_for_device, DMA_TO_DEVICE)";
    }
}
