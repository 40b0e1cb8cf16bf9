package flyby.sim;

import flyby.base.Check;
import flyby.base.LabException;
import flyby.trace.Trace;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;

/// One simulated world: its clock, its agenda, its randomness, its trace.
///
/// Single-threaded and free of static state, so that many run side by side in one JVM. Time is a signed 64-bit
/// count of picoseconds from 0 (106 days). Equal inputs and seeds give equal runs: events are ordered by time,
/// then by rank.
public final class Simulation {
    /// The latest time at which an event can be due.
    private static final long LATEST_PICOS = Event.NEVER - 1;

    private final Trace trace;
    private final Prng prng;
    private final List<CoroutineEvent> coroutines = new ArrayList<>();
    private Agenda agenda = new TreeAgenda();
    private long nowPicos;
    /// Events after this time do not fire in the current run.
    private long untilPicos = LATEST_PICOS;

    /// The rank of the event that is firing; beyond all ranks while none is.
    private int firingRank = Integer.MAX_VALUE;

    private boolean running;
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

    /// A new process, which starts at the current time as an event of its own: `body` runs when the agenda gets
    /// to it, never inside this call. Its rank is the order of creation among all events. For set-up, not for
    /// the steady state: the event stays registered when the body has ended.
    ///
    /// What `body` throws comes out of [#run], with its own stack trace.
    ///
    /// Bodies are suspended with the JDK's continuations where the launcher allows it with
    /// `--add-exports java.base/jdk.internal.vm=flyby.base`, otherwise on virtual threads; events have the
    /// same order either way. A body that has not ended when the simulation is dropped never goes on, and does
    /// not keep the JVM alive; its `finally` blocks do not run.
    ///
    /// @param name who waits, as [#waiting] shows it
    public Coroutine coroutine(String name, Consumer<Coroutine> body) {
        return coroutine(name, body, ContinuationCoroutine.isAvailable() && !ThreadCoroutine.isOnVirtualThread());
    }

    Coroutine coroutine(String name, Consumer<Coroutine> body, boolean onContinuation) {
        CoroutineEvent coroutine =
                onContinuation ? new ContinuationCoroutine(this, name, body) : new ThreadCoroutine(this, name, body);
        coroutines.add(coroutine);
        coroutine.at(nowPicos);
        return coroutine;
    }

    /// What each process that has not ended waits for, one sentence each: `driver waits for interrupt 3`. If
    /// [#run] has returned by itself and this is not empty, nothing can ever wake them.
    public List<String> waiting() {
        List<String> sentences = new ArrayList<>();
        for (CoroutineEvent coroutine : coroutines) {
            if (!coroutine.isFinished()) {
                sentences.add(coroutine.describe());
            }
        }
        return sentences;
    }

    /// Fires events in order until none is pending or [#stop] is called.
    public void run() {
        fireUntil(LATEST_PICOS);
    }

    /// Fires the events due up to and including `untilPicos`, then sets the clock there (unless stopped).
    public void runUntil(long untilPicos) {
        Check.that(
                nowPicos <= untilPicos && untilPicos <= LATEST_PICOS,
                "run until %d ps, which is before now, %d ps, or never",
                untilPicos,
                nowPicos);
        fireUntil(untilPicos);
        if (!stopping) {
            nowPicos = untilPicos;
        }
    }

    private void fireUntil(long untilPicos) {
        Check.that(!running, "an event runs the simulation that fires it");
        running = true;
        stopping = false;
        this.untilPicos = untilPicos;
        try {
            Event event = agenda.take(untilPicos);
            while (event != null) {
                nowPicos = event.timePicos;
                event.timePicos = Event.NEVER;
                firingRank = event.rank;
                event.fire();
                event = stopping ? null : agenda.take(untilPicos);
            }
        } finally {
            running = false;
            firingRank = Integer.MAX_VALUE;
            this.untilPicos = LATEST_PICOS;
        }
    }

    /// Lets [#run] return after the event that is firing now.
    public void stop() {
        stopping = true;
        // Whoever called run() acts next, so nobody may run ahead any more.
        untilPicos = nowPicos - 1;
    }

    /// Until when nobody else acts: the time of the earliest pending event, or [Long#MAX_VALUE] if none is
    /// pending.
    ///
    /// Before that time, the component whose event is firing may run ahead by itself with [#advanceTo]. The
    /// caller of [#runUntil] acts when the events of the time given there are over, so the horizon is never later
    /// than one picosecond after it; after [#stop], it is now.
    public long horizonPicos() {
        return Math.min(agenda.horizonPicos() - 1, untilPicos) + 1;
    }

    /// Moves the clock forward within the event that is firing, to a time strictly before [#horizonPicos].
    ///
    /// Only as the last act before returning to the agenda, or by code that knows that its callers do so.
    public void advanceTo(long timePicos) {
        assert nowPicos <= timePicos && horizonPicos() > timePicos : timePicos;
        nowPicos = timePicos;
    }

    /// Whether `event` would have fired by now had it been set to `timePicos`. So a component that has put off what
    /// an event of its own would do can make up for it when somebody looks, with the same result.
    public boolean isOver(long timePicos, Event event) {
        return timePicos < nowPicos || (timePicos == nowPicos && event.rank < firingRank);
    }

    int register(Event event) {
        int rank = agenda.size();
        agenda = agenda.with(event);
        return rank;
    }

    void schedule(Event event, long timePicos) {
        if (timePicos < 0 || timePicos == Event.NEVER) {
            throw new LabException(
                    LabException.Kind.BAD_INPUT,
                    "the run is longer than the 106 days of simulated time that a clock of picoseconds can hold");
        }
        if (timePicos < nowPicos) {
            throw Check.bug("%s set to %d ps, which is before now, %d ps", event, timePicos, nowPicos);
        }
        event.timePicos = timePicos;
        agenda.set(event);
    }

    void cancel(Event event) {
        if (event.isPending()) {
            event.timePicos = Event.NEVER;
            agenda.cancel(event);
        }
    }
}
