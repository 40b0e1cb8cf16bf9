package flyby.iommu;

import static flyby.iommu.layout.RemappingTables.levelShift;

import flyby.sim.Prng;

/// The translations that have been found: by domain and page, with pages of all sizes side by side.
final class Iotlb {
    /// No such translation: allows nothing.
    static final long NONE = 0;

    private static final int LEVELS = 3;

    private final TaggedCache cache;
    private final long[] mappings;
    // Which sizes have ever been there: others need not be looked for.
    private final boolean[] isUsed = new boolean[LEVELS + 1];

    Iotlb(CacheGeometry geometry, Prng prng) {
        cache = new TaggedCache(geometry, prng);
        mappings = new long[cache.slots()];
    }

    /// The mapping of `iova`, or [#NONE].
    long find(int domain, long iova) {
        for (int level = 1; level <= LEVELS; level++) {
            if (isUsed[level]) {
                int slot = cache.find(TaggedCache.key(domain, iova, levelShift(level), level));
                if (slot != TaggedCache.NONE) {
                    return mappings[slot];
                }
            }
        }
        return NONE;
    }

    /// @param level where the page was found: 1 for 4 KiB, 2 for 2 MiB, 3 for 1 GiB
    void insert(int domain, long iova, int level, long mapping) {
        int slot = cache.insert(TaggedCache.key(domain, iova, levelShift(level), level));
        if (slot != TaggedCache.NONE) {
            mappings[slot] = mapping;
            isUsed[level] = true;
        }
    }

    int count() {
        return cache.count();
    }

    void clear() {
        cache.clear();
    }

    void clearDomain(int domain) {
        cache.clearDomain(domain);
    }

    /// Forgets every page of `domain` that overlaps an aligned range of 2^`rangeShift` bytes.
    void clearPages(int domain, long iova, int rangeShift) {
        for (int level = 1; level <= LEVELS; level++) {
            if (isUsed[level]) {
                cache.clearRange(domain, iova, rangeShift, levelShift(level), level);
            }
        }
    }
}
