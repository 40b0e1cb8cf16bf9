package flyby.check;

import org.jspecify.annotations.Nullable;

/// A line of a driver's source, and who called it there.
///
/// @param type the simple name of the class: `NicDriver`
/// @param file where it lies below a source folder: `flyby/driver/NicDriver.java`
/// @param line counted from 1; 0 if not known
/// @param caller the line of the driver that called this method; null if that is none of a driver's
public record CallSite(
        String type,
        String method,
        String file,
        int line,
        @Nullable CallSite caller) {
    /// Not known.
    public static final CallSite NONE = new CallSite("", "", "", 0, null);

    /// One that no other line of a driver has called.
    public CallSite(String type, String method, String file, int line) {
        this(type, method, file, line, null);
    }

    public boolean isKnown() {
        return line > 0;
    }

    /// Whether this is the line, or a caller's is.
    public boolean isWithin(String wantedFile, int wantedLine) {
        return (line == wantedLine && file.equals(wantedFile))
                || (caller != null && caller.isWithin(wantedFile, wantedLine));
    }

    /// Whether it is the same line, whoever called it.
    public boolean isSameLine(CallSite other) {
        return line == other.line && file.equals(other.file);
    }

    @Override
    public String toString() {
        return isKnown() ? type + "." + method + ":" + line : "";
    }
}
