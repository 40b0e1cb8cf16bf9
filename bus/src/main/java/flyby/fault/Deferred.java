package flyby.fault;

import flyby.bus.DeviceHost;
import flyby.sim.Alarm;
import java.util.ArrayList;
import java.util.List;

/// What is to happen later, by one alarm of the host. Equal times keep their order.
final class Deferred {
    private record Deed(long timePicos, Runnable action) {}

    private final DeviceHost host;
    private final Alarm alarm;
    private final List<Deed> deeds = new ArrayList<>();

    Deferred(DeviceHost host) {
        this.host = host;
        alarm = host.alarm("faults", this::run);
    }

    void in(long delayPicos, Runnable action) {
        long timePicos = host.nowPicos() + delayPicos;
        int at = deeds.size();
        while (at > 0 && deeds.get(at - 1).timePicos > timePicos) {
            at--;
        }
        deeds.add(at, new Deed(timePicos, action));
        if (at == 0) {
            set();
        }
    }

    private void run() {
        while (!deeds.isEmpty() && deeds.getFirst().timePicos <= host.nowPicos()) {
            deeds.removeFirst().action.run();
        }
        if (!deeds.isEmpty()) {
            set();
        }
    }

    private void set() {
        // A clock that runs by itself may have passed that time.
        alarm.in(Math.max(0, deeds.getFirst().timePicos - host.nowPicos()));
    }
}
