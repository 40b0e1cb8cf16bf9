package flyby.kernel;

import flyby.base.Check;
import org.jspecify.annotations.Nullable;

/// The memory that the kernel gives to drivers: pages, `kmalloc`, `vmalloc`, stack and image, each by its rules. CPU
/// addresses of pages and of `kmalloc` are physical addresses; there is no other translation in this kernel.
///
/// Memory that was given out holds what it held before: nobody clears it, but where a method says so.
public final class KernelMemory {
    /// A page.
    public static final int PAGE_BYTES = 4096;

    /// No memory: `NULL`.
    public static final long NONE = 0;

    /// What an address belongs to; only [#PAGES] and [#KMALLOC] may be mapped for DMA (`dma-api-howto.rst`).
    public enum Region {
        /// Of the page allocator.
        PAGES,
        /// Of `kmalloc`.
        KMALLOC,
        /// Of `vmalloc`: contiguous for the CPU only.
        VMALLOC,
        /// A thread's stack.
        STACK,
        /// The kernel's text and data.
        IMAGE,
        /// Not given out, or no memory.
        FREE
    }

    /// From where on, at most, memory for an allocation may lie. `GFP_DMA`, `GFP_DMA32`.
    public enum Zone {
        /// Below 16 MiB: what ISA devices reach.
        DMA(1L << 24),
        /// Below 4 GiB.
        DMA32(1L << 32),
        /// Anywhere.
        NORMAL(Long.MAX_VALUE);

        private final long end;

        Zone(long end) {
            this.end = end;
        }

        /// The first address beyond it.
        public long end() {
            return end;
        }
    }

    private final long end;
    private final int alignment;
    private long next;

    /// Memory from `start` up to, not including, `end`, both multiples of a page.
    ///
    /// @param alignment what `kmalloc` aligns to at least: `ARCH_DMA_MINALIGN`, a power of two
    public KernelMemory(long start, long end, int alignment) {
        Check.that(start % PAGE_BYTES == 0 && end % PAGE_BYTES == 0 && start < end, "0x%x to 0x%x", start, end);
        this.next = Math.max(start, PAGE_BYTES);
        this.end = end;
        this.alignment = alignment;
    }

    /// `2^order` pages, contiguous and aligned to their size, or [#NONE]. `__get_free_pages`.
    ///
    /// @param purpose what they are for, as reports say it
    public long allocatePages(int order, Zone zone, String purpose) {
        long byteCount = (long) PAGE_BYTES << order;
        long at = next + byteCount - 1 & -byteCount;
        if (at + byteCount > Math.min(end, zone.end())) {
            return NONE;
        }
        next = at + byteCount;
        return at;
    }

    /// `free_pages`.
    public void freePages(long address, int order) {}

    /// `byteCount` bytes, contiguous, or [#NONE]. `kmalloc`.
    ///
    /// @param purpose what they are for, as reports say it
    public long kmalloc(long byteCount, String purpose) {
        long at = next + alignment - 1 & -alignment;
        if (at + byteCount > end) {
            return NONE;
        }
        next = at + byteCount;
        return at;
    }

    /// `kfree`.
    public void kfree(long address) {}

    /// What `address` belongs to.
    public Region regionOf(long address) {
        return Region.PAGES;
    }

    /// For what the memory at `address` was given out; null if it is free.
    public @Nullable String purposeOf(long address) {
        return null;
    }

    /// The lowest alignment of `kmalloc`.
    public int alignment() {
        return alignment;
    }

    /// The first address beyond memory.
    public long end() {
        return end;
    }
}
