package flyby.dmar;

import flyby.base.Check;
import java.util.Arrays;
import java.util.Map;
import java.util.TreeMap;

/// Which IOVAs are in use: from the top of the space, or of what a device reaches, downwards, aligned to their size, as
/// Linux's
/// `drivers/iommu/iova.c` gives them out.
///
/// The ranges are in a tree. A search begins below the range that was given out last, and once more from the top if
/// there is no room. Small ranges that are freed stay with the allocator, last in and first out, so that most calls
/// need no search: `iova_rcache`, here for one CPU.
public final class IovaAllocator {
    /// No room.
    public static final long NONE = -1;

    /// Ranges of up to 2^5 pages are kept: IOVA_RANGE_CACHE_MAX_SIZE.
    private static final int KEPT_ORDERS = 6;

    /// Ranges of a magazine: IOVA_MAG_SIZE.
    private static final int MAGAZINE = 127;

    /// As many of each size are kept: two magazines, and 32 in the depot.
    private static final int KEPT_MAX = MAGAZINE * (2 + 32);

    private static final int PAGE_SHIFT = 12;

    /// A range that was given out once, and is in use or kept.
    private static final class Range {
        private final long pages;
        private boolean isInUse;

        private Range(long pages) {
            this.pages = pages;
        }
    }

    // By their first page.
    private final TreeMap<Long, Range> ranges = new TreeMap<>();
    private final long firstPage;
    private final long endPage;
    private final long[][] kept = new long[KEPT_ORDERS][];
    private final int[] keptCount = new int[KEPT_ORDERS];
    // Where to search from: below the range that was given out last.
    private long below;

    /// IOVAs from `first` up to, not including, `end`; both multiples of 4 KiB.
    public IovaAllocator(long first, long end) {
        Check.that(0 < first && first < end, "IOVAs from 0x%x to 0x%x", first, end);
        firstPage = first >>> PAGE_SHIFT;
        endPage = end >>> PAGE_SHIFT;
        below = endPage;
        for (int order = 0; order < KEPT_ORDERS; order++) {
            kept[order] = new long[16];
        }
    }

    /// Sets a range apart that is never given out: where interrupts are, for one. `reserve_iova`.
    public void reserve(long iova, long byteCount) {
        ranges.put(iova >>> PAGE_SHIFT, new Range(pages(byteCount)));
    }

    /// A free range of `byteCount` bytes in whole pages, aligned to its size rounded up to a power of two; or
    /// [#NONE].
    public long allocate(long byteCount) {
        return allocate(byteCount, endPage << PAGE_SHIFT);
    }

    /// As [#allocate(long)], of IOVAs below `end`. `alloc_iova_fast`.
    public long allocate(long byteCount, long end) {
        long limit = Math.min(end >>> PAGE_SHIFT, endPage);
        long pages = pages(byteCount);
        int order = order(pages);
        if (order < KEPT_ORDERS) {
            // Sizes that are kept are powers of two, so that any of an order will do.
            pages = 1L << order;
            long page = takeKept(order, limit);
            if (page >= 0) {
                return page << PAGE_SHIFT;
            }
        }
        long page = search(Math.min(below, limit), pages, order);
        if (page < 0 && below < limit) {
            page = search(limit, pages, order);
        }
        if (page < 0) {
            return NONE;
        }
        Range range = new Range(pages);
        range.isInUse = true;
        ranges.put(page, range);
        below = page;
        return page << PAGE_SHIFT;
    }

    /// IOVA 0, a page, if it is free; or [#NONE]. [#allocate(long)] never gives it.
    public long allocateZero() {
        Range range = new Range(1);
        range.isInUse = true;
        return ranges.putIfAbsent(0L, range) == null ? 0 : NONE;
    }

    /// The last one kept that fits, of those of one magazine; or -1. `iova_magazine_pop`.
    private long takeKept(int order, long limit) {
        long[] pages = kept[order];
        int count = keptCount[order];
        for (int i = count - 1; i >= 0 && i >= count - MAGAZINE; i--) {
            long page = pages[i];
            if (page + (1L << order) <= limit) {
                pages[i] = pages[count - 1];
                keptCount[order]--;
                Range range = ranges.get(page);
                if (range == null) {
                    throw Check.bug("page 0x%x is kept, but was never given out", page);
                }
                range.isInUse = true;
                return page;
            }
        }
        return -1;
    }

    /// Takes back what [#allocate] has given for `byteCount` bytes. A caller that says another size than it was
    /// given is believed as far as that cannot make ranges overlap: what is less stays in use for ever.
    ///
    /// @return false, and nothing is done, if `iova` is not the beginning of a range in use
    public boolean free(long iova, long byteCount) {
        long page = iova >>> PAGE_SHIFT;
        Range range = ranges.get(page);
        if (range == null || !range.isInUse) {
            return false;
        }
        range.isInUse = false;
        if (page == 0) {
            ranges.remove(page);
            return true;
        }
        int order = Math.min(order(pages(byteCount)), order(range.pages));
        if (order < KEPT_ORDERS && keptCount[order] < KEPT_MAX) {
            if (keptCount[order] == kept[order].length) {
                kept[order] = Arrays.copyOf(kept[order], 2 * keptCount[order]);
            }
            kept[order][keptCount[order]++] = page;
            return true;
        }
        ranges.remove(page);
        if (page >= below) {
            Long above = ranges.higherKey(page);
            below = above == null ? endPage : above;
        }
        return true;
    }

    /// Whether a range that begins at `iova` is in use.
    public boolean isInUse(long iova) {
        Range range = ranges.get(iova >>> PAGE_SHIFT);
        return range != null && range.isInUse;
    }

    /// Ranges in use, with those that are kept.
    public int rangeCount() {
        return ranges.size();
    }

    /// The highest free place below `limit`, or -1.
    private long search(long limit, long pages, int order) {
        long end = limit;
        Map.Entry<Long, Range> range = ranges.lowerEntry(limit);
        while (true) {
            long rangeEnd = range == null ? firstPage : range.getKey() + range.getValue().pages;
            long page = end - pages & -(1L << order);
            if (page >= rangeEnd) {
                return page;
            }
            if (range == null) {
                return -1;
            }
            end = Math.min(end, range.getKey());
            range = ranges.lowerEntry(range.getKey());
        }
    }

    private static long pages(long byteCount) {
        return (byteCount + (1L << PAGE_SHIFT) - 1) >>> PAGE_SHIFT;
    }

    private static int order(long pages) {
        return Long.SIZE - Long.numberOfLeadingZeros(pages - 1);
    }
}
