package flyby.kernel;

import java.util.ArrayDeque;
import java.util.Deque;
import org.jspecify.annotations.Nullable;

/// The objects of one size of `kmalloc`: pieces of slabs, which are blocks of pages. Linux's `mm/slub.c`, for one CPU.
final class Slabs {
    /// As many slabs without an object in use are kept: MIN_PARTIAL.
    private static final int KEPT_MAX = 5;

    private static final int ORDER_MAX = 3;
    private static final int OBJECTS_MIN = 16;

    /// One slab. What is free of it is a list through `next`, last in and first out.
    static final class Slab {
        private final Slabs owner;
        private final long begin;
        private final int[] next;
        private final @Nullable String[] purposes;
        private int firstFree;
        private int used;

        private Slab(Slabs owner, long begin) {
            this.owner = owner;
            this.begin = begin;
            int count = owner.objectsPerSlab();
            next = new int[count];
            purposes = new String[count];
            for (int i = 0; i < count; i++) {
                next[i] = i + 1;
            }
        }

        long begin() {
            return begin;
        }

        Slabs owner() {
            return owner;
        }

        private boolean isFull() {
            return firstFree == next.length;
        }

        private int index(long address) {
            return (int) ((address - begin) / owner.objectBytes);
        }

        /// For what the object at `address` was given out, or null.
        @Nullable
        String purposeAt(long address) {
            int index = index(address);
            return index < purposes.length ? purposes[index] : null;
        }

        /// Where the object begins that `address` is in.
        long objectAt(long address) {
            return begin + (long) index(address) * owner.objectBytes;
        }
    }

    private final int objectBytes;
    // Those that have free objects, the one to take from first.
    private final Deque<Slab> partial = new ArrayDeque<>();
    private int unused;

    Slabs(int objectBytes) {
        this.objectBytes = objectBytes;
    }

    int objectBytes() {
        return objectBytes;
    }

    /// Blocks of pages have this order: with room for 16 objects, but no more than 8 pages.
    int order() {
        int order = 0;
        while (order < ORDER_MAX && (KernelMemory.PAGE_BYTES << order) / objectBytes < OBJECTS_MIN) {
            order++;
        }
        return order;
    }

    private int objectsPerSlab() {
        return (KernelMemory.PAGE_BYTES << order()) / objectBytes;
    }

    boolean hasFree() {
        return !partial.isEmpty();
    }

    /// A new slab of the pages at `begin`.
    Slab add(long begin) {
        Slab slab = new Slab(this, begin);
        partial.addFirst(slab);
        unused++;
        return slab;
    }

    /// An object; there is a free one.
    long allocate(String purpose) {
        Slab slab = partial.getFirst();
        int index = slab.firstFree;
        slab.firstFree = slab.next[index];
        slab.purposes[index] = purpose;
        unused -= slab.used == 0 ? 1 : 0;
        slab.used++;
        if (slab.isFull()) {
            partial.removeFirst();
        }
        return slab.begin + (long) index * objectBytes;
    }

    /// Whether `address` is an object in use.
    static boolean isObject(Slab slab, long address) {
        return slab.purposeAt(address) != null && slab.objectAt(address) == address;
    }

    /// Takes an object back.
    ///
    /// @return whether its slab is no longer needed: its pages are free
    boolean free(Slab slab, long address) {
        int index = slab.index(address);
        if (slab.isFull()) {
            partial.addFirst(slab);
        }
        slab.next[index] = slab.firstFree;
        slab.firstFree = index;
        slab.purposes[index] = null;
        slab.used--;
        if (slab.used > 0) {
            return false;
        }
        if (unused < KEPT_MAX) {
            unused++;
            return false;
        }
        partial.remove(slab);
        return true;
    }
}
