package flyby.report;

import java.util.Arrays;

/// Signal changes by time, and at equal times in the order in which they came: a binary heap over plain arrays.
final class ChangeQueue {
    private long[] times = new long[256];
    private long[] orders = new long[256];
    private int[] signals = new int[256];
    private long[] values = new long[256];
    private int size;
    private long added;

    int size() {
        return size;
    }

    long firstTime() {
        return times[0];
    }

    int firstSignal() {
        return signals[0];
    }

    long firstValue() {
        return values[0];
    }

    void add(long time, int signal, long value) {
        if (size == times.length) {
            times = Arrays.copyOf(times, size * 2);
            orders = Arrays.copyOf(orders, size * 2);
            signals = Arrays.copyOf(signals, size * 2);
            values = Arrays.copyOf(values, size * 2);
        }
        long order = added++;
        int place = size++;
        while (place > 0) {
            int parent = (place - 1) >>> 1;
            // A later order never goes before an earlier one of the same time, so `<` alone keeps ties in order.
            if (times[parent] <= time) {
                break;
            }
            move(parent, place);
            place = parent;
        }
        put(place, time, order, signal, value);
    }

    void removeFirst() {
        size--;
        long time = times[size];
        long order = orders[size];
        int signal = signals[size];
        long value = values[size];
        int place = 0;
        while (true) {
            int child = 2 * place + 1;
            if (child >= size) {
                break;
            }
            if (child + 1 < size && isBefore(child + 1, times[child], orders[child])) {
                child++;
            }
            if (!isBefore(child, time, order)) {
                break;
            }
            move(child, place);
            place = child;
        }
        put(place, time, order, signal, value);
    }

    private boolean isBefore(int place, long time, long order) {
        return times[place] < time || (times[place] == time && orders[place] < order);
    }

    private void move(int from, int to) {
        put(to, times[from], orders[from], signals[from], values[from]);
    }

    private void put(int place, long time, long order, int signal, long value) {
        times[place] = time;
        orders[place] = order;
        signals[place] = signal;
        values[place] = value;
    }
}
