package flyby.dma;

import flyby.dma.DmaFaults.Point;
import flyby.dma.DmaStatistics.Count;
import flyby.kernel.KernelMemory;
import org.jspecify.annotations.Nullable;

/// A device's use of bounce buffers: copies between them and the memory that they stand for, all by the CPU.
final class Bouncing {
    private static final int COPY_BYTES = KernelMemory.PAGE_BYTES;

    private final DeviceState state;
    private final @Nullable Swiotlb pool;
    // For the next copy; an interrupt handler that copies meanwhile has its own.
    private byte @Nullable [] buffer = new byte[COPY_BYTES];

    Bouncing(DeviceState state) {
        this.state = state;
        this.pool = state.platform.bounce().pool();
    }

    /// `is_swiotlb_active`.
    boolean isActive() {
        return pool != null;
    }

    /// Whether `physical` is a bounce buffer.
    boolean isBuffer(long physical) {
        return pool != null && pool.contains(physical);
    }

    /// Whether the allocator may have put something else into the lines of a buffer, and devices do not ask the
    /// caches. `dma_kmalloc_needs_bounce`.
    boolean needsWholeLines(long byteCount, Direction direction) {
        Dma.Platform platform = state.platform;
        if (!platform.bounce().wholeLines() || platform.isCoherent() || direction == Direction.TO_DEVICE) {
            return false;
        }
        int line = platform.cacheLineBytes();
        return byteCount < 2L * line && state.kernel.memory().kmallocBytes(byteCount) % line != 0;
    }

    /// `dev_use_swiotlb`.
    boolean isUsedBehindIommu(long byteCount, Direction direction) {
        return state.platform.isUntrusted() || needsWholeLines(byteCount, direction);
    }

    /// A buffer that stands for `byteCount` bytes at `physical`, with a copy of them. `swiotlb_tbl_map_single`.
    ///
    /// @return its physical address, or [Dma#MAPPING_ERROR]
    long map(long physical, long byteCount, int alignMask, Direction direction, long attributes) {
        Swiotlb from = pool;
        if (from == null || byteCount == 0) {
            state.warn("no bounce buffer for %d bytes", byteCount);
            return Dma.MAPPING_ERROR;
        }
        long at = state.faults.fails(Point.BOUNCE)
                ? -1
                : from.allocate(physical, byteCount, alignMask, state.minAlignMask, state.segBoundary, 0);
        if (at < 0) {
            if ((attributes & Attributes.NO_WARN) == 0) {
                state.warn(
                        "swiotlb buffer is full (sz: %d bytes), total %d (slots), used %d (slots)",
                        byteCount, from.slotCount(), from.usedSlots());
            }
            return Dma.MAPPING_ERROR;
        }
        state.skipsSync = false;
        state.count(Count.BOUNCES, 1);
        // Whatever the direction: the device may write less than all of it, and what it does not write comes back.
        if (direction != Direction.FROM_DEVICE || state.platform.bounce().copiesIn()) {
            copyIn(at, byteCount);
        }
        return at;
    }

    /// `swiotlb_tbl_unmap_single`.
    void unmap(long buffer, long byteCount, Direction direction, long attributes) {
        if (isBuffer(buffer)) {
            if ((attributes & Attributes.SKIP_CPU_SYNC) == 0) {
                forCpu(buffer, byteCount, direction);
            }
            release(buffer);
        }
    }

    /// Gives a buffer back, whatever is in it.
    void release(long buffer) {
        if (pool != null && !pool.release(buffer, state.minAlignMask)) {
            state.warn("a bounce buffer at 0x%x that nobody has is given back", buffer);
        }
    }

    /// `swiotlb_sync_single_for_cpu`.
    void forCpu(long buffer, long byteCount, Direction direction) {
        if (isBuffer(buffer) && direction.isWritten()) {
            long count = bytes(buffer, byteCount);
            state.count(Count.BOUNCED_OUT_BYTES, count);
            copy(buffer, original(buffer), count);
        }
    }

    /// `swiotlb_sync_single_for_device`.
    void forDevice(long buffer, long byteCount, Direction direction) {
        if (isBuffer(buffer) && direction.isRead()) {
            copyIn(buffer, byteCount);
        }
    }

    private void copyIn(long buffer, long byteCount) {
        long count = bytes(buffer, byteCount);
        state.count(Count.BOUNCED_IN_BYTES, count);
        copy(original(buffer), buffer, count);
    }

    private long original(long buffer) {
        return pool == null ? -1 : pool.originalOf(buffer, state.minAlignMask);
    }

    /// As many bytes of `byteCount` as the mapping has.
    private long bytes(long buffer, long byteCount) {
        if (pool == null || original(buffer) < 0) {
            return 0;
        }
        long room = pool.bytesFrom(buffer, state.minAlignMask);
        if (byteCount > room) {
            state.warnOnce("Buffer overflow detected. Allocation size: %d. Mapping size: %d.", room, byteCount);
            return Math.max(room, 0);
        }
        return byteCount;
    }

    private void copy(long from, long to, long byteCount) {
        byte[] bytes = buffer == null ? new byte[COPY_BYTES] : buffer;
        buffer = null;
        for (long done = 0; done < byteCount; done += COPY_BYTES) {
            int count = (int) Math.min(COPY_BYTES, byteCount - done);
            state.cpu().loadBytes(from + done, bytes, 0, count);
            state.cpu().storeBytes(to + done, bytes, 0, count);
        }
        buffer = bytes;
    }

    /// Stores zeros around a buffer, up to the ends of its granules, so that the device sees nothing old.
    void clearAround(long buffer, long byteCount, long granule) {
        long begin = buffer & -granule;
        long end = buffer + byteCount;
        clear(begin, buffer - begin);
        clear(end, (end + granule - 1 & -granule) - end);
    }

    /// Stores zeros. `memset`.
    void clear(long physical, long byteCount) {
        byte[] zeros = new byte[(int) Math.min(COPY_BYTES, byteCount)];
        for (long done = 0; done < byteCount; done += COPY_BYTES) {
            state.cpu().storeBytes(physical + done, zeros, 0, (int) Math.min(COPY_BYTES, byteCount - done));
        }
    }
}
