package flyby.dma;

import flyby.dma.DmaObserver.Kind;
import flyby.dmar.DmaSpace;
import flyby.dmar.Protection;
import flyby.kernel.Errno;
import flyby.kernel.Kernel;
import flyby.kernel.KernelMemory;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// The DMA API for one device: what Linux's functions take as `struct device *`, and what they keep in it.
///
/// Addresses that it returns are what the device is to be given; they mean nothing to the CPU. A driver of another
/// device cannot use them. What a driver does wrong gets what Linux gives without `CONFIG_DMA_API_DEBUG`: an error
/// value, a warning in the [KernelLog], or the corruption that the hardware shows.
public final class Dma {
    /// What a map returns if it fails. Only [#mappingError] recognizes it: 0 is an address. `DMA_MAPPING_ERROR`.
    public static final long MAPPING_ERROR = -1L;

    /// Where `dma_max_mapping_size` knows no limit: SIZE_MAX.
    public static final long NO_LIMIT = Long.MAX_VALUE;

    /// The largest IOVAs that are kept for the next caller: `iova_rcache_range`.
    private static final long IOVA_KEPT_BYTES = 128 << 10;

    /// The largest mask that memory of zone DMA is always within.
    private static final long ZONE_DMA_MASK = 0xff_ffffL;

    /// What a platform does about DMA.
    ///
    /// @param isCoherent whether the device's accesses ask the caches
    /// @param cacheLineBytes of the caches: `dma_get_cache_alignment` where devices do not ask them
    /// @param handOver what is done for a device that writes, where they do not
    /// @param isUntrusted whether the device gets, behind an IOMMU, only granules that are wholly its own
    /// @param busMask which addresses the bus of the device carries: `bus_dma_limit`
    public record Platform(
            boolean isCoherent,
            int cacheLineBytes,
            BounceOptions bounce,
            HandOver handOver,
            boolean isUntrusted,
            long busMask) {
        /// Without bounce buffers.
        public Platform(boolean isCoherent, int cacheLineBytes) {
            this(isCoherent, cacheLineBytes, BounceOptions.NONE, HandOver.INVALIDATE, false, -1L);
        }

        /// With bounce buffers.
        public Platform with(BounceOptions bounce) {
            return new Platform(isCoherent, cacheLineBytes, bounce, handOver, isUntrusted, busMask);
        }

        /// With another way to hand memory over to a device that writes.
        public Platform with(HandOver handOver) {
            return new Platform(isCoherent, cacheLineBytes, bounce, handOver, isUntrusted, busMask);
        }

        /// For a device that may have been plugged in by anybody.
        public Platform untrusted() {
            return new Platform(isCoherent, cacheLineBytes, bounce, handOver, true, busMask);
        }

        /// With a bus that carries fewer bits.
        public Platform withBusMask(long busMask) {
            return new Platform(isCoherent, cacheLineBytes, bounce, handOver, isUntrusted, busMask);
        }
    }

    private final DeviceState state;
    private final Bouncing bouncing;
    private final Streaming streaming;
    private final ScatterMapping scatter;
    private final Allocations allocations;
    private final Deque<CoherentBuffer> managed = new ArrayDeque<>();

    public Dma(Kernel kernel, String deviceName, DmaSpace space, Platform platform) {
        state = new DeviceState(this, kernel, deviceName, space, platform);
        bouncing = new Bouncing(state);
        streaming = new Streaming(state, bouncing);
        scatter = new ScatterMapping(state, streaming, bouncing);
        allocations = new Allocations(state, streaming, bouncing);
    }

    /// The device's name, as warnings say it. `dev_name`.
    public String deviceName() {
        return state.name;
    }

    /// What was done so far.
    public DmaStatistics statistics() {
        return state.statistics;
    }

    /// What is made to fail.
    public DmaFaults faults() {
        return state.faults;
    }

    /// When the device can no longer reach what was unmapped.
    public Protection protection() {
        return state.space.protection();
    }

    /// Whether the CPU must not wait now: `in_interrupt() || irqs_disabled()`.
    public boolean isInAtomicContext() {
        return state.cpu().inAtomicContext();
    }

    /// What the platform does about this device.
    public Platform platform() {
        return state.platform;
    }

    /// Has `observer` told what the driver asks for from now on.
    public void observe(DmaObserver observer) {
        state.observers.add(observer);
    }

    List<DmaObserver> observers() {
        return state.observers;
    }

    /// The device's driver has left it: managed memory goes back.
    public void driverLeft() {
        releaseManaged();
        long now = state.cpu().nowPicos();
        state.observers.forEach(observer -> observer.unbound(this, now));
    }

    /// A driver could not take the device: managed memory goes back.
    public void driverFailed() {
        releaseManaged();
        long now = state.cpu().nowPicos();
        state.observers.forEach(observer -> observer.notBound(this, now));
    }

    void warn(String format, Object... arguments) {
        state.warn(format, arguments);
    }

    void clear(long address, long byteCount) {
        bouncing.clear(address, byteCount);
    }

    // Addressing capability.

    /// Which bits of an address the device can drive; 32 bits until it is set. `dma_set_mask`.
    ///
    /// @return 0, or -EIO if no memory could be reached; the mask is then what it was
    public int setMask(long mask) {
        if (!state.hasMask || !supports(mask)) {
            return -Errno.EIO;
        }
        state.mask = mask;
        return 0;
    }

    /// `dma_set_coherent_mask`.
    public int setCoherentMask(long mask) {
        if (!supports(mask)) {
            return -Errno.EIO;
        }
        state.coherentMask = mask;
        return 0;
    }

    /// `dma_set_mask_and_coherent`.
    public int setMaskAndCoherent(long mask) {
        int error = setMask(mask);
        return error != 0 ? error : setCoherentMask(mask);
    }

    /// `dma_supported`: 32 bits always do, fewer have to reach the lowest zone.
    private boolean supports(long mask) {
        if (state.space.isTranslated() || Long.compareUnsigned(mask, DeviceState.MASK_32) >= 0) {
            return true;
        }
        long lastPage = state.kernel.memory().end() - KernelMemory.PAGE_BYTES;
        return mask >= Math.min(lastPage, ZONE_DMA_MASK);
    }

    /// A device whose bus has set no mask: `dev->dma_mask` is NULL. It can map nothing.
    public void dropMask() {
        state.hasMask = false;
        state.coherentMask = 0;
    }

    /// Which addresses streaming mappings may have. `dma_get_mask`.
    public long mask() {
        return state.mask;
    }

    /// `dev->coherent_dma_mask`.
    public long coherentMask() {
        return state.coherentMask;
    }

    /// What a device needs to drive to reach all memory without help; sets nothing. `dma_get_required_mask`.
    public long requiredMask() {
        if (state.space.isTranslated()) {
            return DeviceState.MASK_32;
        }
        long last = state.kernel.memory().end() - 1;
        return (Long.highestOneBit(last) << 1) - 1;
    }

    /// `DMA_BIT_MASK`.
    public static long bitMask(int bits) {
        return bits == Long.SIZE ? -1L : (1L << bits) - 1;
    }

    /// How long an entry of a list may be for the device, 64 KiB until it is set. `dma_set_max_seg_size`.
    public void setMaxSegSize(long byteCount) {
        state.maxSegBytes = byteCount;
    }

    /// `dma_get_max_seg_size`.
    public long maxSegSize() {
        return state.maxSegBytes;
    }

    /// Which boundary an entry may not cross, minus one: 4 GiB - 1 until it is set. `dma_set_seg_boundary`.
    public void setSegBoundary(long mask) {
        state.segBoundary = mask;
    }

    /// `dma_get_seg_boundary`.
    public long segBoundary() {
        return state.segBoundary;
    }

    /// Which low bits of an address a bounce buffer has to keep. `dma_set_min_align_mask`.
    public void setMinAlignMask(int mask) {
        state.minAlignMask = mask;
    }

    /// The longest mapping, [#NO_LIMIT] if there is none. `dma_max_mapping_size`.
    public long maxMappingSize() {
        boolean mayBounce = state.space.isTranslated()
                ? state.platform.isUntrusted()
                : bouncing.isActive() && (state.platform.bounce().isForced() || isLimited());
        return mayBounce ? Swiotlb.maxMappingBytes(state.minAlignMask) : NO_LIMIT;
    }

    /// `dma_addressing_limited`.
    private boolean isLimited() {
        long reached =
                Long.compareUnsigned(state.mask, state.platform.busMask()) < 0 ? state.mask : state.platform.busMask();
        return Long.compareUnsigned(reached, requiredMask()) < 0;
    }

    /// Up to there a mapping's cost does not jump. `dma_opt_mapping_size`.
    public long optMappingSize() {
        return state.space.isTranslated() ? Math.min(IOVA_KEPT_BYTES, maxMappingSize()) : maxMappingSize();
    }

    /// Whether the mapping at `dmaAddress` has to be synced. `dma_need_sync`.
    public boolean needSync(long dmaAddress) {
        if (state.skipsSync) {
            return false;
        }
        return state.space.isTranslated() || !state.platform.isCoherent() || bouncing.isBuffer(dmaAddress);
    }

    /// What buffers must begin and end at that the device writes. `dma_get_cache_alignment`.
    public int cacheAlignment() {
        return state.platform.isCoherent() ? 1 : state.platform.cacheLineBytes();
    }

    /// Where entries of a list must begin and end to become one, minus one; 0 if they never do.
    /// `dma_get_merge_boundary`.
    public long mergeBoundary() {
        return state.space.isTranslated() ? KernelMemory.PAGE_BYTES - 1 : 0;
    }

    /// Whether the device's accesses ask the caches. `dev_is_dma_coherent`.
    public boolean isCoherent() {
        return state.platform.isCoherent();
    }

    // Streaming mappings.

    /// Hands `byteCount` bytes at the CPU's address `address` to the device. `dma_map_single_attrs`.
    ///
    /// @return the device's address, or what [#mappingError] knows
    public long mapSingle(long address, long byteCount, Direction direction, long attributes) {
        if (state.kernel.memory().isVmalloc(address)) {
            state.warnOnce("rejecting DMA map of vmalloc memory");
            streaming.tellFailure(Kind.SINGLE, address, byteCount, direction, attributes);
            return MAPPING_ERROR;
        }
        return streaming.map(Kind.SINGLE, address, byteCount, direction, attributes);
    }

    /// `dma_map_single`.
    public long mapSingle(long address, long byteCount, Direction direction) {
        return mapSingle(address, byteCount, direction, Attributes.NONE);
    }

    /// The bytes are the CPU's again. `dma_unmap_single_attrs`.
    ///
    /// @param dmaAddress as [#mapSingle] returned it; `byteCount` and `direction` as they were given
    public void unmapSingle(long dmaAddress, long byteCount, Direction direction, long attributes) {
        streaming.unmap(Kind.SINGLE, dmaAddress, byteCount, direction, attributes);
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
        return streaming.map(Kind.SINGLE, page + offset, byteCount, direction, attributes);
    }

    /// `dma_unmap_page_attrs`.
    public void unmapPage(long dmaAddress, long byteCount, Direction direction, long attributes) {
        streaming.unmap(Kind.SINGLE, dmaAddress, byteCount, direction, attributes);
    }

    /// Lets the device reach registers at `physical`: no memory, so nothing is done to caches and nothing is
    /// bounced. `dma_map_resource`.
    public long mapResource(long physical, long byteCount, Direction direction, long attributes) {
        return streaming.map(Kind.RESOURCE, physical, byteCount, direction, attributes | Attributes.MMIO);
    }

    /// `dma_unmap_resource`.
    public void unmapResource(long dmaAddress, long byteCount, Direction direction, long attributes) {
        streaming.unmap(Kind.RESOURCE, dmaAddress, byteCount, direction, attributes | Attributes.MMIO);
    }

    /// Whether a map has failed. `dma_mapping_error`.
    ///
    /// @return 0, or -ENOMEM
    public int mappingError(long dmaAddress) {
        if (state.isHeard()) {
            long now = state.cpu().nowPicos();
            state.observers.forEach(observer -> observer.errorChecked(this, dmaAddress, now));
        }
        return dmaAddress == MAPPING_ERROR ? -Errno.ENOMEM : 0;
    }

    /// The CPU may look at the bytes, and change them if it gives them back with [#syncSingleForDevice].
    /// `dma_sync_single_for_cpu`.
    public void syncSingleForCpu(long dmaAddress, long byteCount, Direction direction) {
        streaming.syncForCpu(Kind.SINGLE, dmaAddress, byteCount, direction);
    }

    /// The bytes are the device's again. `dma_sync_single_for_device`.
    public void syncSingleForDevice(long dmaAddress, long byteCount, Direction direction) {
        streaming.syncForDevice(Kind.SINGLE, dmaAddress, byteCount, direction);
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
        return Math.max(0, scatter.map(list, count, direction, attributes));
    }

    /// `dma_unmap_sg_attrs`.
    ///
    /// @param count as it was given to [#mapSg], not what that returned
    public void unmapSg(Scatterlist list, int count, Direction direction, long attributes) {
        scatter.unmap(list, count, direction, attributes);
    }

    /// All of `list`; the device is to be given [Scatterlist#mappedCount] entries. `dma_map_sgtable`.
    ///
    /// @return 0, or an error
    public int mapSgtable(Scatterlist list, Direction direction, long attributes) {
        return Math.min(0, scatter.map(list, list.count(), direction, attributes));
    }

    /// `dma_unmap_sgtable`.
    public void unmapSgtable(Scatterlist list, Direction direction, long attributes) {
        scatter.unmap(list, list.count(), direction, attributes);
    }

    /// `dma_sync_sg_for_cpu`, with the parameters of [#mapSg].
    public void syncSgForCpu(Scatterlist list, int count, Direction direction) {
        scatter.syncForCpu(list, count, direction);
    }

    /// `dma_sync_sg_for_device`, with the parameters of [#mapSg].
    public void syncSgForDevice(Scatterlist list, int count, Direction direction) {
        scatter.syncForDevice(list, count, direction);
    }

    // Memory made for the device.

    /// Memory that CPU and device share without syncing, cleared. `dma_alloc_attrs`.
    ///
    /// @return null if there is none
    public @Nullable CoherentBuffer allocCoherent(long byteCount, long attributes) {
        return allocations.coherent(byteCount, attributes);
    }

    /// `dma_alloc_coherent`.
    public @Nullable CoherentBuffer allocCoherent(long byteCount) {
        return allocCoherent(byteCount, Attributes.NONE);
    }

    /// `dma_free_attrs`.
    ///
    /// @param attributes as they were given to [#allocCoherent(long, long)]
    public void freeCoherent(long byteCount, long cpuAddress, long dmaAddress, long attributes) {
        allocations.freeCoherent(byteCount, cpuAddress, dmaAddress, attributes);
    }

    /// `dma_free_coherent`. Not from an interrupt handler.
    public void freeCoherent(long byteCount, long cpuAddress, long dmaAddress) {
        freeCoherent(byteCount, cpuAddress, dmaAddress, Attributes.NONE);
    }

    /// Coherent memory that goes back when the driver leaves the device. `dmam_alloc_coherent`.
    public @Nullable CoherentBuffer allocManagedCoherent(long byteCount) {
        CoherentBuffer made = allocCoherent(byteCount);
        if (made != null) {
            managed.addFirst(made);
        }
        return made;
    }

    /// Gives managed memory back, last first: the driver has left. `devres_release_all`.
    public void releaseManaged() {
        managed.forEach(each -> freeCoherent(each.byteCount(), each.cpuAddress(), each.dmaAddress()));
        managed.clear();
    }

    /// Cached pages, cleared, which are the CPU's; to be synced like a streaming mapping. `dma_alloc_noncoherent`, and
    /// `dma_alloc_pages`, which are the same where addresses of pages and of the CPU are.
    public @Nullable CoherentBuffer allocNoncoherent(long byteCount, Direction direction) {
        return allocations.noncoherent(byteCount, direction);
    }

    /// `dma_free_noncoherent`, `dma_free_pages`.
    public void freeNoncoherent(long byteCount, long cpuAddress, long dmaAddress, Direction direction) {
        allocations.freeNoncoherent(byteCount, cpuAddress, dmaAddress, direction);
    }

    /// As [#allocNoncoherent], but contiguous for the device alone: the one mapped entry of the list.
    /// `dma_alloc_noncontiguous`.
    ///
    /// @param attributes none but [Attributes#ALLOC_SINGLE_PAGES]
    public @Nullable Scatterlist allocNoncontiguous(long byteCount, Direction direction, long attributes) {
        return allocations.noncontiguous(byteCount, direction, attributes);
    }

    /// `dma_free_noncontiguous`.
    public void freeNoncontiguous(Scatterlist list, long byteCount, Direction direction) {
        allocations.freeNoncontiguous(list, byteCount, direction);
    }

    /// A range of IOVAs to be filled piece by piece.
    public DmaIova iova() {
        return new DmaIova(state);
    }
}
