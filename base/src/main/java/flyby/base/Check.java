package flyby.base;

import com.google.errorprone.annotations.FormatMethod;
import com.google.errorprone.annotations.FormatString;
import java.util.Locale;

/// Checks that guard results: they are always on, and a failure is a bug of ours.
///
/// A person's input is refused with [LabException], and what simulated hardware or drivers do wrong is a value of
/// the model. In the innermost code write `assert` instead, whose message is built only on failure.
public final class Check {
    private Check() {}

    /// Stops the run with an [AssertionError] unless `condition` holds.
    ///
    /// @param format a [String#format] pattern with the numbers that tell what went wrong
    @FormatMethod
    public static void that(boolean condition, @FormatString String format, Object... arguments) {
        if (!condition) {
            throw bug(format, arguments);
        }
    }

    /// The same without numbers, and without the empty array of them that each call would allocate.
    public static void that(boolean condition, String message) {
        if (!condition) {
            throw new AssertionError(message);
        }
    }

    /// The error to throw where control cannot legally arrive.
    @FormatMethod
    public static AssertionError bug(@FormatString String format, Object... arguments) {
        return new AssertionError(String.format(Locale.ROOT, format, arguments));
    }
}
