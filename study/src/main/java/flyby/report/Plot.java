package flyby.report;

import flyby.base.Check;
import flyby.study.RunResult;
import flyby.study.Series;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeSet;
import java.util.function.ToDoubleFunction;

/// The curves that are drawn into one picture: those of several runs that have the same key.
final class Plot {
    /// One of them.
    record Curve(String run, List<Series.Point> points) {}

    private final String title;
    private final List<Curve> curves;
    private final PlotAxis x;
    private final PlotAxis y;

    private Plot(String title, List<Curve> curves, PlotAxis x, PlotAxis y) {
        this.title = title;
        this.curves = curves;
        this.x = x;
        this.y = y;
    }

    /// All plots of `runs`, in the order in which their keys first appear. Curves without points are none.
    static List<Plot> of(List<RunResult> runs) {
        Map<String, Series> first = new LinkedHashMap<>();
        Map<String, List<Curve>> curves = new LinkedHashMap<>();
        for (RunResult run : runs) {
            for (Series series : run.series()) {
                Series other = first.putIfAbsent(series.key(), series);
                Check.that(
                        other == null
                                || (other.x().equals(series.x()) && other.y().equals(series.y())),
                        "the axes of %s of run %s are not those of others",
                        series.key(),
                        run.name());
                List<Curve> drawn = curves.computeIfAbsent(series.key(), _ -> new ArrayList<>());
                Check.that(
                        drawn.isEmpty() || !drawn.getLast().run().equals(run.name()),
                        "run %s has two curves %s",
                        run.name(),
                        series.key());
                if (!series.points().isEmpty()) {
                    drawn.add(new Curve(run.name(), series.points()));
                }
            }
        }
        List<Plot> plots = new ArrayList<>();
        first.forEach((key, series) -> {
            List<Curve> drawn = curves.getOrDefault(key, List.of());
            if (!drawn.isEmpty()) {
                plots.add(new Plot(
                        series.title(),
                        List.copyOf(drawn),
                        axis(series.x(), drawn, Series.Point::x),
                        axis(series.y(), drawn, Series.Point::y)));
            }
        });
        return plots;
    }

    private static PlotAxis axis(Series.Axis axis, List<Curve> curves, ToDoubleFunction<Series.Point> value) {
        double[] values = curves.stream()
                .flatMap(curve -> curve.points().stream())
                .mapToDouble(value)
                .sorted()
                .toArray();
        return PlotAxis.of(axis, values[0], values[values.length - 1]);
    }

    String title() {
        return title;
    }

    List<Curve> curves() {
        return curves;
    }

    PlotAxis x() {
        return x;
    }

    PlotAxis y() {
        return y;
    }

    /// Every x that a curve has, in order.
    List<Double> places() {
        TreeSet<Double> places = new TreeSet<>();
        curves.forEach(curve -> curve.points().forEach(point -> places.add(point.x())));
        return List.copyOf(places);
    }
}
