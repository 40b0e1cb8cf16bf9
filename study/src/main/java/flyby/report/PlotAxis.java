package flyby.report;

import flyby.base.Check;
import flyby.sim.Time;
import flyby.study.Figure.Unit;
import flyby.study.Series;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/// An axis of a plot: which values it shows, where its ticks are, and how its values read.
///
/// Ticks are 1, 2 and 5 times a power of ten, but powers of two where bytes are shown logarithmically: sizes of
/// buffers are.
final class PlotAxis {
    private static final int TICKS_MAX = 11;
    private static final double KIB = 1_024;
    private static final String[] BINARY_UNITS = {"B", "KiB", "MiB", "GiB", "TiB"};

    private final Series.Axis axis;
    private final List<Double> ticks;

    private PlotAxis(Series.Axis axis, List<Double> ticks) {
        this.axis = axis;
        this.ticks = List.copyOf(ticks);
    }

    /// An axis on which `least` to `most` have their place. A linear one has zero too, unless `least` is below it.
    static PlotAxis of(Series.Axis axis, double least, double most) {
        Check.that(Double.isFinite(least) && Double.isFinite(most) && least <= most, "axis %s to %s", least, most);
        if (!axis.isLogarithmic()) {
            return new PlotAxis(axis, linear(Math.min(0, least), most));
        }
        Check.that(least > 0, "%s on a logarithmic axis", least);
        return new PlotAxis(axis, axis.unit() == Unit.BYTES ? powersOfTwo(least, most) : decades(least, most));
    }

    private static List<Double> linear(double least, double most) {
        double span = most > least ? most - least : Math.max(1, Math.abs(most));
        double step = 0;
        for (int i = 0; step == 0 || span / step > TICKS_MAX / 2.0; i++) {
            step = oneTwoFive(Math.floorDiv(i, 3) + exponent(span) - 2, i % 3);
        }
        List<Double> ticks = new ArrayList<>();
        // Multiples of the step, not sums of it: rounding does not add up.
        long last = (long) Math.ceil(Math.max(most, least + span) / step - 1e-9);
        for (long i = (long) Math.floor(least / step + 1e-9); i <= last; i++) {
            ticks.add(i * step);
        }
        return ticks;
    }

    /// From the last of 1, 2, 5, 10... at or below `least` to the first at or above `most`.
    private static List<Double> decades(double least, double most) {
        int from = exponent(least);
        int to = exponent(most) + 1;
        boolean isFine = to - from <= 4;
        List<Double> ticks = new ArrayList<>();
        for (int i = 3 * from; i <= 3 * to; i++) {
            if (isFine || i % 3 == 0) {
                ticks.add(oneTwoFive(Math.floorDiv(i, 3), Math.floorMod(i, 3)));
            }
        }
        while (ticks.size() > 2 && ticks.get(1) <= least) {
            ticks.removeFirst();
        }
        while (ticks.size() > 2 && ticks.get(ticks.size() - 2) >= most) {
            ticks.removeLast();
        }
        return ticks;
    }

    private static List<Double> powersOfTwo(double least, double most) {
        int from = Math.getExponent(least);
        int to = Math.max(from + 1, Math.getExponent(most) + (most > Math.scalb(1.0, Math.getExponent(most)) ? 1 : 0));
        int step = Math.ceilDiv(to - from, TICKS_MAX - 1);
        List<Double> ticks = new ArrayList<>();
        for (int i = from; i < to; i += step) {
            ticks.add(Math.scalb(1.0, i));
        }
        ticks.add(Math.scalb(1.0, from + Math.ceilDiv(to - from, step) * step));
        return ticks;
    }

    /// The largest e with 10^e at or below `value`.
    private static int exponent(double value) {
        int result = (int) Math.floor(StrictMath.log10(value));
        return power(result + 1) <= value ? result + 1 : result;
    }

    private static double oneTwoFive(int exponent, int which) {
        return new double[] {1, 2, 5}[which] * power(exponent);
    }

    private static double power(int exponent) {
        // Exact where it can be, as a literal is.
        return Double.parseDouble("1e" + exponent);
    }

    List<Double> ticks() {
        return ticks;
    }

    /// Where `value` lies: 0 at the first tick, 1 at the last.
    double place(double value) {
        double first = scaled(ticks.getFirst());
        double last = scaled(ticks.getLast());
        return (scaled(value) - first) / (last - first);
    }

    private double scaled(double value) {
        return axis.isLogarithmic() ? StrictMath.log(value) : value;
    }

    /// `4 KiB`, `437 ns`, `9.7 GB/s`.
    String text(double value) {
        return switch (axis.unit()) {
            case PICOSECONDS ->
                value == 0 ? "0" : Math.abs(value) < 1_000 ? fraction(value) : Time.text(Math.round(value));
            case BYTES -> bytes(value);
            case BYTES_PER_SECOND -> value == 0 ? "0" : Numbers.si(value, "B/s");
            case BITS_PER_SECOND -> value == 0 ? "0" : Numbers.si(value, "b/s");
            case HERTZ -> value == 0 ? "0" : Numbers.si(value, "Hz");
            case PERCENT -> Numbers.plain(value) + " %";
            case COUNT, CLOCKS -> isWhole(value) ? Numbers.plain((long) value) : Numbers.plain(value);
        };
    }

    private static String fraction(double picos) {
        return Numbers.plain(picos) + " ps";
    }

    /// Sizes of buffers read in powers of 1,024 where that leaves no remainder: `4 KiB`, but `1,500 B`.
    private static String bytes(double value) {
        if (!isWhole(value)) {
            return Numbers.si(value, "B");
        }
        int unit = 0;
        double scaled = value;
        while (scaled != 0 && unit < BINARY_UNITS.length - 1 && scaled % KIB == 0) {
            scaled /= KIB;
            unit++;
        }
        return String.format(Locale.ROOT, "%,d %s", (long) scaled, BINARY_UNITS[unit]);
    }

    private static boolean isWhole(double value) {
        return value == Math.rint(value) && Math.abs(value) < 1L << 53;
    }

    String title() {
        return axis.title();
    }
}
