package flyby.study;

/// One further figure of a run.
///
/// @param key its name in the JSON document, with the unit as its last word: `cpuStallPs`, `busBusyPercent`
/// @param title its name in tables and reports: `CPU stall`
/// @param value a [Long] for what is counted, a [Double] for ratios; never NaN or infinite
/// @param unit how a person reads the value
/// @param inTable whether the short table shows it, or only the report and the JSON document
public record Figure(String key, String title, Number value, Unit unit, boolean inTable) {
    /// How a value is printed.
    public enum Unit {
        PICOSECONDS,
        BYTES,
        BYTES_PER_SECOND,
        BITS_PER_SECOND,
        PERCENT,
        COUNT,
        CLOCKS,
        HERTZ
    }
}
