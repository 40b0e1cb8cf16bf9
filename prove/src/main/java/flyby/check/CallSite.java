package flyby.check;

/// A line of a driver's source.
///
/// @param type the simple name of the class: `NicDriver`
/// @param file where it lies below a source folder: `flyby/driver/NicDriver.java`
/// @param line counted from 1; 0 if not known
public record CallSite(String type, String method, String file, int line) {
    /// Not known.
    public static final CallSite NONE = new CallSite("", "", "", 0);

    public boolean isKnown() {
        return line > 0;
    }

    @Override
    public String toString() {
        return isKnown() ? type + "." + method + ":" + line : "";
    }
}
