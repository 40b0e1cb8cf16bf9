package flyby.dma;

import flyby.dmar.DmaSpace;
import flyby.kernel.Errno;
import flyby.kernel.Kernel;
import org.jspecify.annotations.Nullable;

/// The DMA API for one device: what Linux's functions take as `struct device *`, and what they keep in it.
///
/// Addresses that it returns are what the device is to be given; they mean nothing to the CPU. A driver of another
/// device cannot use them.
public final class Dma {
    /// What a map returns if it fails. Only [#mappingError] recognizes it: 0 is an address. `DMA_MAPPING_ERROR`.
    public static final long MAPPING_ERROR = -1L;

    /// What a platform does about DMA.
    ///
    /// @param isCoherent whether the device's accesses ask the caches
    /// @param cacheLineBytes of the caches: `dma_get_cache_alignment` where devices do not ask them
    public record Platform(boolean isCoherent, int cacheLineBytes) {}

    private final Kernel kernel;
    private final String deviceName;
    private final DmaSpace space;
    private final Platform platform;
    private long mask = 0xffff_ffffL;
    private long coherentMask = 0xffff_ffffL;

    public Dma(Kernel kernel, String deviceName, DmaSpace space, Platform platform) {
        this.kernel = kernel;
        this.deviceName = deviceName;
        this.space = space;
        this.platform = platform;
    }

    /// The device's name, as warnings say it. `dev_name`.
    public String deviceName() {
        return deviceName;
    }

    /// Whether the device's accesses ask the caches. `dev_is_dma_coherent`.
    public boolean isCoherent() {
        return platform.isCoherent();
    }

    // Addressing capability.

    /// Which bits of an address the device can drive; 32 bits until it is set. `dma_set_mask`.
    ///
    /// @return 0, or -EIO if no memory could be reached
    public int setMask(long mask) {
        this.mask = mask;
        return 0;
    }

    /// `dma_set_coherent_mask`.
    public int setCoherentMask(long mask) {
        this.coherentMask = mask;
        return 0;
    }

    /// `dma_set_mask_and_coherent`.
    public int setMaskAndCoherent(long mask) {
        int error = setMask(mask);
        return error != 0 ? error : setCoherentMask(mask);
    }

    /// `DMA_BIT_MASK`.
    public static long bitMask(int bits) {
        return bits == Long.SIZE ? -1L : (1L << bits) - 1;
    }

    // Streaming mappings.

    /// Hands `byteCount` bytes at the CPU's address `address` to the device. `dma_map_single_attrs`.
    ///
    /// @return the device's address, or what [#mappingError] says true to
    public long mapSingle(long address, long byteCount, Direction direction, long attributes) {
        if ((attributes & Attributes.SKIP_CPU_SYNC) == 0) {
            toDevice(address, byteCount, direction);
        }
        long mapped = space.map(address, byteCount, direction.isRead(), direction.isWritten());
        return mapped == DmaSpace.NONE ? MAPPING_ERROR : mapped;
    }

    /// `dma_map_single`.
    public long mapSingle(long address, long byteCount, Direction direction) {
        return mapSingle(address, byteCount, direction, Attributes.NONE);
    }

    /// The bytes are the CPU's again. `dma_unmap_single_attrs`.
    ///
    /// @param dmaAddress as [#mapSingle] returned it; `byteCount` and `direction` as they were given
    public void unmapSingle(long dmaAddress, long byteCount, Direction direction, long attributes) {
        long physical = dmaAddress;
        space.unmap(dmaAddress, byteCount);
        if ((attributes & Attributes.SKIP_CPU_SYNC) == 0) {
            toCpu(physical, byteCount, direction);
        }
    }

    /// `dma_unmap_single`.
    public void unmapSingle(long dmaAddress, long byteCount, Direction direction) {
        unmapSingle(dmaAddress, byteCount, direction, Attributes.NONE);
    }

    /// As [#mapSingle], of a page. `dma_map_page_attrs`.
    ///
    /// @param page the page's physical address
    /// @param offset from there, which may lie beyond the page in larger allocations
    public long mapPage(long page, long offset, long byteCount, Direction direction, long attributes) {
        return mapSingle(page + offset, byteCount, direction, attributes);
    }

    /// `dma_unmap_page_attrs`.
    public void unmapPage(long dmaAddress, long byteCount, Direction direction, long attributes) {
        unmapSingle(dmaAddress, byteCount, direction, attributes);
    }

    /// Whether a map has failed. `dma_mapping_error`.
    ///
    /// @return 0, or -ENOMEM
    public int mappingError(long dmaAddress) {
        return dmaAddress == MAPPING_ERROR ? -Errno.ENOMEM : 0;
    }

    /// The CPU may look at the bytes, and change them if it gives them back with [#syncSingleForDevice].
    /// `dma_sync_single_for_cpu`.
    public void syncSingleForCpu(long dmaAddress, long byteCount, Direction direction) {
        toCpu(dmaAddress, byteCount, direction);
    }

    /// The bytes are the device's again. `dma_sync_single_for_device`.
    public void syncSingleForDevice(long dmaAddress, long byteCount, Direction direction) {
        toDevice(dmaAddress, byteCount, direction);
    }

    /// [#syncSingleForCpu] of a part of a mapping. `dma_sync_single_range_for_cpu`.
    public void syncSingleRangeForCpu(long dmaAddress, long offset, long byteCount, Direction direction) {
        syncSingleForCpu(dmaAddress + offset, byteCount, direction);
    }

    /// [#syncSingleForDevice] of a part of a mapping. `dma_sync_single_range_for_device`.
    public void syncSingleRangeForDevice(long dmaAddress, long offset, long byteCount, Direction direction) {
        syncSingleForDevice(dmaAddress + offset, byteCount, direction);
    }

    // Scatterlists.

    /// Maps `count` entries of `list`, perhaps merging some. `dma_map_sg_attrs`.
    ///
    /// @return how many the device is to be given, 1 to `count`: [Scatterlist#dmaAddress] and
    /// [Scatterlist#dmaLength] of the first of them; 0 if it failed
    public int mapSg(Scatterlist list, int count, Direction direction, long attributes) {
        for (int i = 0; i < count; i++) {
            long mapped = mapSingle(list.address(i), list.length(i), direction, attributes);
            if (mappingError(mapped) != 0) {
                unmapSg(list, i, direction, attributes);
                return 0;
            }
            list.setDma(i, mapped, list.length(i));
        }
        return count;
    }

    /// `dma_unmap_sg_attrs`.
    ///
    /// @param count as it was given to [#mapSg], not what that returned
    public void unmapSg(Scatterlist list, int count, Direction direction, long attributes) {
        for (int i = 0; i < count; i++) {
            unmapSingle(list.dmaAddress(i), list.dmaLength(i), direction, attributes);
        }
    }

    /// `dma_sync_sg_for_cpu`, with the parameters of [#mapSg].
    public void syncSgForCpu(Scatterlist list, int count, Direction direction) {
        for (int i = 0; i < count; i++) {
            syncSingleForCpu(list.dmaAddress(i), list.dmaLength(i), direction);
        }
    }

    /// `dma_sync_sg_for_device`, with the parameters of [#mapSg].
    public void syncSgForDevice(Scatterlist list, int count, Direction direction) {
        for (int i = 0; i < count; i++) {
            syncSingleForDevice(list.dmaAddress(i), list.dmaLength(i), direction);
        }
    }

    // Coherent memory.

    /// Memory that CPU and device share without syncing, cleared. `dma_alloc_attrs`.
    ///
    /// @return null if there is none
    public @Nullable CoherentBuffer allocCoherent(long byteCount, long attributes) {
        throw new UnsupportedOperationException("to come");
    }

    /// `dma_alloc_coherent`.
    public @Nullable CoherentBuffer allocCoherent(long byteCount) {
        return allocCoherent(byteCount, Attributes.NONE);
    }

    /// `dma_free_coherent`. Not from an interrupt handler.
    public void freeCoherent(long byteCount, long cpuAddress, long dmaAddress) {
        throw new UnsupportedOperationException("to come");
    }

    // How it is done.

    private void toDevice(long physical, long byteCount, Direction direction) {
        if (!platform.isCoherent()) {
            switch (direction) {
                case TO_DEVICE -> kernel.cpu().cleanCache(physical, byteCount);
                case FROM_DEVICE -> kernel.cpu().invalidateCache(physical, byteCount);
                default -> kernel.cpu().cleanAndInvalidateCache(physical, byteCount);
            }
        }
    }

    private void toCpu(long physical, long byteCount, Direction direction) {
        if (!platform.isCoherent() && direction != Direction.TO_DEVICE) {
            kernel.cpu().invalidateCache(physical, byteCount);
        }
    }
}
