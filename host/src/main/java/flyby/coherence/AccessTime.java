package flyby.coherence;

/// The time that the access in progress has come to. One for the whole machine, because accesses are atomic: every
/// part that an access meets moves it on.
final class AccessTime {
    long picos;

    void add(long delayPicos) {
        picos += delayPicos;
    }

    /// Not before `timePicos`.
    void atLeast(long timePicos) {
        picos = Math.max(picos, timePicos);
    }
}
