package flyby.dma;

import flyby.dma.DmaFaults.Point;
import flyby.dma.DmaObserver.Call;
import flyby.dma.DmaObserver.Kind;
import flyby.dma.DmaStatistics.Count;
import flyby.dmar.DmaSpace;
import flyby.kernel.KernelMemory;

/// Mappings of single ranges: Linux's `kernel/dma/direct.c` where addresses stay what they are, and
/// `drivers/iommu/dma-iommu.c` where there is an IOMMU.
final class Streaming {
    private static final int GRANULE = KernelMemory.PAGE_BYTES;

    private final DeviceState state;
    private final Bouncing bouncing;
    /// Where the accesses to what was mapped last go: for observers, to be asked at once.
    private long reachedLast = -1;

    Streaming(DeviceState state, Bouncing bouncing) {
        this.state = state;
        this.bouncing = bouncing;
    }

    /// Whether `direction` is none that the API takes, where Linux stops with a BUG.
    boolean refuses(Direction direction) {
        if (direction == Direction.NONE) {
            state.warn("invalid dma_data_direction DMA_NONE");
        }
        return direction == Direction.NONE;
    }

    boolean lacksMask() {
        if (!state.hasMask) {
            state.warnOnce("no dma_mask is set");
        }
        return !state.hasMask;
    }

    /// `dma_map_phys`.
    long map(Kind kind, long physical, long byteCount, Direction direction, long attributes) {
        long mapped = refuses(direction) || lacksMask() || state.faults.fails(Point.MAP)
                ? Dma.MAPPING_ERROR
                : mapPhysical(physical, byteCount, direction, attributes);
        if (mapped == Dma.MAPPING_ERROR) {
            tellFailure(kind, physical, byteCount, direction, attributes);
            return mapped;
        }
        state.count(Count.MAPS, 1);
        if (state.isHeard()) {
            Call call = call(kind, physical, mapped, byteCount, direction, attributes);
            state.observers.forEach(observer -> observer.mapped(call));
        }
        return mapped;
    }

    /// A map has failed.
    void tellFailure(Kind kind, long address, long byteCount, Direction direction, long attributes) {
        state.count(Count.FAILURES, 1);
        if (state.isHeard()) {
            Call call = call(kind, address, Dma.MAPPING_ERROR, byteCount, direction, attributes);
            state.observers.forEach(observer -> observer.failed(call));
        }
    }

    private Call call(Kind kind, long physical, long mapped, long byteCount, Direction direction, long attributes) {
        long reached = physical < 0 ? -1 : reachedLast;
        return state.call(kind, physical, mapped, reached, byteCount, direction, attributes, 0, 1);
    }

    /// What [#map] does, uncounted and unheard: for entries of lists, too.
    long mapPhysical(long physical, long byteCount, Direction direction, long attributes) {
        if (!state.platform.isCoherent() && (attributes & Attributes.REQUIRE_COHERENT) != 0) {
            return Dma.MAPPING_ERROR;
        }
        return state.space.isTranslated()
                ? mapTranslated(physical, byteCount, direction, attributes)
                : mapDirect(physical, byteCount, direction, attributes);
    }

    /// `dma_direct_map_phys`.
    private long mapDirect(long physical, long byteCount, Direction direction, long attributes) {
        boolean isMmio = (attributes & Attributes.MMIO) != 0;
        boolean mustNotBounce = (attributes & (Attributes.MMIO | Attributes.REQUIRE_COHERENT)) != 0;
        if (state.platform.bounce().isForced()) {
            return mustNotBounce ? Dma.MAPPING_ERROR : mapBounced(physical, byteCount, direction, attributes);
        }
        boolean isReached = state.reaches(physical, byteCount, state.mask);
        if (!isReached || (!isMmio && bouncing.needsWholeLines(byteCount, direction))) {
            if (bouncing.isActive() && !mustNotBounce) {
                return mapBounced(physical, byteCount, direction, attributes);
            }
            state.warnOnce(
                    "DMA addr 0x%x+%d overflow (mask %x, bus limit %x).",
                    physical, byteCount, state.mask, state.platform.busMask());
            return Dma.MAPPING_ERROR;
        }
        if (!isMmio) {
            maintainForDevice(physical, byteCount, direction, attributes);
        }
        reachedLast = physical;
        return physical;
    }

    /// `swiotlb_map`.
    private long mapBounced(long physical, long byteCount, Direction direction, long attributes) {
        long buffer = bouncing.map(physical, byteCount, 0, direction, attributes);
        if (buffer == Dma.MAPPING_ERROR) {
            return buffer;
        }
        if (!state.reaches(buffer, byteCount, state.mask)) {
            bouncing.release(buffer);
            state.warnOnce(
                    "swiotlb addr 0x%x+%d overflow (mask %x, bus limit %x).",
                    buffer, byteCount, state.mask, state.platform.busMask());
            return Dma.MAPPING_ERROR;
        }
        maintainForDevice(buffer, byteCount, direction, attributes);
        reachedLast = buffer;
        return buffer;
    }

    /// `iommu_dma_map_phys`.
    private long mapTranslated(long physical, long byteCount, Direction direction, long attributes) {
        boolean isMmio = (attributes & Attributes.MMIO) != 0;
        long target = physical;
        boolean fillsGranules = ((physical | byteCount) & (GRANULE - 1)) == 0;
        if (!fillsGranules && bouncing.isUsedBehindIommu(byteCount, direction)) {
            if ((attributes & (Attributes.MMIO | Attributes.REQUIRE_COHERENT)) != 0) {
                return Dma.MAPPING_ERROR;
            }
            target = bounceGranules(physical, byteCount, direction, attributes);
            if (target == Dma.MAPPING_ERROR) {
                return target;
            }
        }
        if (!isMmio) {
            maintainForDevice(target, byteCount, direction, attributes);
        }
        long mapped = mapInSpace(target, byteCount, direction, state.mask);
        if (mapped == DmaSpace.NONE && target != physical) {
            bouncing.release(target);
        }
        reachedLast = target;
        return mapped == DmaSpace.NONE ? Dma.MAPPING_ERROR : mapped;
    }

    /// `iommu_dma_map_swiotlb`.
    private long bounceGranules(long physical, long byteCount, Direction direction, long attributes) {
        if (!bouncing.isActive()) {
            state.warnOnce("DMA bounce buffers are inactive, unable to map unaligned transaction.");
            return Dma.MAPPING_ERROR;
        }
        long buffer = bouncing.map(physical, byteCount, GRANULE - 1, direction, attributes);
        if (buffer != Dma.MAPPING_ERROR && state.platform.isUntrusted()) {
            bouncing.clearAround(buffer, byteCount, GRANULE);
        }
        return buffer;
    }

    /// `__iommu_dma_map`.
    long mapInSpace(long physical, long byteCount, Direction direction, long mask) {
        if (byteCount <= 0) {
            state.warn("a mapping of %d bytes", byteCount);
            return DmaSpace.NONE;
        }
        long before = state.space.collisions();
        long limit = Long.compareUnsigned(mask, state.platform.busMask()) < 0 ? mask : state.platform.busMask();
        long mapped = state.space.map(physical, byteCount, direction.isRead(), direction.isWritten(), limit);
        if (state.space.collisions() > before) {
            state.warn("ERROR: DMA PTE for 0x%x already set", mapped);
        }
        return mapped;
    }

    private void maintainForDevice(long physical, long byteCount, Direction direction, long attributes) {
        if (!state.platform.isCoherent() && (attributes & Attributes.SKIP_CPU_SYNC) == 0) {
            state.maintenance.forDevice(physical, byteCount, direction);
        }
    }

    /// `dma_unmap_phys`.
    void unmap(Kind kind, long dmaAddress, long byteCount, Direction direction, long attributes) {
        if (refuses(direction)) {
            return;
        }
        state.count(Count.UNMAPS, 1);
        if (state.isHeard()) {
            Call call = call(kind, -1, dmaAddress, byteCount, direction, attributes);
            state.observers.forEach(observer -> observer.unmapped(call));
        }
        unmapPhysical(dmaAddress, byteCount, direction, attributes);
    }

    /// What [#unmap] does, uncounted and unheard.
    void unmapPhysical(long dmaAddress, long byteCount, Direction direction, long attributes) {
        if (!state.space.isTranslated()) {
            // `dma_direct_unmap_phys`.
            if ((attributes & Attributes.MMIO) == 0) {
                if ((attributes & Attributes.SKIP_CPU_SYNC) == 0) {
                    toCpu(dmaAddress, byteCount, direction);
                }
                bouncing.unmap(dmaAddress, byteCount, direction, attributes | Attributes.SKIP_CPU_SYNC);
            }
            return;
        }
        // `iommu_dma_unmap_phys`.
        if ((attributes & Attributes.MMIO) != 0) {
            unmapInSpace(dmaAddress, byteCount);
            return;
        }
        long physical = state.space.physical(dmaAddress);
        if (physical < 0) {
            state.warn("0x%x is unmapped, but nothing is mapped there", dmaAddress);
            return;
        }
        if (!state.platform.isCoherent() && (attributes & Attributes.SKIP_CPU_SYNC) == 0) {
            state.maintenance.forCpu(physical, byteCount, direction);
        }
        unmapInSpace(dmaAddress, byteCount);
        bouncing.unmap(physical, byteCount, direction, attributes);
    }

    /// `__iommu_dma_unmap`.
    void unmapInSpace(long dmaAddress, long byteCount) {
        if (!state.space.unmap(dmaAddress, byteCount)) {
            state.warn("%d bytes at 0x%x are unmapped, but were not mapped so", byteCount, dmaAddress);
        }
    }

    private void toCpu(long physical, long byteCount, Direction direction) {
        if (!state.platform.isCoherent()) {
            state.maintenance.forCpu(physical, byteCount, direction);
        }
        bouncing.forCpu(physical, byteCount, direction);
    }

    /// Whether nothing is to be done to hand `byteCount` bytes over behind an IOMMU.
    private boolean isFree(long byteCount, Direction direction) {
        return state.space.isTranslated()
                && state.platform.isCoherent()
                && !bouncing.isUsedBehindIommu(byteCount, direction);
    }

    /// `dma_sync_single_for_cpu`.
    void syncForCpu(Kind kind, long dmaAddress, long byteCount, Direction direction) {
        if (refuses(direction)) {
            return;
        }
        state.count(Count.SYNCS_FOR_CPU, 1);
        if (!state.skipsSync && !isFree(byteCount, direction)) {
            long physical = state.space.physical(dmaAddress);
            if (physical >= 0) {
                toCpu(physical, byteCount, direction);
            }
        }
        if (state.isHeard()) {
            Call call = call(kind, -1, dmaAddress, byteCount, direction, Attributes.NONE);
            state.observers.forEach(observer -> observer.syncedForCpu(call));
        }
    }

    /// `dma_sync_single_for_device`.
    void syncForDevice(Kind kind, long dmaAddress, long byteCount, Direction direction) {
        if (refuses(direction)) {
            return;
        }
        state.count(Count.SYNCS_FOR_DEVICE, 1);
        if (!state.skipsSync && !isFree(byteCount, direction)) {
            long physical = state.space.physical(dmaAddress);
            if (physical >= 0) {
                bouncing.forDevice(physical, byteCount, direction);
                maintainForDevice(physical, byteCount, direction, Attributes.NONE);
            }
        }
        if (state.isHeard()) {
            Call call = call(kind, -1, dmaAddress, byteCount, direction, Attributes.NONE);
            state.observers.forEach(observer -> observer.syncedForDevice(call));
        }
    }
}
