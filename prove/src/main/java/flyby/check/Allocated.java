package flyby.check;

import flyby.check.Finding.Step;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/// Who was given which memory of the kernel's, and who gave it back: for reports.
final class Allocated {
    /// One allocation.
    private static final class Block {
        final long begin;
        final long byteCount;
        final String purpose;
        final List<Step> life = new ArrayList<>(2);

        Block(long begin, long byteCount, String purpose) {
            this.purpose = purpose;
            this.begin = begin;
            this.byteCount = byteCount;
        }
    }

    /// Some bytes behind an allocation are taken for an overrun of it.
    private static final int BEHIND_BYTES = 4096;

    private final TreeMap<Long, Block> blocks = new TreeMap<>();

    void given(long address, long byteCount, String purpose, CallSite site, long timePicos) {
        Block block = new Block(address, byteCount, purpose);
        block.life.add(
                new Step(timePicos, "%d bytes at 0x%x were given for %s".formatted(byteCount, address, purpose), site));
        blocks.put(address, block);
    }

    /// How many bytes were asked for at `address`; 0 if that is not known.
    long bytesAt(long address) {
        Block block = blocks.get(address);
        return block == null ? 0 : block.byteCount;
    }

    /// Whether what begins at `address` was given for `purpose`.
    boolean isOf(long address, String purpose) {
        Block block = blocks.get(address);
        return block != null && block.purpose.equals(purpose);
    }

    void taken(long address, CallSite site, long timePicos) {
        Block block = blocks.get(address);
        if (block != null) {
            block.life.add(new Step(timePicos, "they were given back", site));
        }
    }

    /// The life of what `address` is in, or shortly behind.
    List<Step> life(long address) {
        Map.Entry<Long, Block> entry = blocks.floorEntry(address);
        if (entry == null || address - entry.getValue().begin >= entry.getValue().byteCount + BEHIND_BYTES) {
            return List.of();
        }
        return List.copyOf(entry.getValue().life);
    }
}
