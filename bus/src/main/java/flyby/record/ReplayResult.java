package flyby.record;

import flyby.base.Check;
import org.jspecify.annotations.Nullable;

/// What came out of a replay.
///
/// @param counts of all events up to the end or the first difference
/// @param difference the first one, null if the device did the same
/// @param isWhole whether the recording was closed; if not, whoever wrote it was killed, and it was played up to the
///     last event that is whole
/// @param cutAt where in bytes that event ends
public record ReplayResult(ReplayCounts counts, @Nullable Difference difference, boolean isWhole, long cutAt) {
    /// Whether the device did what it did when it was recorded.
    public boolean isSame() {
        return difference == null;
    }

    /// For tests: fails with the difference, and with what the device threw, if it did.
    public void check() {
        Difference first = difference;
        if (first != null) {
            AssertionError failure = Check.bug("%s%nbefore that:%n%s", first.text(), String.join("\n", first.before()));
            failure.initCause(first.cause());
            throw failure;
        }
    }
}
