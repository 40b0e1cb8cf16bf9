package flyby.dmar;

import flyby.iommu.layout.RemappingTables;
import flyby.sim.Alarm;
import org.jspecify.annotations.Nullable;

/// The IOVAs of a device, or of a group of devices that cannot be told apart: gives them out for memory, and takes
/// them back. Linux's `drivers/iommu/dma-iommu.c`; the DMA API stands on top.
public final class DmaSpace {
    /// No IOVA: there is no room left. `DMA_MAPPING_ERROR`.
    public static final long NONE = IovaAllocator.NONE;

    /// The first address that a device with 32 bits does not reach.
    private static final long END_32 = 1L << 32;

    private static final long INTERRUPTS = 0xfee0_0000L;
    private static final long INTERRUPT_BYTES = 0x10_0000;
    private static final long PAGE_MASK = TableFrames.FRAME_BYTES - 1;

    private final @Nullable IommuDomain domain;
    private final @Nullable FlushQueue flushQueue;
    private final IovaAllocator iovas;
    private boolean usesHighest;
    private boolean usesZero;

    private DmaSpace(@Nullable IommuDomain domain, @Nullable Alarm timer) {
        this.domain = domain;
        // Page 0 stays free, so that an IOVA of 0 is nobody's.
        long end = domain == null
                ? END_32
                : 1L << RemappingTables.addressBits(domain.tables().levels());
        iovas = new IovaAllocator(TableFrames.FRAME_BYTES, end);
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

    /// IOVAs are as high as a device reaches, from the first on. `iommu.forcedac`. For set-up.
    public void useHighest() {
        usesHighest = true;
    }

    /// IOVA 0 is given out too, to whoever maps a page for a device that only reads it or only writes it. For set-up.
    public void useZero() {
        usesZero = true;
    }

    /// When a device can no longer reach what was unmapped.
    public Protection protection() {
        if (domain == null) {
            return Protection.PASS_THROUGH;
        }
        return flushQueue == null ? Protection.STRICT : Protection.LAZY;
    }

    /// Whether IOVAs differ from physical addresses. `use_dma_iommu`.
    public boolean isTranslated() {
        return domain != null;
    }

    /// Lets devices reach `byteCount` bytes at `physical`, and what else is in the same pages.
    /// `iommu_dma_map_phys`.
    ///
    /// @return the IOVA of the first byte, or [#NONE]
    public long map(long physical, long byteCount, boolean isReadable, boolean isWritable) {
        return map(physical, byteCount, isReadable, isWritable, END_32 - 1);
    }

    /// As [#map(long, long, boolean, boolean)], with an IOVA of at most `mask`: one of 32 bits, if there is any, or if
    /// [#useHighest] says otherwise the highest.
    public long map(long physical, long byteCount, boolean isReadable, boolean isWritable, long mask) {
        if (domain == null) {
            return physical;
        }
        long offset = physical & PAGE_MASK;
        long mapped = mappedBytes(physical, byteCount);
        long iova =
                usesZero && mapped == TableFrames.FRAME_BYTES && isReadable != isWritable ? iovas.allocateZero() : NONE;
        if (iova == NONE) {
            iova = reserve(mapped, mask);
        }
        if (iova == NONE) {
            return NONE;
        }
        if (!link(iova, physical - offset, mapped, isReadable, isWritable)) {
            iovas.free(iova, mapped);
            return NONE;
        }
        return iova + offset;
    }

    /// IOVAs for `byteCount` bytes, whole pages, of at most `mask`, that lead nowhere yet; or [#NONE].
    /// `iommu_dma_alloc_iova`.
    public long reserve(long byteCount, long mask) {
        boolean isWide = Long.compareUnsigned(mask, END_32 - 1) > 0;
        long iova = isWide && usesHighest ? NONE : allocate(byteCount, isWide ? END_32 : mask + 1);
        if (iova == NONE && isWide) {
            iova = allocate(byteCount, mask < 0 || mask == Long.MAX_VALUE ? Long.MAX_VALUE : mask + 1);
        }
        return iova;
    }

    private long allocate(long byteCount, long end) {
        long iova = iovas.allocate(byteCount, end);
        if (iova == NONE && flushQueue != null && flushQueue.waiting() > 0) {
            // Some wait for nothing but the flush.
            flushQueue.flush();
            iova = iovas.allocate(byteCount, end);
        }
        return iova;
    }

    /// Lets reserved IOVAs lead to `physical`: all multiples of a page. `iommu_map`.
    ///
    /// @return false if there is no memory for tables; nothing is mapped then
    public boolean link(long iova, long physical, long byteCount, boolean isReadable, boolean isWritable) {
        IommuDomain mapped = domain;
        if (mapped == null || !mapped.tables().hasRoomFor(byteCount)) {
            return false;
        }
        mapped.map(iova, physical, byteCount, isReadable, isWritable);
        return true;
    }

    /// Takes pages away that [#link] has given, whose IOVAs stay reserved, and returns when no device reaches them.
    /// `iommu_unmap`.
    ///
    /// @return how many bytes of pages were there
    public long unlink(long iova, long byteCount) {
        IommuDomain mapped = domain;
        if (mapped == null || !isInSpace(iova, byteCount)) {
            return 0;
        }
        return mapped.unmap(iova & ~PAGE_MASK, mappedBytes(iova, byteCount));
    }

    /// Gives reserved IOVAs back that lead nowhere. `iommu_dma_free_iova`.
    ///
    /// @return false if they were not reserved
    public boolean release(long iova, long byteCount) {
        return iovas.free(iova & ~PAGE_MASK, mappedBytes(iova, byteCount));
    }

    /// Takes back what [#map] has given for `byteCount` bytes. `iommu_dma_unmap_phys`.
    ///
    /// @return false if that was not mapped, or not all of it, or not given out so: what a driver did wrong. What
    /// was mapped in the range is not any more
    public boolean unmap(long iova, long byteCount) {
        IommuDomain mapped = domain;
        if (mapped == null) {
            return true;
        }
        if (!isInSpace(iova, byteCount)) {
            return false;
        }
        long start = iova & ~PAGE_MASK;
        long length = mappedBytes(iova, byteCount);
        long taken;
        boolean wasGiven;
        if (flushQueue == null) {
            taken = mapped.unmap(start, length);
            wasGiven = iovas.free(start, length);
        } else {
            taken = mapped.unmapLater(start, length);
            wasGiven = iovas.isInUse(start);
            if (wasGiven) {
                flushQueue.add(start, length);
            }
        }
        return wasGiven && taken == length;
    }

    private boolean isInSpace(long iova, long byteCount) {
        IommuDomain mapped = domain;
        return mapped != null
                && byteCount > 0
                && iova >= 0
                && (iova + byteCount - 1)
                                >>> RemappingTables.addressBits(mapped.tables().levels())
                        == 0;
    }

    private static long mappedBytes(long address, long byteCount) {
        return (address & PAGE_MASK) + byteCount + PAGE_MASK & ~PAGE_MASK;
    }

    /// What `iova` leads to, as the CPU finds it in the tables, or -1. `iommu_iova_to_phys`.
    public long physical(long iova) {
        return domain == null ? iova : domain.tables().physical(iova);
    }

    /// How often a mapping found another's pages where it went: see [PageTables#collisions].
    public long collisions() {
        return domain == null ? 0 : domain.tables().collisions();
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
