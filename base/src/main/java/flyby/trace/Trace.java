package flyby.trace;

import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// Where models tell what happens. Records go to any number of sinks; with none, a trace point costs one branch.
///
/// Guard each trace point, so that its arguments are not even computed when nobody listens:
/// ```java
/// if (trace.isOn()) {
///     trace.instant(now, track, doorbell, tail);
/// }
/// ```
/// Tracks, names and signals are registered at set-up and are small integers from then on. Not thread-safe: one
/// trace belongs to one simulation.
public final class Trace {
    private final TraceSink[] sinks;
    // The two that every run has are called directly: the JIT compiler cannot see through a call of one of many
    // sinks, and that call costs more than what they do.
    private final @Nullable HashSink hash;
    private final @Nullable Ledger ledger;
    private final TraceSink[] others;
    private final boolean on;
    private final boolean signalsOn;
    private int tracks;
    private int names;
    private int signals;
    private long transfers;

    private Trace(List<TraceSink> sinks) {
        this.sinks = sinks.toArray(TraceSink[]::new);
        List<TraceSink> others = new ArrayList<>(sinks);
        this.hash = takeFirst(HashSink.class, others);
        this.ledger = takeFirst(Ledger.class, others);
        this.others = others.toArray(TraceSink[]::new);
        this.on = !sinks.isEmpty();
        this.signalsOn = sinks.stream().anyMatch(TraceSink::wantsSignals);
    }

    /// A trace that nobody listens to.
    public static Trace off() {
        return new Trace(List.of());
    }

    private static <T extends TraceSink> @Nullable T takeFirst(Class<T> type, List<TraceSink> from) {
        for (TraceSink sink : from) {
            if (type.isInstance(sink)) {
                from.remove(sink);
                return type.cast(sink);
            }
        }
        return null;
    }

    /// A trace whose records go to each of `sinks`. Which of them hears of a record first is not defined.
    public static Trace to(List<TraceSink> sinks) {
        return new Trace(sinks);
    }

    /// Whether anybody listens.
    public boolean isOn() {
        return on;
    }

    /// Whether anybody listens to signals, the wires of a bus, which are many.
    public boolean isSignalsOn() {
        return signalsOn;
    }

    /// A new row of the timeline.
    ///
    /// @param group what the row belongs to: `cpu`, `bus`, a device's name
    /// @param name the row itself, unique within its group
    /// @return the track, counted from 0
    public int track(String group, String name) {
        int track = tracks++;
        for (TraceSink sink : sinks) {
            sink.defineTrack(track, group, name);
        }
        return track;
    }

    /// A new name for slices, instants, counters and phases.
    public int name(String text) {
        int name = names++;
        for (TraceSink sink : sinks) {
            sink.defineName(name, text);
        }
        return name;
    }

    /// A new signal, as a waveform viewer shows it.
    ///
    /// @param widthBits 1 to 64
    public int signal(String scope, String name, int widthBits) {
        int signal = signals++;
        for (TraceSink sink : sinks) {
            sink.defineSignal(signal, scope, name, widthBits);
        }
        return signal;
    }

    /// A clock signal: it changes at every multiple of `periodPicos` and halfway between, by itself, so that it
    /// needs no records.
    ///
    /// @param startsHigh whether it is high from the multiples on, else low
    public void clock(String scope, String name, long periodPicos, boolean startsHigh) {
        for (TraceSink sink : sinks) {
            sink.defineClock(scope, name, periodPicos, startsHigh);
        }
    }

    /// The id of a new transfer, counted from 1. It is handed from layer to layer with the work that is done for
    /// it.
    public long newTransfer() {
        return ++transfers;
    }

    /// A transfer begins, in the phase called `phase`.
    ///
    /// @param byteCount what it is to move
    public void transferBegin(long timePicos, long transfer, int phase, long byteCount) {
        if (hash != null) {
            hash.transferBegin(timePicos, transfer, phase, byteCount);
        }
        if (ledger != null) {
            ledger.transferBegin(timePicos, transfer, phase, byteCount);
        }
        for (TraceSink sink : others) {
            sink.transferBegin(timePicos, transfer, phase, byteCount);
        }
    }

    /// What `transfer` spends its time on is from now on the phase called `phase`; the one before is over.
    public void phase(long timePicos, long transfer, int phase) {
        if (hash != null) {
            hash.phase(timePicos, transfer, phase);
        }
        if (ledger != null) {
            ledger.phase(timePicos, transfer, phase);
        }
        for (TraceSink sink : others) {
            sink.phase(timePicos, transfer, phase);
        }
    }

    /// `transfer` is over, and with it its last phase.
    public void transferEnd(long timePicos, long transfer) {
        if (hash != null) {
            hash.transferEnd(timePicos, transfer);
        }
        if (ledger != null) {
            ledger.transferEnd(timePicos, transfer);
        }
        for (TraceSink sink : others) {
            sink.transferEnd(timePicos, transfer);
        }
    }

    /// Something that lasts begins on `track`. Slices on a track nest: the next [#end] closes the latest.
    ///
    /// @param transfer the transfer that it is done for, or 0
    /// @param argument any number worth showing: an address, a byte count
    public void begin(long timePicos, int track, int name, long transfer, long argument) {
        if (hash != null) {
            hash.begin(timePicos, track, name, transfer, argument);
        }
        for (TraceSink sink : others) {
            sink.begin(timePicos, track, name, transfer, argument);
        }
    }

    /// What began latest on `track` is over.
    public void end(long timePicos, int track) {
        if (hash != null) {
            hash.end(timePicos, track);
        }
        for (TraceSink sink : others) {
            sink.end(timePicos, track);
        }
    }

    /// Something happened at one instant.
    public void instant(long timePicos, int track, int name, long transfer, long argument) {
        if (hash != null) {
            hash.instant(timePicos, track, name, transfer, argument);
        }
        for (TraceSink sink : others) {
            sink.instant(timePicos, track, name, transfer, argument);
        }
    }

    /// A quantity has a new value.
    public void counter(long timePicos, int track, int name, long value) {
        if (hash != null) {
            hash.counter(timePicos, track, name, value);
        }
        for (TraceSink sink : others) {
            sink.counter(timePicos, track, name, value);
        }
    }

    /// A signal has a new value, or [TraceSink#HIGH_IMPEDANCE]. Times of one signal never go back.
    public void signal(long timePicos, int signal, long value) {
        for (TraceSink sink : others) {
            sink.signal(timePicos, signal, value);
        }
    }
}
