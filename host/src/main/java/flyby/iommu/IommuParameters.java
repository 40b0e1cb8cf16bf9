package flyby.iommu;

import flyby.base.Check;

/// What a remapping unit can do, how large its caches are and what its own work takes. What it reads from memory
/// takes what the memory takes.
///
/// @param hostAddressBits width of physical addresses, 36 to 52
/// @param levelsMax the deepest tables that it walks, 3 to 5; shallower ones too
/// @param pages2Mib whether pages of 2 MiB are supported: CAP.SLLPS
/// @param pages1Gib whether pages of 1 GiB are
/// @param coherentWalks whether its reads of tables snoop the caches of the CPUs: ECAP.C
/// @param snoopControl whether pages can force accesses to snoop: ECAP.SC
/// @param deviceTlbs whether it answers devices that translate by themselves: ECAP.DT
/// @param iotlb the translations
/// @param pml4Cache entries that cover 2^39 bytes each
/// @param pdptCache entries that cover 2^30 bytes each
/// @param pdCache entries that cover 2^21 bytes each
/// @param contextCache context entries
/// @param interruptCache entries of the interrupt remapping table
/// @param walkers how many walks may be under way at once
/// @param missPicos from a miss to the first read of the walk
/// @param invalidationPicos to carry out one descriptor of the invalidation queue, once it has been read
/// @param faultRecords fault recording registers
/// @param deviceTlbTimeoutPicos how long a device may take to forget translations; PCI Express allows a minute
public record IommuParameters(
        int hostAddressBits,
        int levelsMax,
        boolean pages2Mib,
        boolean pages1Gib,
        boolean coherentWalks,
        boolean snoopControl,
        boolean deviceTlbs,
        CacheGeometry iotlb,
        CacheGeometry pml4Cache,
        CacheGeometry pdptCache,
        CacheGeometry pdCache,
        CacheGeometry contextCache,
        CacheGeometry interruptCache,
        int walkers,
        long missPicos,
        long invalidationPicos,
        int faultRecords,
        long deviceTlbTimeoutPicos) {
    public IommuParameters {
        Check.that(36 <= hostAddressBits && hostAddressBits <= 52, "addresses of %d bits", hostAddressBits);
        Check.that(3 <= levelsMax && levelsMax <= 5, "tables of %d levels", levelsMax);
        Check.that(walkers > 0, "%d walkers", walkers);
        Check.that(0 < faultRecords && faultRecords <= 256, "%d fault recording registers", faultRecords);
        Check.that(missPicos >= 0 && invalidationPicos >= 0 && deviceTlbTimeoutPicos > 0, "times of the IOMMU");
    }

    /// A draft to change: a server's unit with all capabilities, caches of ordinary size, and no time of its own.
    public static IommuParameters typical() {
        return new IommuParameters(
                46,
                4,
                true,
                true,
                true,
                true,
                true,
                CacheGeometry.fullyAssociative(64),
                CacheGeometry.fullyAssociative(8),
                CacheGeometry.fullyAssociative(8),
                CacheGeometry.fullyAssociative(32),
                CacheGeometry.fullyAssociative(32),
                CacheGeometry.fullyAssociative(32),
                6,
                0,
                0,
                8,
                60_000_000_000_000L);
    }

    /// With an IOTLB of this shape.
    public IommuParameters withIotlb(CacheGeometry shape) {
        return with(shape, pml4Cache, pdptCache, pdCache, walkers, missPicos, invalidationPicos);
    }

    /// With page-walk caches of these shapes, from the highest level down.
    public IommuParameters withWalkCaches(CacheGeometry pml4, CacheGeometry pdpt, CacheGeometry pd) {
        return with(iotlb, pml4, pdpt, pd, walkers, missPicos, invalidationPicos);
    }

    /// With `count` walkers.
    public IommuParameters withWalkers(int count) {
        return with(iotlb, pml4Cache, pdptCache, pdCache, count, missPicos, invalidationPicos);
    }

    /// With these times of its own.
    public IommuParameters withTimes(long newMissPicos, long newInvalidationPicos) {
        return with(iotlb, pml4Cache, pdptCache, pdCache, walkers, newMissPicos, newInvalidationPicos);
    }

    private IommuParameters with(
            CacheGeometry newIotlb,
            CacheGeometry pml4,
            CacheGeometry pdpt,
            CacheGeometry pd,
            int newWalkers,
            long newMissPicos,
            long newInvalidationPicos) {
        return new IommuParameters(
                hostAddressBits,
                levelsMax,
                pages2Mib,
                pages1Gib,
                coherentWalks,
                snoopControl,
                deviceTlbs,
                newIotlb,
                pml4,
                pdpt,
                pd,
                contextCache,
                interruptCache,
                newWalkers,
                newMissPicos,
                newInvalidationPicos,
                faultRecords,
                deviceTlbTimeoutPicos);
    }
}
