package flyby.iommu;

import static flyby.iommu.layout.RemappingTables.levelShift;

import flyby.sim.Prng;

/// The page-walk caches: entries of tables that lead to tables, so that a walk need not begin at the top.
///
/// The one of level 4 covers 2^39 bytes with an entry, that of level 3 2^30, that of level 2 2^21; a walk that hits
/// the last has one read left.
final class WalkCaches {
    /// Nothing of this address is known.
    static final int NONE = 0;

    private static final int LOWEST = 2;
    private static final int HIGHEST = 4;
    // All keys of one cache are of one size.
    private static final int SIZE = 1;

    private final TaggedCache[] caches = new TaggedCache[HIGHEST + 1];
    private final long[][] entries = new long[HIGHEST + 1][];
    private long found;

    WalkCaches(IommuParameters parameters, Prng prng) {
        CacheGeometry[] geometries = {parameters.pdCache(), parameters.pdptCache(), parameters.pml4Cache()};
        for (int level = LOWEST; level <= HIGHEST; level++) {
            caches[level] = new TaggedCache(geometries[level - LOWEST], prng);
            entries[level] = new long[caches[level].slots()];
        }
    }

    /// The lowest level of which the entry of `iova` is known, or [#NONE]. If there is one, [#found] has it.
    ///
    /// @param levels of the domain's tables
    int find(int domain, long iova, int levels) {
        for (int level = LOWEST; level <= Math.min(levels, HIGHEST); level++) {
            int slot = caches[level].find(key(domain, iova, level));
            if (slot != TaggedCache.NONE) {
                found = entries[level][slot];
                return level;
            }
        }
        return NONE;
    }

    /// What [#find] has found: the address of the next table, and in its low bits what all levels so far allow.
    long found() {
        return found;
    }

    void insert(int domain, long iova, int level, long entry) {
        if (level <= HIGHEST) {
            int slot = caches[level].insert(key(domain, iova, level));
            if (slot != TaggedCache.NONE) {
                entries[level][slot] = entry;
            }
        }
    }

    void clear() {
        for (int level = LOWEST; level <= HIGHEST; level++) {
            caches[level].clear();
        }
    }

    void clearDomain(int domain) {
        for (int level = LOWEST; level <= HIGHEST; level++) {
            caches[level].clearDomain(domain);
        }
    }

    void clearPages(int domain, long iova, int rangeShift) {
        for (int level = LOWEST; level <= HIGHEST; level++) {
            caches[level].clearRange(domain, iova, rangeShift, levelShift(level), SIZE);
        }
    }

    private static long key(int domain, long iova, int level) {
        return TaggedCache.key(domain, iova, levelShift(level), SIZE);
    }
}
