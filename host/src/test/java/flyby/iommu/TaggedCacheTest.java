package flyby.iommu;

import static org.assertj.core.api.Assertions.assertThat;

import flyby.choice.Property;
import flyby.iommu.CacheGeometry.Replacement;
import flyby.sim.Prng;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

/// Against lists, one for each set, in order of use.
final class TaggedCacheTest {
    /// The slowest cache that cannot be wrong: keys by set, the one used longest ago first.
    private static final class Lists {
        private final CacheGeometry geometry;
        private final List<List<Long>> sets = new ArrayList<>();

        Lists(CacheGeometry geometry) {
            this.geometry = geometry;
            for (int i = 0; i < geometry.sets(); i++) {
                sets.add(new ArrayList<>());
            }
        }

        private List<Long> set(long key) {
            return sets.get((int) (key >>> 2) % geometry.sets());
        }

        boolean find(long key) {
            boolean isThere = set(key).remove(key);
            if (isThere) {
                set(key).add(key);
            }
            return isThere;
        }

        void insert(long key) {
            if (!find(key) && geometry.ways() > 0) {
                if (set(key).size() == geometry.ways()) {
                    set(key).removeFirst();
                }
                set(key).add(key);
            }
        }

        void clearRange(int domain, long iova, int rangeShift, int shift, int size) {
            for (List<Long> set : sets) {
                set.removeIf(key -> {
                    boolean isIts = key >>> 48 == domain && (key & 3) == size;
                    long start = (key & (1L << 48) - 1) >>> 2 << shift;
                    long rangeStart = iova >>> rangeShift << rangeShift;
                    return isIts && start < rangeStart + (1L << rangeShift) && rangeStart < start + (1L << shift);
                });
            }
        }

        int count() {
            return sets.stream().mapToInt(List::size).sum();
        }
    }

    @Test
    void behavesAsListsInOrderOfUse() {
        Property.check(300, choices -> {
            CacheGeometry geometry = new CacheGeometry(1 << choices.below(4), (int) choices.below(6), Replacement.LRU);
            TaggedCache cache = new TaggedCache(geometry, new Prng(0));
            Lists lists = new Lists(geometry);
            for (int step = 0; step < 200; step++) {
                int domain = choices.chance(1, 4) ? 0xffff : 1;
                int size = (int) choices.between(1, 3);
                int shift = 12 + 9 * (size - 1);
                long iova = choices.below(40) << shift | choices.below(1 << 12);
                long key = TaggedCache.key(domain, iova, shift, size);
                switch ((int) choices.below(8)) {
                    case 0, 1, 2 ->
                        assertThat(cache.find(key) != TaggedCache.NONE).isEqualTo(lists.find(key));
                    case 7 -> {
                        int rangeShift = 12 + (int) choices.below(14);
                        cache.clearRange(domain, iova, rangeShift, shift, size);
                        lists.clearRange(domain, iova, rangeShift, shift, size);
                    }
                    case 6 -> {
                        if (choices.chance(1, 8)) {
                            cache.clearDomain(domain);
                            lists.sets.forEach(set -> set.removeIf(each -> each >>> 48 == domain));
                        }
                    }
                    default -> {
                        cache.insert(key);
                        lists.insert(key);
                    }
                }
                assertThat(cache.count()).isEqualTo(lists.count());
            }
        });
    }

    @Test
    void randomReplacementKeepsWhatFitsAndIsRepeatable() {
        CacheGeometry geometry = new CacheGeometry(4, 4, Replacement.RANDOM);
        assertThat(survivors(geometry)).isEqualTo(survivors(geometry)).hasSize(16);
        assertThat(survivors(geometry)).isNotEqualTo(survivors(new CacheGeometry(4, 4, Replacement.LRU)));
    }

    private static List<Long> survivors(CacheGeometry geometry) {
        TaggedCache cache = new TaggedCache(geometry, new Prng(7));
        for (long page = 0; page < 64; page++) {
            int slot = cache.insert(TaggedCache.key(3, page << 12, 12, 1));
            assertThat(slot / 4).as("the set").isEqualTo((int) page % 4);
        }
        List<Long> survivors = new ArrayList<>();
        for (long page = 0; page < 64; page++) {
            if (cache.find(TaggedCache.key(3, page << 12, 12, 1)) != TaggedCache.NONE) {
                survivors.add(page);
            }
        }
        return survivors;
    }
}
