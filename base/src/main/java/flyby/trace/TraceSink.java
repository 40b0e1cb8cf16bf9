package flyby.trace;

/// Somebody who listens to a [Trace]. The methods are those of the trace; each does nothing unless overridden.
public interface TraceSink {
    /// The value of a signal that nobody drives.
    long HIGH_IMPEDANCE = Long.MIN_VALUE;

    /// Whether this sink uses [#signal] records; if no sink does, they are not made.
    default boolean wantsSignals() {
        return false;
    }

    default void defineTrack(int track, String group, String name) {}

    default void defineName(int name, String text) {}

    default void defineSignal(int signal, String scope, String name, int widthBits) {}

    default void defineClock(String scope, String name, long periodPicos, boolean startsHigh) {}

    default void transferBegin(long timePicos, long transfer, int phase, long byteCount) {}

    default void phase(long timePicos, long transfer, int phase) {}

    default void transferEnd(long timePicos, long transfer) {}

    default void begin(long timePicos, int track, int name, long transfer, long argument) {}

    default void end(long timePicos, int track) {}

    default void instant(long timePicos, int track, int name, long transfer, long argument) {}

    default void counter(long timePicos, int track, int name, long value) {}

    default void signal(long timePicos, int signal, long value) {}
}
