package flyby.record;

import java.util.List;
import org.jspecify.annotations.Nullable;

/// The first place at which a device did something else than the recording says.
///
/// @param byteOffset of the recording's event, or of its end
/// @param eventNumber of that event, counted from 1
/// @param timePicos when that event happened
/// @param expected what the recording has there
/// @param seen what the device did
/// @param before the latest events before it, oldest first, a line each
/// @param cause what the device threw, if it did
public record Difference(
        long byteOffset,
        long eventNumber,
        long timePicos,
        String expected,
        String seen,
        List<String> before,
        @Nullable Throwable cause) {
    public Difference {
        before = List.copyOf(before);
    }

    /// One line.
    public String text() {
        return "event %d at %s (byte %d): expected %s, seen %s"
                .formatted(eventNumber, RecordedEvent.time(timePicos), byteOffset, expected, seen);
    }
}
