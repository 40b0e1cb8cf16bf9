package flyby.iommu;

import flyby.base.Check;

/// The shape of a cache of translations.
///
/// @param sets a power of two; the lowest bits of the page number choose one
/// @param ways entries of a set; 0 for no cache
/// @param replacement who goes when a set is full
public record CacheGeometry(int sets, int ways, Replacement replacement) {
    /// Who goes when a set is full.
    public enum Replacement {
        /// The entry that was used longest ago.
        LRU,
        /// Any entry, drawn from the simulation's randomness.
        RANDOM
    }

    public CacheGeometry {
        Check.that(Integer.bitCount(sets) == 1 && ways >= 0, "a cache of %d sets of %d", sets, ways);
    }

    /// One set of `entries` entries, of which the one that was used longest ago goes.
    public static CacheGeometry fullyAssociative(int entries) {
        return new CacheGeometry(1, entries, Replacement.LRU);
    }

    /// No cache at all.
    public static CacheGeometry none() {
        return fullyAssociative(0);
    }

    /// How many entries there are.
    public int entries() {
        return Math.multiplyExact(sets, ways);
    }
}
