package flyby.record;

/// What there was in a recording, as far as a replay came.
///
/// @param events of all kinds
/// @param registerReads whose answers were compared
/// @param registerWrites that were made
/// @param resets that were made
/// @param transactions that the device submitted, as recorded
/// @param bytesRead that it was given by its reads
/// @param bytesWritten that it wrote, and that were compared
/// @param interrupts edges and levels that it drove
/// @param alarms that fired
/// @param lastPicos when the last event happened
public record ReplayCounts(
        long events,
        long registerReads,
        long registerWrites,
        long resets,
        long transactions,
        long bytesRead,
        long bytesWritten,
        long interrupts,
        long alarms,
        long lastPicos) {
    static final ReplayCounts NONE = new ReplayCounts(0, 0, 0, 0, 0, 0, 0, 0, 0, 0);

    ReplayCounts and(RecordedEvent recorded) {
        SeamEvent event = recorded.event();
        return new ReplayCounts(
                events + 1,
                registerReads + (event instanceof SeamEvent.Answered ? 1 : 0),
                registerWrites + (event instanceof SeamEvent.RegisterWrite ? 1 : 0),
                resets + (event instanceof SeamEvent.Reset ? 1 : 0),
                transactions + (event instanceof SeamEvent.Submitted ? 1 : 0),
                bytesRead
                        + (event instanceof SeamEvent.Completed over
                                ? over.bytes().count()
                                : 0),
                bytesWritten
                        + (event instanceof SeamEvent.Carried carried
                                ? carried.bytes().count()
                                : 0),
                interrupts + (event instanceof SeamEvent.Interrupted ? 1 : 0),
                alarms + (event instanceof SeamEvent.AlarmFired ? 1 : 0),
                recorded.timePicos());
    }
}
