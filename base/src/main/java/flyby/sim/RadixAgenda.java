package flyby.sim;

import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/// An agenda of any number of events: a radix heap whose smallest keys are kept sorted.
///
/// Keys up to `floor` are in `bottom`, sorted; the first of them is the next event. A larger key is in the row
/// of the highest digit (base 256) in which it differs from `floor`, in that digit's column. So whatever is in
/// a lower row is smaller, and within a row the columns are in order. When `bottom` runs empty, the first
/// bucket is split into the rows below it until it is short, and becomes the new bottom. A key moves down a few
/// rows in its life and is compared with others only at the end, a few dozen at a time.
///
/// Setting an event again leaves the old key where it is; it is dropped when it comes to the bottom and its event
/// says another time. When such stale keys could outnumber the events, everything is built anew.
///
/// The source of the idea is the radix heap of Ahuja, Mehlhorn, Orlin and Tarjan, JACM 37 (1990).
final class RadixAgenda extends Agenda {
    /// A bucket of at most this many chunks of 16 keys is sorted directly.
    private static final int SHORT_CHUNKS = 4;
    /// Neighbouring short buckets are taken together up to about this many keys, so that the cache misses on
    /// their events overlap.
    private static final int BATCH = 32;
    /// New bottoms start in the middle, which leaves room for keys that are inserted before them.
    private static final int BOTTOM_MIDDLE = 256;

    private static final int BOTTOM_LENGTH = 512;

    private Event[] events;
    private int size;

    private int rankBits;
    private long rankMask;
    private long reachPicos;
    private long basePicos;
    /// The time of the event taken last: nothing is set to an earlier one.
    private long takenPicos;
    /// Whether some pending event lies too far from the base to have a key.
    private boolean someFar;

    private final long[] bottom = new long[BOTTOM_LENGTH];
    private int bottomStart = BOTTOM_MIDDLE;
    private int bottomEnd = BOTTOM_MIDDLE;

    private final Buckets buckets = new Buckets();
    private int chunksMax;
    private long floor;

    /// An agenda that takes over `events`, all of them in order of rank.
    RadixAgenda(Event[] events) {
        this.size = events.length;
        this.events = events;
        resize(2 * events.length);
    }

    @Override
    Agenda with(Event event) {
        if (size == events.length) {
            resize(2 * size);
        }
        events[size++] = event;
        return this;
    }

    @Override
    int size() {
        return size;
    }

    @Override
    void set(Event event) {
        insert(event);
    }

    @Override
    void cancel(Event event) {
        // Its key is stale from now on.
    }

    @Override
    @Nullable
    Event take(long untilPicos) {
        if (horizonPicos() > untilPicos || bottomStart == bottomEnd) {
            return null;
        }
        Event event = events[(int) (bottom[bottomStart] & rankMask)];
        bottomStart++;
        takenPicos = event.timePicos;
        return event;
    }

    @Override
    long horizonPicos() {
        while (bottomStart < bottomEnd || refill()) {
            long key = bottom[bottomStart];
            long timePicos = basePicos + (key >> rankBits);
            if (events[(int) (key & rankMask)].timePicos == timePicos) {
                return timePicos;
            }
            bottomStart++;
        }
        return Event.NEVER;
    }

    private void insert(Event event) {
        long differencePicos = event.timePicos - basePicos;
        if (Long.compareUnsigned(differencePicos + reachPicos, 2 * reachPicos) >= 0) {
            if (differencePicos < 0) {
                rebuild();
            } else {
                someFar = true;
            }
            return;
        }
        long key = differencePicos << rankBits | event.rank;
        if (key > floor) {
            place(key);
            if (buckets.chunksInUse() > chunksMax) {
                rebuild();
            }
        } else if (bottomStart > 0) {
            insertIntoBottom(key);
        } else if (spill()) {
            insert(event);
        } else {
            rebuild();
        }
    }

    private void place(long key) {
        int row = row(key ^ floor);
        buckets.append(row, (int) (key >>> (Byte.SIZE * row)) & (Buckets.ROW_LENGTH - 1), key);
    }

    /// The row of the highest digit that is set in `difference`.
    private static int row(long difference) {
        return (Long.SIZE - 1 - Long.numberOfLeadingZeros(difference)) / Byte.SIZE;
    }

    private void insertIntoBottom(long key) {
        int i = --bottomStart;
        while (i + 1 < bottomEnd && bottom[i + 1] < key) {
            bottom[i] = bottom[i + 1];
            i++;
        }
        bottom[i] = key;
    }

    /// Moves the later half of a bottom that has become too long to the buckets.
    ///
    /// That is right only if the new floor leaves the keys in the buckets where they are: keys in rows below the
    /// highest digit that changes would have to move.
    ///
    /// @return whether it was possible
    private boolean spill() {
        int middle = (bottomStart + bottomEnd) / 2;
        long newFloor = bottom[middle - 1];
        if (newFloor < 0 || newFloor == floor || row(newFloor ^ floor) > buckets.firstRow()) {
            return false;
        }
        floor = newFloor;
        for (int i = middle; i < bottomEnd; i++) {
            if (bottom[i] > floor) {
                place(bottom[i]);
            }
        }
        int count = middle - bottomStart;
        System.arraycopy(bottom, bottomStart, bottom, BOTTOM_MIDDLE, count);
        bottomStart = BOTTOM_MIDDLE;
        bottomEnd = BOTTOM_MIDDLE + count;
        return true;
    }

    /// Makes the first keys of the buckets the new bottom, which is empty.
    ///
    /// @return whether there is a next event, possibly behind keys that become stale before they are reached
    private boolean refill() {
        bottomStart = BOTTOM_MIDDLE;
        bottomEnd = BOTTOM_MIDDLE;
        while (bottomStart == bottomEnd) {
            int row = buckets.firstRow();
            if (row == Buckets.ROW_COUNT) {
                if (!someFar) {
                    return false;
                }
                rebuild();
                continue;
            }
            int column = buckets.firstColumn(row, 0);
            while (row > 0 && buckets.isLongerThan(row, column, SHORT_CHUNKS)) {
                buckets.split(row, column);
                row--;
                column = buckets.firstColumn(row, 0);
            }
            int end = bottomStart;
            do {
                if (row == 0) {
                    bottom[end++] = buckets.drainEqual(column);
                } else {
                    end = buckets.drain(row, column, bottom, end);
                }
                column = buckets.firstColumn(row, column + 1);
            } while (column < Buckets.ROW_LENGTH
                    && end < BOTTOM_MIDDLE + BATCH
                    && !buckets.isLongerThan(row, column, SHORT_CHUNKS));
            floor = bottom[end - 1] | ((1L << (Byte.SIZE * row)) - 1);
            bottomEnd = dropStale(end);
            sort();
        }
        return true;
    }

    /// Keeps those keys of the new bottom whose events are still set to them.
    ///
    /// This also brings the events into the cache, all at once rather than one after the other when they fire.
    private int dropStale(int end) {
        int live = bottomStart;
        for (int i = bottomStart; i < end; i++) {
            long key = bottom[i];
            if (events[(int) (key & rankMask)].timePicos == basePicos + (key >> rankBits)) {
                bottom[live++] = key;
            }
        }
        return live;
    }

    /// Sorts the bottom by insertion: it is short, and the buckets in it are in order already.
    private void sort() {
        for (int i = bottomStart + 1; i < bottomEnd; i++) {
            long key = bottom[i];
            int j = i - 1;
            while (j >= bottomStart && bottom[j] > key) {
                bottom[j + 1] = bottom[j];
                j--;
            }
            bottom[j + 1] = key;
        }
    }

    private void resize(int capacity) {
        events = Arrays.copyOf(events, capacity);
        rankBits = Integer.SIZE - Integer.numberOfLeadingZeros(capacity - 1);
        rankMask = (1L << rankBits) - 1;
        reachPicos = Long.MAX_VALUE >> rankBits;
        // Twice the keys that are needed when none is stale, and one part-filled chunk for each bucket.
        chunksMax = capacity / 8 + Buckets.ROW_COUNT * Buckets.ROW_LENGTH;
        rebuild();
    }

    /// Chooses a new base and makes every key anew, which also drops the stale ones.
    private void rebuild() {
        long earliestPicos = Event.NEVER;
        for (int rank = 0; rank < size; rank++) {
            earliestPicos = Math.min(earliestPicos, events[rank].timePicos);
        }
        // The time of the event taken last is the better base, because nothing can be set to an earlier one.
        basePicos = earliestPicos - takenPicos < reachPicos ? takenPicos : earliestPicos;
        buckets.clear();
        bottomStart = BOTTOM_MIDDLE;
        bottomEnd = BOTTOM_MIDDLE;
        floor = 0;
        someFar = false;
        for (int rank = 0; rank < size; rank++) {
            if (events[rank].isPending()) {
                insert(events[rank]);
            }
        }
    }
}
