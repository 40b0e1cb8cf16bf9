package flyby.explore;

import flyby.bus.DeviceHost;
import flyby.sim.Alarm;
import java.util.ArrayList;
import java.util.List;

/// What is held up, by one alarm of a host. Equal times keep their order.
final class Pending {
    private record Deed(long timePicos, Runnable action) {}

    private final DeviceHost host;
    private final Alarm alarm;
    private final List<Deed> deeds = new ArrayList<>();
    /// When the last of those is due that keep their order.
    private long orderedPicos;

    Pending(DeviceHost host, String name) {
        this.host = host;
        alarm = host.alarm(name, this::run);
    }

    /// Does `action` after `delayPicos`, and not before whatever keeps its order and was there first.
    ///
    /// @param keepsOrder whether what comes later, and waits for those before it, waits for this too
    void inOrder(long delayPicos, boolean keepsOrder, Runnable action) {
        long now = host.nowPicos();
        long timePicos = Math.max(now + delayPicos, orderedPicos);
        if (keepsOrder) {
            orderedPicos = timePicos;
        }
        perform(timePicos, action);
    }

    /// Does `action` after `delayPicos`, whatever was there first.
    void anytime(long delayPicos, Runnable action) {
        perform(host.nowPicos() + delayPicos, action);
    }

    private void perform(long timePicos, Runnable action) {
        long now = host.nowPicos();
        if (timePicos == now && (deeds.isEmpty() || deeds.getFirst().timePicos > now)) {
            action.run();
            return;
        }
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
        alarm.at(deeds.getFirst().timePicos);
    }

    /// Nothing is held up any longer: does all that is left, in its order.
    void flush() {
        while (!deeds.isEmpty()) {
            deeds.removeFirst().action.run();
        }
        alarm.cancel();
        orderedPicos = host.nowPicos();
    }
}
