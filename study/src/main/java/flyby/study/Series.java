package flyby.study;

import java.util.List;

/// One curve of a plot. Series of several runs that have the same key are drawn into one plot, a curve each.
///
/// @param key its name in the JSON document: `latencyBySize`
/// @param title of the plot: `Latency by size`
/// @param points in the order of their x
public record Series(String key, String title, Axis x, Axis y, List<Point> points) {
    public Series {
        points = List.copyOf(points);
    }

    /// What runs along a side of the plot.
    ///
    /// @param title `transfer size`
    public record Axis(String title, Figure.Unit unit, boolean isLogarithmic) {}

    /// Both finite; positive on a logarithmic axis.
    public record Point(double x, double y) {}
}
