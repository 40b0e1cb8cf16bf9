package flyby.iommu;

import static flyby.iommu.layout.RemappingTables.levelShift;

import flyby.iommu.layout.RemappingTables;

/// What entries of page tables may say, given what a unit supports. Intel VT-d, section 9.8.
final class PageFormat {
    private static final int LEVELS_MAX = 5;
    private static final int PAGE_LEVELS_MAX = 3;
    private static final int ADDRESS_BITS_MAX = 52;

    private final boolean[] canBePage = new boolean[LEVELS_MAX + 1];
    private final long[] reservedInPage = new long[LEVELS_MAX + 1];
    private final long[] reservedInTable = new long[LEVELS_MAX + 1];

    PageFormat(IommuParameters parameters) {
        canBePage[1] = true;
        canBePage[2] = parameters.pages2Mib();
        canBePage[3] = parameters.pages1Gib();
        long tooHigh = (1L << ADDRESS_BITS_MAX) - (1L << parameters.hostAddressBits());
        long snoop = RemappingTables.PAGE_SNOOP.mask();
        long transientMapping = RemappingTables.PAGE_TRANSIENT.mask();
        for (int level = 1; level <= LEVELS_MAX; level++) {
            long withinPage = (1L << levelShift(level)) - (1L << RemappingTables.PAGE_SHIFT);
            reservedInPage[level] = tooHigh
                    | withinPage
                    | (parameters.snoopControl() ? 0 : snoop)
                    | (parameters.deviceTlbs() ? 0 : transientMapping);
            reservedInTable[level] = tooHigh | snoop | transientMapping | RemappingTables.PAGE_SIZE.mask();
        }
    }

    /// Whether `entry` of a table of level `level` is a page and no table.
    boolean isPage(long entry, int level) {
        return level == 1 || (level <= PAGE_LEVELS_MAX && canBePage[level] && RemappingTables.PAGE_SIZE.isSet(entry));
    }

    /// Whether something is set that must not be. Of a size of page that is not supported, PS is.
    boolean hasReserved(long entry, int level) {
        return (entry & (isPage(entry, level) ? reservedInPage[level] : reservedInTable[level])) != 0;
    }
}
