package flyby.dma;

import flyby.base.Check;
import org.jspecify.annotations.Nullable;

/// Whether and when a platform puts bounce buffers between a device and memory.
///
/// @param pool the buffers, if there are such
/// @param isForced whether all streaming mappings go through them: `swiotlb=force`
/// @param wholeLines whether memory that may share its cache lines is bounced: DMA_BOUNCE_UNALIGNED_KMALLOC
/// @param copiesIn whether a buffer that the device is to write gets the old bytes first, as Linux has it; else what
/// the device leaves out comes back as whatever was there
public record BounceOptions(@Nullable Swiotlb pool, boolean isForced, boolean wholeLines, boolean copiesIn) {
    /// No bounce buffers.
    public static final BounceOptions NONE = new BounceOptions(null, false, false, true);

    public BounceOptions {
        Check.that(pool != null || !isForced, "no bounce buffers to force mappings through");
    }

    /// A pool that is used where it must be.
    public static BounceOptions of(Swiotlb pool) {
        return new BounceOptions(pool, false, false, true);
    }

    /// A pool that all mappings go through.
    public static BounceOptions forced(Swiotlb pool) {
        return new BounceOptions(pool, true, false, true);
    }
}
