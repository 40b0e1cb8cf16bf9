package flyby.dma;

import java.util.EnumMap;
import java.util.Map;

/// How often the DMA API of one device did what, and with how many bytes.
public final class DmaStatistics {
    /// What is counted.
    public enum Count {
        /// Mappings made, each entry of a list for itself.
        MAPS,
        /// Mappings taken back.
        UNMAPS,
        /// Calls that hand a mapping, or a part of it, to the CPU.
        SYNCS_FOR_CPU,
        /// Calls that hand it back.
        SYNCS_FOR_DEVICE,
        /// Coherent, non-coherent and non-contiguous allocations.
        ALLOCATIONS,
        /// Those given back.
        FREES,
        /// Maps and allocations that failed, for whatever reason.
        FAILURES,
        /// Ranges of the caches that were cleaned: written back.
        CLEANS,
        /// Bytes of them.
        CLEANED_BYTES,
        /// Ranges that were invalidated: forgotten.
        INVALIDATIONS,
        /// Bytes of them.
        INVALIDATED_BYTES,
        /// Ranges that were cleaned and invalidated.
        CLEAN_INVALIDATIONS,
        /// Bytes of them.
        CLEAN_INVALIDATED_BYTES,
        /// Mappings that went through a bounce buffer.
        BOUNCES,
        /// Bytes that were copied into bounce buffers.
        BOUNCED_IN_BYTES,
        /// Bytes that were copied out of them.
        BOUNCED_OUT_BYTES
    }

    private final Map<Count, long[]> counts = new EnumMap<>(Count.class);

    DmaStatistics() {
        for (Count count : Count.values()) {
            counts.put(count, new long[1]);
        }
    }

    void add(Count count, long amount) {
        long[] sum = counts.get(count);
        if (sum != null) {
            sum[0] += amount;
        }
    }

    /// How many so far.
    public long of(Count count) {
        long[] sum = counts.get(count);
        return sum == null ? 0 : sum[0];
    }
}
