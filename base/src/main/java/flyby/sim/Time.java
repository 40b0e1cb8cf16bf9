package flyby.sim;

import java.math.BigDecimal;
import java.math.MathContext;

/// Units of simulated time, and how a duration is printed.
public final class Time {
    public static final long NANOSECOND = 1_000L;
    public static final long MICROSECOND = 1_000_000L;
    public static final long MILLISECOND = 1_000_000_000L;
    public static final long SECOND = 1_000_000_000_000L;

    private static final String[] UNITS = {"ps", "ns", "us", "ms", "s"};

    private Time() {}

    /// `picos` in the largest unit that keeps it at 1 or more, four significant digits: `3.125 us`.
    public static String text(long picos) {
        int unit = 0;
        long scale = 1;
        while (unit < UNITS.length - 1 && Math.abs(picos) >= scale * 1_000) {
            scale *= 1_000;
            unit++;
        }
        BigDecimal value = BigDecimal.valueOf(picos).divide(BigDecimal.valueOf(scale), new MathContext(4));
        return value.stripTrailingZeros().toPlainString() + " " + UNITS[unit];
    }
}
