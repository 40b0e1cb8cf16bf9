package flyby.dma;

import flyby.dma.DmaStatistics.Count;

/// What a CPU does to its caches where devices do not ask them: `arch_sync_dma_for_device` and
/// `arch_sync_dma_for_cpu`, by the table in Linux's `arch/arc/mm/dma.c`.
///
/// |              | TO_DEVICE | FROM_DEVICE      | BIDIRECTIONAL          |
/// |--------------|-----------|------------------|------------------------|
/// | for device   | clean     | [HandOver]      | clean and invalidate   |
/// | for CPU      | nothing   | invalidate       | invalidate             |
final class CacheMaintenance {
    private final DeviceState state;

    CacheMaintenance(DeviceState state) {
        this.state = state;
    }

    void forDevice(long physical, long byteCount, Direction direction) {
        switch (direction) {
            case TO_DEVICE -> clean(physical, byteCount);
            case FROM_DEVICE -> {
                switch (state.platform.handOver()) {
                    case INVALIDATE -> invalidate(physical, byteCount);
                    case CLEAN -> clean(physical, byteCount);
                    case NOTHING -> {}
                }
            }
            default -> {
                state.count(Count.CLEAN_INVALIDATIONS, 1);
                state.count(Count.CLEAN_INVALIDATED_BYTES, byteCount);
                state.cpu().cleanAndInvalidateCache(physical, byteCount);
            }
        }
    }

    void forCpu(long physical, long byteCount, Direction direction) {
        if (direction != Direction.TO_DEVICE) {
            invalidate(physical, byteCount);
        }
    }

    private void clean(long physical, long byteCount) {
        state.count(Count.CLEANS, 1);
        state.count(Count.CLEANED_BYTES, byteCount);
        state.cpu().cleanCache(physical, byteCount);
    }

    private void invalidate(long physical, long byteCount) {
        state.count(Count.INVALIDATIONS, 1);
        state.count(Count.INVALIDATED_BYTES, byteCount);
        state.cpu().invalidateCache(physical, byteCount);
    }
}
