package flyby.dma;

import flyby.dma.DmaObserver.Call;
import flyby.dma.DmaObserver.Kind;
import flyby.dma.DmaStatistics.Count;
import flyby.dmar.DmaSpace;
import flyby.kernel.Errno;
import flyby.kernel.KernelMemory;

/// One range of IOVAs that memory is put into piece by piece: `struct dma_iova_state`, part Ie of `dma-api.rst`.
///
/// Where pieces would have to be bounced, Linux bounces their ends; here [#tryAlloc] refuses already, which its
/// callers have to be ready for.
public final class DmaIova {
    private static final long MASK = KernelMemory.PAGE_BYTES - 1;

    private final DeviceState state;
    private final boolean refuses;
    private long address;
    private long byteCount;

    DmaIova(DeviceState state) {
        this.state = state;
        refuses = !state.space.isTranslated()
                || state.platform.isUntrusted()
                || state.platform.bounce().wholeLines();
    }

    /// Reserves IOVAs for `byteCount` bytes, of which the first lies in its page as `physical` does.
    /// `dma_iova_try_alloc`.
    ///
    /// @return false where there is no IOMMU, or no room: map page by page then
    public boolean tryAlloc(long physical, long byteCount) {
        this.byteCount = 0;
        if (byteCount <= 0) {
            state.warn("IOVAs for %d bytes", byteCount);
            return false;
        }
        long offset = physical & MASK;
        long reserved = refuses ? DmaSpace.NONE : state.space.reserve(aligned(offset + byteCount), state.mask);
        if (reserved == DmaSpace.NONE) {
            return false;
        }
        address = reserved + offset;
        this.byteCount = byteCount;
        return true;
    }

    private static long aligned(long bytes) {
        return bytes + MASK & ~MASK;
    }

    /// The device's address of the first byte. `dma_iova_state.addr`.
    public long address() {
        return address;
    }

    /// Whether IOVAs are reserved. `dma_use_iova`.
    public boolean isInUse() {
        return byteCount != 0;
    }

    /// Puts `byteCount` bytes at `physical` at `offset` of the range; the device must not use them before [#sync].
    /// Only the first piece may begin, and only the last may end within a page. `dma_iova_link`.
    ///
    /// @return 0, or an error
    public int link(long physical, long offset, long byteCount, Direction direction, long attributes) {
        long pad = address & MASK;
        if ((pad != 0 && offset > 0 && (address + offset & MASK) != 0)
                || (address + offset & MASK) != (physical & MASK)) {
            state.warn("a piece at offset %d of IOVAs does not begin with a page", offset);
            return -Errno.EIO;
        }
        if (offset + byteCount > this.byteCount || byteCount <= 0) {
            state.warn("%d bytes at offset %d are more than was reserved", byteCount, offset);
            return -Errno.EIO;
        }
        if (!state.platform.isCoherent() && (attributes & Attributes.REQUIRE_COHERENT) != 0) {
            return -Errno.EREMOTEIO;
        }
        if (!state.platform.isCoherent() && (attributes & (Attributes.SKIP_CPU_SYNC | Attributes.MMIO)) == 0) {
            state.maintenance.forDevice(physical, byteCount, direction);
        }
        long start = address + offset & ~MASK;
        long length = aligned((physical & MASK) + byteCount);
        if (!state.space.link(start, physical & ~MASK, length, direction.isRead(), direction.isWritten())) {
            return -Errno.ENOMEM;
        }
        state.count(Count.MAPS, 1);
        if (state.isHeard()) {
            Call call = call(physical, address + offset, byteCount, direction, attributes);
            state.observers.forEach(observer -> observer.mapped(call));
        }
        return 0;
    }

    private Call call(long physical, long dmaAddress, long bytes, Direction direction, long attributes) {
        return state.call(Kind.IOVA, physical, dmaAddress, physical, bytes, direction, attributes, 0, 1);
    }

    /// Has the IOMMU know what was linked; this unit looks by itself. `dma_iova_sync`.
    ///
    /// @return 0, or an error
    public int sync(long offset, long byteCount) {
        return offset >= 0 && offset + byteCount <= this.byteCount ? 0 : -Errno.EINVAL;
    }

    /// Takes out what lies from `offset` on. `dma_iova_unlink`.
    public void unlink(long offset, long byteCount, Direction direction, long attributes) {
        state.count(Count.UNMAPS, 1);
        if (state.isHeard()) {
            Call call = call(-1, address + offset, byteCount, direction, attributes);
            state.observers.forEach(observer -> observer.unmapped(call));
        }
        if (!state.platform.isCoherent() && (attributes & (Attributes.SKIP_CPU_SYNC | Attributes.MMIO)) == 0) {
            maintain(offset, byteCount, direction);
        }
        long start = address + offset;
        long gone = state.space.unlink(start, byteCount);
        if (gone != aligned((start & MASK) + byteCount)) {
            state.warn("%d bytes at 0x%x are unlinked, but were not linked so", byteCount, start);
        }
    }

    /// Page by page: each may lie elsewhere.
    private void maintain(long offset, long byteCount, Direction direction) {
        long done = 0;
        while (done < byteCount) {
            long at = address + offset + done;
            long count = Math.min(byteCount - done, KernelMemory.PAGE_BYTES - (at & MASK));
            long physical = state.space.physical(at);
            if (physical >= 0) {
                state.maintenance.forCpu(physical, count, direction);
            }
            done += count;
        }
    }

    /// Gives the IOVAs back, of which nothing is linked any more. `dma_iova_free`.
    public void free() {
        if (!isInUse() || !state.space.release(address, byteCount)) {
            state.warn("IOVAs at 0x%x are given back, but were not reserved", address);
        }
        byteCount = 0;
    }

    /// Takes out the first `mappedBytes`, and gives the IOVAs back. `dma_iova_destroy`.
    public void destroy(long mappedBytes, Direction direction, long attributes) {
        if (mappedBytes > 0) {
            unlink(0, mappedBytes, direction, attributes);
        }
        free();
    }
}
