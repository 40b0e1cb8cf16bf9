package flyby.sim;

import flyby.base.Check;
import flyby.trace.Trace;
import java.util.ArrayList;
import java.util.List;

/// One simulated world: its clock, its agenda, its randomness, its trace.
///
/// Single-threaded and free of static state, so that many run side by side in one JVM. Time is a signed 64-bit
/// count of picoseconds from 0 (106 days). Equal inputs and seeds give equal runs: events are ordered by time, then
/// by rank.
public final class Simulation {
    private final Trace trace;
    private final Prng prng;
    private final List<Event> events = new ArrayList<>();
    private long nowPicos;
    private boolean stopping;

    public Simulation(long seed, Trace trace) {
        this.prng = new Prng(seed);
        this.trace = trace;
    }

    /// The current time in picoseconds.
    public long nowPicos() {
        return nowPicos;
    }

    public Trace trace() {
        return trace;
    }

    /// The root of all randomness; components draw from a [Prng#child] of it.
    public Prng prng() {
        return prng;
    }

    /// A new event that runs `action`. For set-up, not for the steady state.
    public Event event(String name, Runnable action) {
        return new Event(this, name) {
            @Override
            protected void fire() {
                action.run();
            }
        };
    }

    /// Fires events in order until none is pending or [#stop] is called.
    public void run() {
        runUntil(Event.NEVER - 1);
    }

    /// Fires the events due up to and including `untilPicos`, then sets the clock there (unless stopped, or `run`).
    public void runUntil(long untilPicos) {
        stopping = false;
        while (!stopping) {
            Event next = null;
            for (Event event : events) {
                if (event.isPending() && (next == null || event.timePicos < next.timePicos)) {
                    next = event;
                }
            }
            if (next == null || next.timePicos > untilPicos) {
                break;
            }
            nowPicos = next.timePicos;
            next.timePicos = Event.NEVER;
            next.fire();
        }
        if (!stopping && untilPicos != Event.NEVER - 1) {
            nowPicos = untilPicos;
        }
    }

    /// Lets [#run] return after the event that is firing now.
    public void stop() {
        stopping = true;
    }

    /// The time of the earliest pending event, or [Long#MAX_VALUE] if none is pending.
    ///
    /// Until then nobody else acts, so the component whose event is firing may run ahead by itself
    /// with [#advanceTo].
    public long horizonPicos() {
        long horizon = Event.NEVER;
        for (Event event : events) {
            horizon = Math.min(horizon, event.timePicos);
        }
        return horizon;
    }

    /// Moves the clock forward within the event that is firing, to a time strictly before [#horizonPicos].
    ///
    /// Only as the last act before returning to the agenda, or by code that knows that its callers do so.
    public void advanceTo(long timePicos) {
        assert nowPicos <= timePicos && horizonPicos() > timePicos : timePicos;
        nowPicos = timePicos;
    }

    int register(Event event) {
        events.add(event);
        return events.size() - 1;
    }

    void schedule(Event event, long timePicos) {
        Check.that(timePicos >= nowPicos, "%s set to %d ps, which is before now, %d ps", event, timePicos, nowPicos);
        event.timePicos = timePicos;
    }

    void cancel(Event event) {
        event.timePicos = Event.NEVER;
    }
}
