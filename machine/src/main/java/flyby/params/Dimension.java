package flyby.params;

import java.math.BigDecimal;
import java.util.List;
import java.util.StringJoiner;

/// What a number counts, and the units in which a person may write it. Spelling counts: `MHz`, not `mhz`.
public enum Dimension {
    /// In picoseconds.
    DURATION("a duration", "8 ns"),
    /// In hertz.
    FREQUENCY("a frequency", "8 MHz"),
    /// In bytes.
    BYTES("a size", "64 KiB"),
    /// A plain number, with the suffixes of a thousand, a million and a milliard.
    COUNT("a number", "64");

    /// One unit.
    ///
    /// @param printed whether values are printed in it; the others are only understood
    private record Unit(String name, long factor, boolean printed) {}

    private static final int DECIMALS_MAX = 6;

    private final String noun;
    private final String example;

    Dimension(String noun, String example) {
        this.noun = noun;
        this.example = example;
    }

    /// From the smallest up.
    private List<Unit> units() {
        return switch (this) {
            case DURATION ->
                List.of(
                        new Unit("ps", 1, true),
                        new Unit("ns", 1_000, true),
                        new Unit("us", 1_000_000, true),
                        new Unit("ms", 1_000_000_000, true),
                        new Unit("s", 1_000_000_000_000L, true));
            case FREQUENCY ->
                List.of(
                        new Unit("Hz", 1, true),
                        new Unit("kHz", 1_000, true),
                        new Unit("MHz", 1_000_000, true),
                        new Unit("GHz", 1_000_000_000, true));
            case BYTES ->
                List.of(
                        new Unit("B", 1, true),
                        new Unit("KB", 1_000, false),
                        new Unit("KiB", 1L << 10, true),
                        new Unit("MB", 1_000_000, false),
                        new Unit("MiB", 1L << 20, true),
                        new Unit("GB", 1_000_000_000, false),
                        new Unit("GiB", 1L << 30, true),
                        new Unit("TB", 1_000_000_000_000L, false),
                        new Unit("TiB", 1L << 40, true),
                        new Unit("PiB", 1L << 50, true),
                        new Unit("EiB", 1L << 60, true));
            case COUNT ->
                List.of(
                        new Unit("", 1, true),
                        new Unit("k", 1_000, false),
                        new Unit("M", 1_000_000, false),
                        new Unit("G", 1_000_000_000, false));
        };
    }

    /// What it is, with its article: `a frequency`.
    String noun() {
        return noun;
    }

    String example() {
        return example;
    }

    /// How many base units one `unit` is, or 0 if there is no such unit.
    long factor(String unit) {
        for (Unit each : units()) {
            if (each.name().equals(unit)) {
                return each.factor();
            }
        }
        return 0;
    }

    /// The units: `Hz, kHz, MHz, GHz`.
    String unitWords() {
        StringJoiner words = new StringJoiner(", ");
        for (Unit unit : units()) {
            if (!unit.name().isEmpty()) {
                words.add(unit.name());
            }
        }
        return words.toString();
    }

    /// `amount` base units as a person would write it, exactly: `8 MHz`, `4.772727 MHz`, `1536 B`.
    String format(long amount) {
        String text = "";
        for (Unit unit : units()) {
            boolean fits = Math.abs(amount) >= unit.factor() && isShort(amount, unit.factor());
            if (unit.printed() && (unit.factor() == 1 || fits)) {
                text = (decimal(amount, unit.factor()).toPlainString() + " " + unit.name()).strip();
            }
        }
        return text;
    }

    private boolean isShort(long amount, long factor) {
        return this == BYTES ? amount % factor == 0 : decimal(amount, factor).scale() <= DECIMALS_MAX;
    }

    private static BigDecimal decimal(long amount, long factor) {
        BigDecimal value =
                BigDecimal.valueOf(amount).divide(BigDecimal.valueOf(factor)).stripTrailingZeros();
        return value.scale() < 0 ? value.setScale(0) : value;
    }
}
