package flyby.dmar;

import flyby.sim.Alarm;
import org.jspecify.annotations.Nullable;

/// The IOVAs of a device, or of a group of devices that cannot be told apart: gives them out for memory, and takes
/// them back. Linux's `drivers/iommu/dma-iommu.c`; the DMA API stands on top.
public final class DmaSpace {
    /// No IOVA: there is no room left. `DMA_MAPPING_ERROR`.
    public static final long NONE = IovaAllocator.NONE;

    private static final long INTERRUPTS = 0xfee0_0000L;
    private static final long INTERRUPT_BYTES = 0x10_0000;
    private static final long SPACE_END = 1L << 32;
    private static final long PAGE_MASK = TableFrames.FRAME_BYTES - 1;

    private final @Nullable IommuDomain domain;
    private final @Nullable FlushQueue flushQueue;
    private final IovaAllocator iovas;

    private DmaSpace(@Nullable IommuDomain domain, @Nullable Alarm timer) {
        this.domain = domain;
        // Page 0 stays free, so that an IOVA of 0 is nobody's.
        iovas = new IovaAllocator(TableFrames.FRAME_BYTES, SPACE_END);
        iovas.reserve(INTERRUPTS, INTERRUPT_BYTES);
        flushQueue = domain == null || timer == null ? null : new FlushQueue(flusher(domain), timer);
    }

    private FlushQueue.Flusher flusher(IommuDomain flushed) {
        return new FlushQueue.Flusher() {
            @Override
            public void flush() {
                flushed.flush();
            }

            @Override
            public void free(long iova, long byteCount) {
                iovas.free(iova, byteCount);
            }
        };
    }

    /// Devices reach what is mapped, and nothing else.
    public static DmaSpace strict(IommuDomain domain) {
        return new DmaSpace(domain, null);
    }

    /// Devices reach what is mapped, and for a while what was.
    ///
    /// @param timer fires when the flush queue is to be emptied: its action has a CPU call [#flush]
    public static DmaSpace lazy(IommuDomain domain, Alarm timer) {
        return new DmaSpace(domain, timer);
    }

    /// Devices reach all memory, by its physical addresses.
    public static DmaSpace passThrough() {
        return new DmaSpace(null, null);
    }

    /// When a device can no longer reach what was unmapped.
    public Protection protection() {
        if (domain == null) {
            return Protection.PASS_THROUGH;
        }
        return flushQueue == null ? Protection.STRICT : Protection.LAZY;
    }

    /// Lets devices reach `byteCount` bytes at `physical`, and what else is in the same pages.
    /// `iommu_dma_map_phys`.
    ///
    /// @return the IOVA of the first byte, or [#NONE]
    public long map(long physical, long byteCount, boolean isReadable, boolean isWritable) {
        if (domain == null) {
            return physical;
        }
        long offset = physical & PAGE_MASK;
        long mapped = mappedBytes(physical, byteCount);
        long iova = iovas.allocate(mapped);
        if (iova == NONE && flushQueue != null) {
            // Some wait for nothing but the flush.
            flushQueue.flush();
            iova = iovas.allocate(mapped);
        }
        if (iova == NONE) {
            return NONE;
        }
        domain.map(iova, physical - offset, mapped, isReadable, isWritable);
        return iova + offset;
    }

    /// Takes back what [#map] has given for `byteCount` bytes. `iommu_dma_unmap_phys`.
    public void unmap(long iova, long byteCount) {
        if (domain == null) {
            return;
        }
        long start = iova & ~PAGE_MASK;
        long mapped = mappedBytes(iova, byteCount);
        if (flushQueue == null) {
            domain.unmap(start, mapped);
            iovas.free(start, mapped);
        } else {
            domain.unmapLater(start, mapped);
            flushQueue.add(start, mapped);
        }
    }

    private static long mappedBytes(long address, long byteCount) {
        return (address & PAGE_MASK) + byteCount + PAGE_MASK & ~PAGE_MASK;
    }

    /// Closes the window in which devices reach what was unmapped.
    public void flush() {
        if (flushQueue != null) {
            flushQueue.flush();
        }
    }

    /// The IOVAs that wait for the flush, if there are such.
    public @Nullable FlushQueue flushQueue() {
        return flushQueue;
    }

    /// Who is in use and who is free.
    public IovaAllocator iovas() {
        return iovas;
    }
}
