package flyby.explore;

import flyby.choice.Decisions;
import flyby.choice.Decisions.Point;
import flyby.choice.Footprint;
import java.util.function.LongFunction;

/// How late things are, where a decision is about that.
///
/// By an access to memory, by a way to a device and back, and by more than an interrupt's handler takes. All waits of
/// a run together have a limit: a machine in which everything is always late is no longer one that a driver with a
/// watchdog has to bear.
final class Lateness {
    static final long[] PICOS = {0, 100_000, 1_000_000, 30_000_000};

    private final Decisions decisions;
    private long leftPicos;

    /// @param limitPicos of all waits together
    Lateness(Decisions decisions, long limitPicos) {
        this.decisions = decisions;
        this.leftPicos = limitPicos;
    }

    /// How late in picoseconds what `about` says is.
    long picos(Point point, LongFunction<Footprint> about) {
        return picos(decisions.below(point, PICOS.length, about));
    }

    /// The wait of that number, or what is left of all of them.
    long picos(long number) {
        long picos = Math.min(PICOS[(int) number], leftPicos);
        leftPicos -= picos;
        return picos;
    }

    Decisions decisions() {
        return decisions;
    }
}
