package flyby.kernel;

import java.util.ArrayList;
import java.util.List;
import java.util.TreeSet;

/// The free pages of one zone of one node, in blocks of `2^order` pages that are aligned to their size. Linux's
/// `mm/page_alloc.c`; of blocks that are alike, here the lowest is given out, so that runs repeat.
final class Buddies {
    /// MAX_PAGE_ORDER: the largest block is 4 MiB.
    static final int ORDER_MAX = 10;

    private final long begin;
    private final long end;
    private final List<TreeSet<Long>> free = new ArrayList<>();

    /// Pages from `begin` up to, not including, `end`.
    Buddies(long begin, long end) {
        this.begin = begin;
        this.end = end;
        for (int order = 0; order <= ORDER_MAX; order++) {
            free.add(new TreeSet<>());
        }
        release(begin, end);
    }

    boolean contains(long address) {
        return begin <= address && address < end;
    }

    /// A block, or 0.
    long allocate(int order) {
        int at = order;
        while (at <= ORDER_MAX && free.get(at).isEmpty()) {
            at++;
        }
        if (at > ORDER_MAX) {
            return KernelMemory.NONE;
        }
        long block = free.get(at).removeFirst();
        while (at > order) {
            at--;
            free.get(at).add(block + bytes(at));
        }
        return block;
    }

    /// `byteCount` bytes in whole pages, aligned to the largest block, or 0: what `alloc_contig_range` does.
    long allocateRun(long byteCount) {
        long start = KernelMemory.NONE;
        long next = -1;
        for (long block : free.get(ORDER_MAX)) {
            start = block == next ? start : block;
            next = block + bytes(ORDER_MAX);
            if (next - start >= byteCount) {
                return takeRun(start, next, byteCount);
            }
        }
        return KernelMemory.NONE;
    }

    private long takeRun(long start, long end, long byteCount) {
        for (long taken = start; taken < end; taken += bytes(ORDER_MAX)) {
            free.get(ORDER_MAX).remove(taken);
        }
        release(start + byteCount, end);
        return start;
    }

    /// Takes pages back, in the largest blocks that they make.
    void release(long from, long to) {
        long at = from;
        while (at < to) {
            int order = ORDER_MAX;
            while ((at & (bytes(order) - 1)) != 0 || at + bytes(order) > to) {
                order--;
            }
            free(at, order);
            at += bytes(order);
        }
    }

    private void free(long address, int order) {
        long block = address;
        int at = order;
        while (at < ORDER_MAX && free.get(at).remove(block ^ bytes(at))) {
            block &= -bytes(at + 1);
            at++;
        }
        free.get(at).add(block);
    }

    /// Takes out what is free from `from` up to, not including, `to`: multiples of a page.
    void reserve(long from, long to) {
        for (int order = 0; order <= ORDER_MAX; order++) {
            for (long block : List.copyOf(free.get(order))) {
                long blockEnd = block + bytes(order);
                if (block < to && blockEnd > from && free.get(order).remove(block)) {
                    release(block, Math.max(block, from));
                    release(Math.min(blockEnd, to), blockEnd);
                }
            }
        }
    }

    private static long bytes(int order) {
        return (long) KernelMemory.PAGE_BYTES << order;
    }

    /// Bytes that are free.
    long freeBytes() {
        long sum = 0;
        for (int order = 0; order <= ORDER_MAX; order++) {
            sum += free.get(order).size() * bytes(order);
        }
        return sum;
    }
}
