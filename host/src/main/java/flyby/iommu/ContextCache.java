package flyby.iommu;

import flyby.sim.Prng;
import org.jspecify.annotations.Nullable;

/// The context entries of the functions that have asked.
final class ContextCache {
    private static final int FUNCTION_MASK_MAX = 7;

    private final TaggedCache cache;
    private final ContextEntry[] entries;

    ContextCache(CacheGeometry geometry, Prng prng) {
        cache = new TaggedCache(geometry, prng);
        entries = new ContextEntry[cache.slots()];
        for (int i = 0; i < entries.length; i++) {
            entries[i] = new ContextEntry();
        }
    }

    @Nullable
    ContextEntry find(int requesterId) {
        int slot = cache.find(key(requesterId));
        return slot == TaggedCache.NONE ? null : entries[slot];
    }

    void insert(ContextEntry entry) {
        int slot = cache.insert(key(entry.requesterId));
        if (slot != TaggedCache.NONE) {
            entries[slot].copy(entry);
        }
    }

    void clear() {
        cache.clear();
    }

    void clearDomain(int domain) {
        for (ContextEntry entry : entries) {
            if (entry.domain == domain) {
                cache.clearKey(key(entry.requesterId));
            }
        }
    }

    /// @param functionMask FM: how many bits of the function number do not count, from bit 2 downwards
    void clearFunctions(int requesterId, int functionMask) {
        int free = FUNCTION_MASK_MAX & ~(FUNCTION_MASK_MAX >>> functionMask);
        for (ContextEntry entry : entries) {
            if (((entry.requesterId ^ requesterId) & ~free) == 0) {
                cache.clearKey(key(entry.requesterId));
            }
        }
    }

    private static long key(int requesterId) {
        return TaggedCache.key(0, requesterId, 0, 1);
    }
}
