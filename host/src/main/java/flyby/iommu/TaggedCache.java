package flyby.iommu;

import flyby.iommu.CacheGeometry.Replacement;
import flyby.sim.Prng;
import java.util.Arrays;

/// Which slot of a cache holds which key. What the slots hold besides is their owner's business.
///
/// A key is a domain, a page number and the size of the page, so that pages of several sizes can share a cache.
/// Keys are found by hashing, whatever the geometry: that is this model's speed, not the hardware's, and changes no
/// answer.
final class TaggedCache {
    /// No such slot.
    static final int NONE = -1;

    private static final int DOMAIN_SHIFT = 48;
    private static final int SIZE_BITS = 2;
    private static final long DOMAIN_MASK = -1L << DOMAIN_SHIFT;

    private final int setMask;
    private final int ways;
    private final boolean isRandom;
    private final Prng prng;
    private final long[] keys;
    // When each slot was used last, counted in uses; 0 if it is empty.
    private final long[] uses;
    // Open addressing: 1 more than the slot, or 0.
    private final int[] index;
    private final int indexShift;
    // The slot found last: a device's next request is often for the same.
    private int lastSlot = NONE;
    private long useCount;
    private int count;

    TaggedCache(CacheGeometry geometry, Prng prng) {
        setMask = geometry.sets() - 1;
        ways = geometry.ways();
        isRandom = geometry.replacement() == Replacement.RANDOM;
        this.prng = prng;
        keys = new long[geometry.entries()];
        uses = new long[geometry.entries()];
        indexShift = Long.numberOfLeadingZeros(4L * Math.max(1, geometry.entries())) + 1;
        index = new int[1 << (Long.SIZE - indexShift)];
    }

    /// The key of the page of `iova`.
    ///
    /// @param domain 0 to 0xffff
    /// @param shift log2 of the page's size, 12 or more
    /// @param size a number for that size, 1 to 3
    static long key(int domain, long iova, int shift, int size) {
        return ((long) domain << DOMAIN_SHIFT) | (iova >>> shift << SIZE_BITS) | size;
    }

    /// How many slots there are.
    int slots() {
        return keys.length;
    }

    /// How many of them hold something.
    int count() {
        return count;
    }

    /// The slot of `key`, which counts as used now, or [#NONE].
    int find(long key) {
        int last = lastSlot;
        if (last != NONE && keys[last] == key && uses[last] != 0) {
            uses[last] = ++useCount;
            return last;
        }
        int at = home(key);
        int entry = index[at];
        while (entry != 0) {
            if (keys[entry - 1] == key) {
                lastSlot = entry - 1;
                uses[lastSlot] = ++useCount;
                return lastSlot;
            }
            at = next(at);
            entry = index[at];
        }
        return NONE;
    }

    /// Makes room for `key`, which may be there already.
    ///
    /// @return its slot, or [#NONE] if there are none at all
    int insert(long key) {
        int slot = find(key);
        if (slot != NONE || ways == 0) {
            return slot;
        }
        slot = victim(((int) (key >>> SIZE_BITS) & setMask) * ways);
        if (uses[slot] != 0) {
            remove(slot);
        }
        keys[slot] = key;
        uses[slot] = ++useCount;
        count++;
        int at = home(key);
        while (index[at] != 0) {
            at = next(at);
        }
        index[at] = slot + 1;
        return slot;
    }

    private int victim(int first) {
        int oldest = first;
        for (int slot = first; slot < first + ways; slot++) {
            if (uses[slot] < uses[oldest]) {
                oldest = slot;
            }
        }
        return isRandom && uses[oldest] != 0 ? first + (int) prng.below(ways) : oldest;
    }

    /// Forgets everything.
    void clear() {
        if (count > 0) {
            Arrays.fill(uses, 0);
            Arrays.fill(index, 0);
            count = 0;
        }
    }

    /// Forgets all entries of `domain`.
    void clearDomain(int domain) {
        clearMatching(DOMAIN_MASK, (long) domain << DOMAIN_SHIFT);
    }

    /// Forgets the entries of `domain` of one size that overlap an aligned range.
    ///
    /// @param rangeShift log2 of the range's size
    void clearRange(int domain, long iova, int rangeShift, int shift, int size) {
        long key = key(domain, iova, shift, size);
        if (rangeShift <= shift) {
            clearKey(key);
        } else {
            // Equal but for the lowest bits of the page number.
            long free = ((1L << (rangeShift - shift)) - 1) << SIZE_BITS;
            clearMatching(~free, key & ~free);
        }
    }

    /// Forgets `key`, if it is there.
    void clearKey(long key) {
        int slot = find(key);
        if (slot != NONE) {
            remove(slot);
        }
    }

    /// Forgets the keys that are equal to `value` in the bits of `mask`.
    void clearMatching(long mask, long value) {
        if (count == 0) {
            return;
        }
        for (int slot = 0; slot < keys.length; slot++) {
            if (uses[slot] != 0 && (keys[slot] & mask) == value) {
                remove(slot);
            }
        }
    }

    private void remove(int slot) {
        int at = home(keys[slot]);
        while (index[at] != slot + 1) {
            at = next(at);
        }
        uses[slot] = 0;
        count--;
        // Those behind it move up, or they would not be found any more.
        int hole = at;
        index[hole] = 0;
        for (at = next(at); index[at] != 0; at = next(at)) {
            int home = home(keys[index[at] - 1]);
            boolean mayMove = hole <= at ? home <= hole || home > at : home <= hole && home > at;
            if (mayMove) {
                index[hole] = index[at];
                index[at] = 0;
                hole = at;
            }
        }
    }

    private int home(long key) {
        return (int) ((key * 0x9E37_79B9_7F4A_7C15L) >>> indexShift);
    }

    private int next(int at) {
        return (at + 1) & (index.length - 1);
    }
}
