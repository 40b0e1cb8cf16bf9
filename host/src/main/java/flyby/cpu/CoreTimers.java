package flyby.cpu;

import flyby.sim.Alarm;
import flyby.sim.Event;
import flyby.sim.Simulation;
import org.jspecify.annotations.Nullable;

/// The timers of a core: each is an interrupt of its own when its time has come, and they are taken in the order in
/// which they came.
final class CoreTimers {
    private final Simulation simulation;
    private final Runnable whenDue;
    private @Nullable CoreTimer first;

    /// @param whenDue called whenever the time of one has come
    CoreTimers(Simulation simulation, Runnable whenDue) {
        this.simulation = simulation;
        this.whenDue = whenDue;
    }

    Alarm timer(String name, Runnable action) {
        return new CoreTimer(name, action);
    }

    /// Whether the time of one has come whose action has not run.
    boolean isPending() {
        return first != null;
    }

    /// Runs the action of the one whose time came first; if none is left, does nothing.
    void handle() {
        CoreTimer due = first;
        if (due != null) {
            first = due.next;
            due.next = null;
            due.isDue = false;
            due.action.run();
        }
    }

    private void append(CoreTimer timer) {
        CoreTimer last = first;
        if (last == null) {
            first = timer;
            return;
        }
        while (last.next != null) {
            last = last.next;
        }
        last.next = timer;
    }

    private void remove(CoreTimer timer) {
        CoreTimer before = null;
        CoreTimer each = first;
        while (each != null && !each.equals(timer)) {
            before = each;
            each = each.next;
        }
        if (before == null) {
            first = timer.next;
        } else {
            before.next = timer.next;
        }
        timer.next = null;
    }

    private final class CoreTimer implements Alarm {
        private final Event event;
        private final Runnable action;
        private boolean isDue;
        private @Nullable CoreTimer next;

        CoreTimer(String name, Runnable action) {
            this.action = action;
            this.event = simulation.event(name, this::due);
        }

        @Override
        public void at(long timePicos) {
            withdraw();
            event.at(timePicos);
        }

        @Override
        public void in(long delayPicos) {
            withdraw();
            event.in(delayPicos);
        }

        @Override
        public void cancel() {
            withdraw();
            event.cancel();
        }

        @Override
        public boolean isPending() {
            return isDue || event.isPending();
        }

        private void due() {
            isDue = true;
            append(this);
            whenDue.run();
        }

        private void withdraw() {
            if (isDue) {
                isDue = false;
                remove(this);
            }
        }
    }
}
