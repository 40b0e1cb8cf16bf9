package flyby.root;

import flyby.sim.Event;
import flyby.sim.Simulation;
import java.util.function.Consumer;

/// Things on their way that arrive in the order in which they left: one event for all of them.
final class DelayLine<T> extends Event {
    private static final int INITIAL = 16;

    private final Simulation world;
    private final Consumer<T> arrived;
    private Object[] items = new Object[INITIAL];
    private long[] dues = new long[INITIAL];
    private int first;
    private int count;
    private long lastPicos;

    DelayLine(Simulation simulation, String name, Consumer<T> arrived) {
        super(simulation, name);
        this.world = simulation;
        this.arrived = arrived;
    }

    /// `item` arrives after `picos`, and not before those that have left already.
    void add(T item, long picos) {
        if (count == items.length) {
            grow();
        }
        lastPicos = Math.max(lastPicos, world.nowPicos() + picos);
        int at = (first + count) & (items.length - 1);
        items[at] = item;
        dues[at] = lastPicos;
        if (count++ == 0) {
            at(lastPicos);
        }
    }

    int count() {
        return count;
    }

    @Override
    @SuppressWarnings("unchecked") // Only add() puts items in.
    protected void fire() {
        // Those that are due later at this very instant have an event of their own turn.
        long now = world.nowPicos();
        while (count > 0 && dues[first] == now) {
            T item = (T) items[first];
            first = (first + 1) & (items.length - 1);
            count--;
            arrived.accept(item);
        }
        if (count > 0 && !isPending()) {
            at(dues[first]);
        }
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
