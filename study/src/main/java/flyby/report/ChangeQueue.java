package flyby.report;

import java.util.Arrays;

/// Signal changes by time, and at equal times in the order in which they came.
///
/// Most changes come in order of time: those wait in a ring, which costs next to nothing. One that is earlier than
/// the latest of the ring goes into a binary heap. The first of all is the first of either.
final class ChangeQueue {
    /// Changes in parallel arrays, grown by doubling.
    private static final class Store {
        private long[] times = new long[256];
        private long[] orders = new long[256];
        private int[] signals = new int[256];
        private long[] values = new long[256];

        private void set(int place, long time, long order, int signal, long value) {
            times[place] = time;
            orders[place] = order;
            signals[place] = signal;
            values[place] = value;
        }

        private void move(int from, int to) {
            set(to, times[from], orders[from], signals[from], values[from]);
        }

        private boolean isBefore(int place, long time, long order) {
            return times[place] < time || (times[place] == time && orders[place] < order);
        }

        private void grow() {
            int size = times.length * 2;
            times = Arrays.copyOf(times, size);
            orders = Arrays.copyOf(orders, size);
            signals = Arrays.copyOf(signals, size);
            values = Arrays.copyOf(values, size);
        }
    }

    private final Store ring = new Store();
    private int ringHead;
    private int ringSize;
    private long ringLastTime;

    private final Store heap = new Store();
    private int heapSize;

    private long added;

    int size() {
        return ringSize + heapSize;
    }

    long firstTime() {
        return isRingFirst() ? ring.times[ringHead] : heap.times[0];
    }

    int firstSignal() {
        return isRingFirst() ? ring.signals[ringHead] : heap.signals[0];
    }

    long firstValue() {
        return isRingFirst() ? ring.values[ringHead] : heap.values[0];
    }

    void add(long time, int signal, long value) {
        long order = added++;
        if (ringSize == 0 || time >= ringLastTime) {
            if (ringSize == ring.times.length) {
                unroll();
            }
            ring.set((ringHead + ringSize++) & (ring.times.length - 1), time, order, signal, value);
            ringLastTime = time;
        } else {
            addToHeap(time, order, signal, value);
        }
    }

    void removeFirst() {
        if (isRingFirst()) {
            ringHead = (ringHead + 1) & (ring.times.length - 1);
            ringSize--;
        } else {
            removeFromHeap();
        }
    }

    private boolean isRingFirst() {
        return heapSize == 0 || (ringSize > 0 && !heap.isBefore(0, ring.times[ringHead], ring.orders[ringHead]));
    }

    /// Doubles the full ring; what lies before the head follows what lies after it.
    private void unroll() {
        int size = ringSize;
        ring.grow();
        for (int i = 0; i < ringHead; i++) {
            ring.move(i, size + i);
        }
    }

    private void addToHeap(long time, long order, int signal, long value) {
        if (heapSize == heap.times.length) {
            heap.grow();
        }
        int place = heapSize++;
        while (place > 0) {
            int parent = (place - 1) >>> 1;
            if (heap.isBefore(parent, time, order)) {
                break;
            }
            heap.move(parent, place);
            place = parent;
        }
        heap.set(place, time, order, signal, value);
    }

    private void removeFromHeap() {
        int last = --heapSize;
        int place = 0;
        while (true) {
            int child = 2 * place + 1;
            if (child >= heapSize) {
                break;
            }
            if (child + 1 < heapSize && heap.isBefore(child + 1, heap.times[child], heap.orders[child])) {
                child++;
            }
            if (!heap.isBefore(child, heap.times[last], heap.orders[last])) {
                break;
            }
            heap.move(child, place);
            place = child;
        }
        heap.move(last, place);
    }
}
