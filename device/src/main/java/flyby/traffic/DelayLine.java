package flyby.traffic;

import flyby.bus.DeviceHost;
import flyby.sim.Alarm;
import java.util.function.Consumer;

/// Operations that all wait equally long inside the device, and so leave it in the order in which they came.
final class DelayLine {
    private final DeviceHost host;
    private final Operation[] ring;
    private final Consumer<Operation> after;
    private final Alarm alarm;
    private int first;
    private int count;

    /// @param capacity the most operations in it at once
    /// @param after what happens to an operation that has waited
    DelayLine(DeviceHost host, String name, int capacity, Consumer<Operation> after) {
        this.host = host;
        this.ring = new Operation[capacity];
        this.after = after;
        this.alarm = host.alarm(name, this::leave);
    }

    /// `operation` has to wait for `delayPicos`: no less than those in front of it still have to.
    void enter(Operation operation, long delayPicos) {
        if (delayPicos == 0) {
            after.accept(operation);
            return;
        }
        operation.duePicos = host.nowPicos() + delayPicos;
        ring[(first + count) % ring.length] = operation;
        count++;
        if (count == 1) {
            alarm.at(operation.duePicos);
        }
    }

    /// Forgets all that wait here.
    void clear() {
        first = 0;
        count = 0;
        alarm.cancel();
    }

    private void leave() {
        while (count > 0 && ring[first].duePicos <= host.nowPicos()) {
            Operation operation = ring[first];
            first = (first + 1) % ring.length;
            count--;
            after.accept(operation);
        }
        if (count > 0) {
            alarm.at(ring[first].duePicos);
        }
    }
}
