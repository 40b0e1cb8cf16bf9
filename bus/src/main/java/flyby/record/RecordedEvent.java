package flyby.record;

import java.util.Locale;

/// An event, with its place.
///
/// @param byteOffset where it begins in the recording
/// @param number counted from 1
/// @param timePicos when it happened
/// @param depth stimuli that were open when this one, if it is one, began
record RecordedEvent(long byteOffset, long number, long timePicos, int depth, SeamEvent event) {
    private static final long PICOS_PER_MICRO = 1_000_000;

    /// A line for people.
    String line() {
        String arrow = event instanceof SeamEvent.Action ? "<-" : "->";
        return "%8d  %s  %s%s %s".formatted(number, time(timePicos), "  ".repeat(depth), arrow, event);
    }

    /// Microseconds with all six places behind the point.
    static String time(long timePicos) {
        return String.format(
                Locale.ROOT, "%d.%06d us", timePicos / PICOS_PER_MICRO, Math.abs(timePicos % PICOS_PER_MICRO));
    }
}
