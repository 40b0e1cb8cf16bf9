package flyby.dmar;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import flyby.choice.Property;
import java.util.HashMap;
import java.util.Map;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;

/// Tables are read by hand: bits as in Intel VT-d, section 9.8.
final class PageTablesTest {
    private static final long PAGE = 4096;
    private static final long LARGE = 1 << 21;

    private static final class Words implements TableAccess {
        private final Map<Long, Long> words = new HashMap<>();

        @Override
        public long load64(long address) {
            return words.getOrDefault(address, 0L);
        }

        @Override
        public void store64(long address, long value) {
            words.put(address, value);
        }
    }

    private final Words words = new Words();
    private final TableFrames frames = new TableFrames(words, 1L << 32, 1 << 24);

    /// What `iova` means, or -1; and in bits 1:0 what is allowed.
    private long walk(PageTables tables, long iova) {
        long table = tables.top();
        for (int level = tables.levels(); level > 0; level--) {
            int shift = 12 + 9 * (level - 1);
            long entry = words.load64(table + (iova >>> shift & 511) * 8);
            if ((entry & 3) == 0) {
                return -1;
            }
            if (level == 1 || (entry & 0x80) != 0) {
                return (entry & 0xf_ffff_ffff_f000L) + (iova & ((1L << shift) - 1) & -PAGE) | (entry & 3);
            }
            table = entry & 0xf_ffff_ffff_f000L;
        }
        throw new AssertionError("no page at the lowest level");
    }

    @Test
    void theLargestPageThatFitsIsUsed() {
        PageTables tables = new PageTables(words, frames, 4, 3);
        tables.map((1L << 30) - LARGE - PAGE, (3L << 30) - LARGE - PAGE, (1L << 30) + LARGE + 2 * PAGE, true, false);

        assertThat(walk(tables, (1L << 30) - LARGE - PAGE)).isEqualTo((3L << 30) - LARGE - PAGE | 1);
        assertThat(walk(tables, 1L << 30)).isEqualTo(3L << 30 | 1);
        assertThat(walk(tables, 2L << 30)).isEqualTo(4L << 30 | 1);
        assertThat(walk(tables, (2L << 30) + PAGE)).isEqualTo(-1);
        assertThat(words.load64(words.load64(words.load64(tables.top()) & -PAGE) & -PAGE))
                .as("below the first 2 MiB nothing was made")
                .isZero();
        assertThat(words.load64((words.load64(tables.top()) & -PAGE) + 8))
                .as("a page of 1 GiB")
                .isEqualTo(3L << 30 | 0x81);
    }

    @Test
    void tablesThatAreWhollyUnmappedAreFreeOnceTheUnitWasTold() {
        PageTables tables = new PageTables(words, frames, 3, 1);
        tables.map(0, 0, 2 * LARGE, true, true);
        long directory = words.load64(tables.top()) & -PAGE;
        long freed = words.load64(directory) & -PAGE;

        assertThat(tables.unmap(PAGE, PAGE)).as("a table that is still of use").isFalse();
        assertThat(tables.unmap(0, LARGE)).isTrue();
        assertThat(frames.allocate()).as("not yet").isNotEqualTo(freed);
        tables.freeFirst(tables.waiting());
        assertThat(frames.allocate()).isEqualTo(freed);
        assertThat(walk(tables, LARGE)).isEqualTo(LARGE | 3);
    }

    @Test
    void whatASoftwareBugWouldDoIsRefused() {
        PageTables tables = new PageTables(words, frames, 3, 2);
        tables.map(LARGE, 0, LARGE, true, true);

        assertThatThrownBy(() -> tables.map(100, 0, PAGE, true, true)).hasMessageContaining("not whole pages");
        assertThatThrownBy(() -> tables.map(1L << 39, 0, PAGE, true, true)).hasMessageContaining("3 levels");
        TableFrames few = new TableFrames(words, 0, PAGE);
        few.allocate();
        assertThatThrownBy(few::allocate).hasMessageContaining("no memory is left");
    }

    /// What a driver that unmaps less, or more, than it has mapped does to the tables.
    @Test
    void pagesInTheWayGiveWayAndLargerPagesGoWhole() {
        PageTables tables = new PageTables(words, frames, 3, 2);
        tables.map(LARGE, 0, LARGE, true, true);

        assertThat(tables.map(LARGE, 5 * PAGE, PAGE, true, true))
                .as("the unit must forget")
                .isTrue();
        assertThat(tables.collisions()).isEqualTo(1);
        assertThat(walk(tables, LARGE)).isEqualTo(5 * PAGE | 3);
        assertThat(walk(tables, LARGE + PAGE)).isEqualTo(-1);
        assertThat(tables.map(LARGE, LARGE, LARGE, true, true)).isTrue();
        assertThat(tables.collisions()).isEqualTo(2);
        assertThat(tables.physical(LARGE + 3 * PAGE + 7)).isEqualTo(LARGE + 3 * PAGE + 7);
        tables.unmap(LARGE + PAGE, PAGE);
        assertThat(tables.unmappedBytes())
                .as("the page in the way, and the large one")
                .isEqualTo(PAGE + LARGE);
        assertThat(tables.physical(LARGE)).isEqualTo(-1);
    }

    @Test
    void anySequenceMeansWhatATableOfPagesWouldMean() {
        Property.check(150, choices -> {
            PageTables tables =
                    new PageTables(words, new TableFrames(words, 0, 1 << 28), (int) choices.between(3, 5), (int)
                            choices.between(1, 3));
            // Ranges that are mapped, and what they mean.
            TreeMap<Long, long[]> ranges = new TreeMap<>();
            for (int step = 0; step < 30; step++) {
                long iova = choices.below(3) << 30 | choices.below(3) << 21 | choices.below(4) << 12;
                if (ranges.containsKey(iova)) {
                    long[] range = ranges.remove(iova);
                    tables.unmap(iova, range[1]);
                    tables.freeFirst(tables.waiting());
                } else {
                    long size = choices.pick(PAGE, 3 * PAGE, LARGE, LARGE + PAGE, 1L << 30);
                    Map.Entry<Long, long[]> below = ranges.lowerEntry(iova + size);
                    if (below == null || below.getKey() + below.getValue()[1] <= iova) {
                        long physical = choices.below(8) << 30 | choices.below(2) << 21 | choices.below(2) << 12;
                        ranges.put(iova, new long[] {physical, size});
                        tables.map(iova, physical, size, true, choices.chance(1, 2));
                    }
                }
                long probe = choices.below(4) << 30 | choices.below(4) << 21 | choices.below(5) << 12;
                Map.Entry<Long, long[]> range = ranges.floorEntry(probe);
                boolean isMapped = range != null && probe < range.getKey() + range.getValue()[1];
                long walked = walk(tables, probe);
                assertThat(walked & -PAGE)
                        .as("0x%x", probe)
                        .isEqualTo(isMapped ? range.getValue()[0] + probe - range.getKey() : -PAGE);
            }
        });
    }
}
