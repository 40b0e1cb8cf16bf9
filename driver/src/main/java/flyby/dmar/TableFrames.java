package flyby.dmar;

import flyby.base.Check;
import flyby.iommu.layout.RemappingTables;
import java.util.Arrays;

/// The pages of memory that tables are made of: `iommu_alloc_pages`.
public final class TableFrames {
    /// Bytes of a page.
    public static final int FRAME_BYTES = 1 << RemappingTables.PAGE_SHIFT;

    private final TableAccess memory;
    private final long end;
    private long next;
    private long[] free = new long[16];
    private int freeCount;

    /// @param memory who writes
    /// @param start of the memory set aside for tables, at a multiple of a page
    public TableFrames(TableAccess memory, long start, long byteCount) {
        Check.that(
                start % FRAME_BYTES == 0 && byteCount >= FRAME_BYTES, "%d bytes for tables at 0x%x", byteCount, start);
        this.memory = memory;
        next = start;
        end = start + byteCount;
    }

    /// A page full of zeros.
    public long allocate() {
        long frame;
        if (freeCount > 0) {
            frame = free[--freeCount];
        } else {
            Check.that(next + FRAME_BYTES <= end, "no memory is left for tables");
            frame = next;
            next += FRAME_BYTES;
        }
        for (int offset = 0; offset < FRAME_BYTES; offset += Long.BYTES) {
            memory.store64(frame + offset, 0);
        }
        return frame;
    }

    /// How many pages are left.
    long available() {
        return freeCount + (end - next) / FRAME_BYTES;
    }

    /// Takes `frame` back.
    public void free(long frame) {
        if (freeCount == free.length) {
            free = Arrays.copyOf(free, 2 * freeCount);
        }
        free[freeCount++] = frame;
    }
}
