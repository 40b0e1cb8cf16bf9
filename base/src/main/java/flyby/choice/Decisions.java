package flyby.choice;

import java.util.function.LongFunction;

/// Who decides what no specification decides: when a device gets on, which store leaves a buffer first, whether a line
/// is evicted now.
///
/// Models ask at each such point. Equal answers give equal runs, so whoever answers explores what may happen.
@FunctionalInterface
public interface Decisions {
    /// Nothing out of the ordinary happens.
    Decisions PLAIN = (_, _) -> 0;

    /// What is decided.
    enum Point {
        /// How long a device's access to memory is held up.
        DEVICE,
        /// How long an interrupt is.
        INTERRUPT,
        /// How long a write to a register is, before the device sees it.
        POSTED_WRITE,
        /// Which store leaves a store buffer next, and when.
        STORE,
        /// How much before its turn a load is done.
        LOAD,
        /// Whether a line is evicted.
        EVICTION,
        /// Whether a line is fetched that nobody asked for.
        PREFETCH,
        /// Whether the CPU does something else for a while.
        PREEMPTION,
        /// Whether a call fails that may fail.
        FAULT,
        /// What a malicious device does.
        MALICE
    }

    /// A number from 0 up to, not including, `bound` (1 or more); 0 is what happens if nothing special does.
    long below(Point point, long bound);

    /// As [#below(Point, long)], where it is known what the answers other than 0 are about.
    ///
    /// @param about what the answer of that value, 1 or more, concerns; to be asked within this call only
    default long below(Point point, long bound, LongFunction<Footprint> about) {
        return below(point, bound);
    }

    /// An access was made by somebody whom nobody asked about it.
    default void touched(Footprint access) {}
}
