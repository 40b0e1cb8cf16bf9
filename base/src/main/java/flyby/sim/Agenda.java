package flyby.sim;

import org.jspecify.annotations.Nullable;

/// Which event is due next: by time, then by rank.
///
/// The truth about an event is its own `timePicos`; an agenda only finds the smallest quickly. There are two:
/// [TreeAgenda] for the few thousand events of a real machine, [RadixAgenda] for any number. Both pack time and
/// rank into one `long`, so that one comparison orders both.
abstract class Agenda {
    /// Takes in the event that is being created; its rank is the number of events before it.
    ///
    /// @return the agenda that holds all events from now on, which is this one unless it has become too small
    abstract Agenda with(Event event);

    /// How many events there are, pending or not.
    abstract int size();

    /// Notes that `event` is now pending at `event.timePicos`, which is at or after the time of the last event
    /// taken.
    abstract void set(Event event);

    /// Notes that `event`, pending until now, is not so any more.
    abstract void cancel(Event event);

    /// Takes the earliest pending event if it is due at `untilPicos` or earlier. Its time is still in it, and the
    /// caller clears that before anything else happens here.
    abstract @Nullable Event take(long untilPicos);

    /// The time of the earliest pending event, or [Event#NEVER].
    abstract long horizonPicos();
}
