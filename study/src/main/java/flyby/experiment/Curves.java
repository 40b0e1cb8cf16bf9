package flyby.experiment;

import flyby.study.Figure;
import flyby.study.RunResult;
import flyby.study.Series;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.function.DoubleFunction;

/// The curves of a run while it goes on, and what can be read from them when they are there.
final class Curves {
    /// Which plot a curve belongs into.
    record Plot(String key, String title, Series.Axis x, Series.Axis y) {}

    private final Map<Plot, List<Series.Point>> points = new LinkedHashMap<>();

    static Series.Axis size(String title) {
        return new Series.Axis(title, Figure.Unit.BYTES, true);
    }

    static Series.Axis time(String title) {
        return new Series.Axis(title, Figure.Unit.PICOSECONDS, true);
    }

    static Series.Axis rate(String title) {
        return new Series.Axis(title, Figure.Unit.BYTES_PER_SECOND, false);
    }

    /// Another point; their x ascend.
    void add(Plot plot, double x, double y) {
        points.computeIfAbsent(plot, _ -> new ArrayList<>()).add(new Series.Point(x, y));
    }

    List<Series> series() {
        List<Series> series = new ArrayList<>();
        points.forEach((plot, curve) -> series.add(new Series(plot.key(), plot.title(), plot.x(), plot.y(), curve)));
        return series;
    }

    /// The points that run `run` has in the plot `key`; none if it was not made or has no such curve.
    static List<Series.Point> of(List<RunResult> runs, String run, String key) {
        return runs.stream()
                .filter(each -> each.name().equals(run))
                .flatMap(each -> each.series().stream())
                .filter(series -> series.key().equals(key))
                .map(Series::points)
                .findFirst()
                .orElse(List.of());
    }

    /// The y at `x`, if there is a point.
    static OptionalDouble at(List<Series.Point> curve, double x) {
        return curve.stream()
                .filter(point -> point.x() == x)
                .mapToDouble(Series.Point::y)
                .findFirst();
    }

    /// From which x on `second` lies below `first`, for good: on the straight lines between the points, as they are in
    /// numbers and not as a logarithmic plot shows them. Both curves have the same x.
    ///
    /// @return empty if it does not at the last x; the first x if it always does
    static OptionalDouble crossover(List<Series.Point> first, List<Series.Point> second) {
        int count = Math.min(first.size(), second.size());
        int from = count;
        while (from > 0 && second.get(from - 1).y() < first.get(from - 1).y()) {
            from--;
        }
        if (from == count) {
            return OptionalDouble.empty();
        }
        if (from == 0) {
            return OptionalDouble.of(first.getFirst().x());
        }
        double before = second.get(from - 1).y() - first.get(from - 1).y();
        double after = first.get(from).y() - second.get(from).y();
        double x0 = first.get(from - 1).x();
        double x1 = first.get(from).x();
        return OptionalDouble.of(x0 + (x1 - x0) * before / (before + after));
    }

    /// In words where two curves cross.
    ///
    /// @param lead as a sentence begins: `By CPU time, DMA costs less than stores`
    static Optional<String> crossing(String lead, List<Series.Point> first, List<Series.Point> second) {
        return crossing(lead, first, second, Curves::bytes);
    }

    /// As [#crossing(String, List, List)], over something else than sizes.
    ///
    /// @param text an x in words
    static Optional<String> crossing(
            String lead, List<Series.Point> first, List<Series.Point> second, DoubleFunction<String> text) {
        if (first.isEmpty() || second.isEmpty()) {
            return Optional.empty();
        }
        OptionalDouble x = crossover(first, second);
        if (x.isEmpty()) {
            return Optional.of(
                    lead + " nowhere up to " + text.apply(first.getLast().x()) + ".");
        }
        boolean isAlways = second.getFirst().y() < first.getFirst().y();
        return Optional.of(lead + (isAlways ? " everywhere." : " from " + text.apply(x.getAsDouble()) + " on."));
    }

    /// `9.5 KB`, powers of 1,000.
    static String bytes(double value) {
        if (value < 1_000) {
            return String.format(Locale.ROOT, "%.0f B", value);
        }
        return value < 1e6
                ? String.format(Locale.ROOT, "%.1f KB", value / 1e3)
                : String.format(Locale.ROOT, "%.2f MB", value / 1e6);
    }
}
