package flyby.iommu;

import flyby.iommu.layout.RemappingTables;

/// What a page means, in a `long`: the address in bits 51:12, log2 of the page's size in bits 9:4, and what is
/// allowed.
final class Mapping {
    static final long READ = 1;
    static final long WRITE = 2;
    static final long SNOOP = 4;

    private static final int SHIFT_LOW = 4;
    private static final long SHIFT_MASK = 0x3f;

    private Mapping() {}

    /// @param allowed of [#READ], [#WRITE] and [#SNOOP]
    static long of(long pageAddress, int pageShift, long allowed) {
        return pageAddress | ((long) pageShift << SHIFT_LOW) | allowed;
    }

    static int pageShift(long mapping) {
        return (int) ((mapping >>> SHIFT_LOW) & SHIFT_MASK);
    }

    /// What `iova`, which lies in this page, means.
    static long address(long mapping, long iova) {
        long offset = iova & ((1L << pageShift(mapping)) - 1);
        return (mapping & RemappingTables.PAGE_ADDRESS.mask()) | offset;
    }

    /// Whether an access is allowed.
    static boolean allows(long mapping, boolean write) {
        return (mapping & (write ? WRITE : READ)) != 0;
    }

    /// Answers `translation` with what this mapping says.
    static void allow(long mapping, Translation translation) {
        translation.allow(
                address(mapping, translation.iova()),
                pageShift(mapping),
                (mapping & READ) != 0,
                (mapping & WRITE) != 0,
                (mapping & SNOOP) != 0);
    }
}
