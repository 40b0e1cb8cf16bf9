package flyby.sim;

import java.util.function.Consumer;

/// Things on their way that arrive in the order in which they left: one event for all of them. Grows while more are
/// on their way than ever before, and allocates nothing else.
public final class DelayLine<T> extends Event {
    private static final int INITIAL = 16;

    private final Consumer<T> arrived;
    private Object[] items = new Object[INITIAL];
    private long[] dues = new long[INITIAL];
    private int first;
    private int count;
    private long lastPicos;

    /// @param arrived takes what arrives
    public DelayLine(Simulation simulation, String name, Consumer<T> arrived) {
        super(simulation, name);
        this.arrived = arrived;
    }

    /// `item` arrives after `picos`, and not before those that have left already.
    public void add(T item, long picos) {
        if (count == items.length) {
            grow();
        }
        lastPicos = Math.max(lastPicos, simulation.nowPicos() + picos);
        int at = (first + count) & (items.length - 1);
        items[at] = item;
        dues[at] = lastPicos;
        count++;
        if (count == 1) {
            at(lastPicos);
        }
    }

    /// How many are on their way.
    public int count() {
        return count;
    }

    /// The one that arrives next is lost.
    ///
    /// @return it
    @SuppressWarnings("unchecked") // Only add() puts items in.
    public T drop() {
        T item = (T) items[first];
        first = (first + 1) & (items.length - 1);
        count--;
        if (count == 0) {
            cancel();
        } else {
            at(dues[first]);
        }
        return item;
    }

    @Override
    protected void fire() {
        T item = drop();
        arrived.accept(item);
    }

    private void grow() {
        Object[] newItems = new Object[2 * items.length];
        long[] newDues = new long[2 * items.length];
        for (int i = 0; i < count; i++) {
            int from = (first + i) & (items.length - 1);
            newItems[i] = items[from];
            newDues[i] = dues[from];
        }
        items = newItems;
        dues = newDues;
        first = 0;
    }
}
