package flyby.report;

import flyby.sim.Time;
import flyby.study.Figure;
import flyby.study.RunResult;
import java.math.BigDecimal;
import java.math.BigInteger;
import java.math.MathContext;
import java.util.Locale;

/// Numbers as a person reads them: four significant digits and an SI prefix, a power of 1,000.
final class Numbers {
    private static final String[] PREFIXES = {"", "k", "M", "G", "T", "P", "E"};

    private Numbers() {}

    /// The value of `figure` with its unit.
    static String text(Figure figure) {
        double value = figure.value().doubleValue();
        return switch (figure.unit()) {
            case PICOSECONDS -> Time.text(figure.value().longValue());
            case BYTES -> si(value, "B");
            case BYTES_PER_SECOND -> si(value, "B/s");
            case BITS_PER_SECOND -> si(value, "b/s");
            case PERCENT -> percent(value);
            case HERTZ -> si(value, "Hz");
            case COUNT, CLOCKS -> plain(figure.value());
        };
    }

    /// A count in full, thousands apart by commas; a ratio with four significant digits.
    static String plain(Number value) {
        if (value instanceof Long || value instanceof Integer) {
            return String.format(Locale.ROOT, "%,d", value.longValue());
        }
        return rounded(value.doubleValue()).toPlainString();
    }

    static String percent(double value) {
        return String.format(Locale.ROOT, "%.1f %%", value);
    }

    /// As [#si(double, String)].
    static String si(long value, String unit) {
        return si((double) value, unit);
    }

    /// `value` with the largest prefix that keeps it at 1 or more: `1.25 MB/s`.
    static String si(double value, String unit) {
        double scaled = value;
        int prefix = 0;
        while (prefix < PREFIXES.length - 1 && rounded(Math.abs(scaled)).compareTo(BigDecimal.valueOf(1_000)) >= 0) {
            scaled /= 1_000;
            prefix++;
        }
        return rounded(scaled).toPlainString() + " " + PREFIXES[prefix] + unit;
    }

    /// How many bytes a second `run` moved, rounded down; 0 if no time passed.
    static long bytesPerSecond(RunResult run) {
        if (run.elapsedPicos() == 0) {
            return 0;
        }
        // Exact: a double would differ from an integer beyond 2^53, and the product does not fit a long.
        return BigInteger.valueOf(run.bytes())
                .multiply(BigInteger.valueOf(Time.SECOND))
                .divide(BigInteger.valueOf(run.elapsedPicos()))
                .longValueExact();
    }

    /// `part` of `whole` in percent; 0 of nothing.
    static double percentOf(long part, long whole) {
        return whole == 0 ? 0 : 100.0 * part / whole;
    }

    private static BigDecimal rounded(double value) {
        BigDecimal result = new BigDecimal(value, new MathContext(4)).stripTrailingZeros();
        return result.scale() < 0 ? result.setScale(0) : result;
    }
}
