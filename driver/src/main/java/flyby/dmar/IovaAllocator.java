package flyby.dmar;

import flyby.base.Check;
import java.util.Arrays;
import java.util.Map;
import java.util.TreeMap;

/// Which IOVAs are in use: from the top of the 32-bit space downwards, aligned to their size, as Linux's
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

    /// As many of each size: two magazines of 127 and 32 in the depot.
    private static final int KEPT_MAX = 127 * (2 + 32);

    private static final int PAGE_SHIFT = 12;

    // First page of a range: pages of it.
    private final TreeMap<Long, Long> ranges = new TreeMap<>();
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
        ranges.put(iova >>> PAGE_SHIFT, pages(byteCount));
    }

    /// A free range of `byteCount` bytes in whole pages, aligned to its size rounded up to a power of two; or
    /// [#NONE].
    public long allocate(long byteCount) {
        long pages = pages(byteCount);
        int order = order(pages);
        if (order < KEPT_ORDERS) {
            // Sizes that are kept are powers of two, so that any of an order will do.
            pages = 1L << order;
            if (keptCount[order] > 0) {
                return kept[order][--keptCount[order]] << PAGE_SHIFT;
            }
        }
        long page = search(below, pages, order);
        if (page < 0 && below < endPage) {
            page = search(endPage, pages, order);
        }
        if (page < 0) {
            return NONE;
        }
        ranges.put(page, pages);
        below = page;
        return page << PAGE_SHIFT;
    }

    /// Takes back what [#allocate] has given for `byteCount` bytes.
    public void free(long iova, long byteCount) {
        int order = order(pages(byteCount));
        if (order < KEPT_ORDERS && keptCount[order] < KEPT_MAX) {
            if (keptCount[order] == kept[order].length) {
                kept[order] = Arrays.copyOf(kept[order], 2 * keptCount[order]);
            }
            kept[order][keptCount[order]++] = iova >>> PAGE_SHIFT;
            return;
        }
        long page = iova >>> PAGE_SHIFT;
        Long pages = ranges.remove(page);
        Check.that(pages != null, "0x%x was not given out", iova);
        if (page >= below) {
            Long above = ranges.higherKey(page);
            below = above == null ? endPage : above;
        }
    }

    /// Ranges in use, with those that are kept.
    public int rangeCount() {
        return ranges.size();
    }

    /// The highest free place below `limit`, or -1.
    private long search(long limit, long pages, int order) {
        long end = limit;
        Map.Entry<Long, Long> range = ranges.lowerEntry(limit);
        while (true) {
            long rangeEnd = range == null ? firstPage : range.getKey() + range.getValue();
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
