package flyby.report;

import flyby.study.RunResult;
import flyby.study.Series;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.stream.Collectors;

/// Plots in the report: pictures of the page's own colours, which need no script, and the same points as a table.
///
/// Each curve has a colour and a shape of its points, so that it is known on paper and to those who see no colours.
final class PlotHtml {
    private static final int WIDTH = 640;
    private static final int HEIGHT = 340;
    private static final int LEFT = 76;
    private static final int RIGHT = 24;
    private static final int TOP = 12;
    private static final int BOTTOM = 52;

    private final Html html;
    private final Colours colours = new Colours();
    private final List<String> runs;

    private PlotHtml(Html html, List<String> runs) {
        this.html = html;
        this.runs = runs;
    }

    /// The section, or nothing if no run has a curve.
    static void write(Html html, List<RunResult> runs) {
        List<Plot> plots = Plot.of(runs);
        if (plots.isEmpty()) {
            return;
        }
        PlotHtml writer = new PlotHtml(html, runs.stream().map(RunResult::name).toList());
        html.raw("<section>\n<h2>Plots</h2>\n<div class=\"curves\">\n");
        plots.forEach(writer::figure);
        html.raw("</div>\n</section>\n");
    }

    private void figure(Plot plot) {
        html.raw("<figure>\n<figcaption><b>").text(plot.title()).raw("</b><ul class=\"legend\">");
        for (Plot.Curve curve : plot.curves()) {
            html.raw("<li><svg class=\"mark\" viewBox=\"-12 -6 24 12\" aria-hidden=\"true\"")
                    .raw(style(curve))
                    .raw("><path class=\"curve\" d=\"M-12 0H12\"/>");
            marker(curve, 0, 0, "");
            html.raw("</svg>").text(curve.run()).raw("</li>");
        }
        html.raw("</ul></figcaption>\n");
        picture(plot);
        table(plot);
        html.raw("</figure>\n");
    }

    private void picture(Plot plot) {
        String names = plot.curves().stream().map(Plot.Curve::run).collect(Collectors.joining(", "));
        html.raw("<svg class=\"chart\" role=\"img\" viewBox=\"0 0 " + WIDTH + " " + HEIGHT + "\" aria-label=\"");
        html.text(plot.title() + ": " + plot.y().title() + " over " + plot.x().title() + ". Curves: " + names
                + ". The table below has the points.");
        html.raw("\">\n");
        grid(plot);
        for (Plot.Curve curve : plot.curves()) {
            curve(plot, curve);
        }
        html.raw("</svg>\n");
    }

    private void grid(Plot plot) {
        for (double tick : plot.x().ticks()) {
            String at = decimal(x(plot, tick));
            html.raw("<path class=\"grid\" d=\"M" + at + " " + TOP + "V" + (HEIGHT - BOTTOM) + "\"/>");
            html.raw("<text class=\"tick\" text-anchor=\"middle\" x=\"" + at + "\" y=\"" + (HEIGHT - BOTTOM + 17)
                    + "\">");
            html.text(plot.x().text(tick)).raw("</text>\n");
        }
        for (double tick : plot.y().ticks()) {
            double at = y(plot, tick);
            html.raw("<path class=\"grid\" d=\"M" + LEFT + " " + decimal(at) + "H" + (WIDTH - RIGHT) + "\"/>");
            html.raw(
                    "<text class=\"tick\" text-anchor=\"end\" x=\"" + (LEFT - 8) + "\" y=\"" + decimal(at + 4) + "\">");
            html.text(plot.y().text(tick)).raw("</text>\n");
        }
        html.raw("<text class=\"title\" text-anchor=\"middle\" x=\"" + (LEFT + WIDTH - RIGHT) / 2 + "\" y=\"");
        html.raw(HEIGHT - 12 + "\">").text(plot.x().title()).raw("</text>\n");
        html.raw("<text class=\"title\" text-anchor=\"middle\" transform=\"translate(13 ");
        html.raw((TOP + HEIGHT - BOTTOM) / 2 + ") rotate(-90)\">")
                .text(plot.y().title())
                .raw("</text>\n");
    }

    private void curve(Plot plot, Plot.Curve curve) {
        html.raw("<g").raw(style(curve)).raw(">");
        String path = curve.points().stream()
                .map(point -> decimal(x(plot, point.x())) + " " + decimal(y(plot, point.y())))
                .collect(Collectors.joining("L", "M", ""));
        html.raw("<path class=\"curve\" d=\"" + path + "\"/>\n");
        for (Series.Point point : curve.points()) {
            String text = curve.run() + ": " + plot.x().text(point.x()) + ", "
                    + plot.y().text(point.y());
            marker(curve, x(plot, point.x()), y(plot, point.y()), text);
        }
        html.raw("</g>\n");
    }

    /// A shape for each place in the list of runs: the same run looks the same in all plots.
    private void marker(Plot.Curve curve, double x, double y, String title) {
        String path = switch (runs.indexOf(curve.run()) % 5) {
            case 0 -> "m-3.6 0a3.6 3.6 0 1 0 7.2 0a3.6 3.6 0 1 0-7.2 0";
            case 1 -> "m-3.4-3.4h6.8v6.8h-6.8z";
            case 2 -> "m0-4.6l4.3 7.6h-8.6z";
            case 3 -> "m0-4.8l4.8 4.8l-4.8 4.8l-4.8-4.8z";
            default -> "m0 4.6l4.3-7.6h-8.6z";
        };
        html.raw("<path class=\"point\" d=\"M" + decimal(x) + " " + decimal(y) + path + "\"");
        if (title.isEmpty()) {
            html.raw("/>");
        } else {
            html.raw("><title>").text(title).raw("</title></path>\n");
        }
    }

    private String style(Plot.Curve curve) {
        // Asked for in the order of the runs, so that a run that lacks a curve does not shift the others' colours.
        runs.forEach(colours::of);
        return " style=\"color:var(--c" + colours.of(curve.run()) + ")\"";
    }

    private void table(Plot plot) {
        html.raw("<details><summary>The points</summary>\n<div class=\"scroll\"><table class=\"numbers\">\n");
        List<String> titles = new ArrayList<>(List.of(plot.x().title()));
        plot.curves().forEach(curve -> titles.add(curve.run()));
        html.head(titles).raw("<tbody>\n");
        for (double place : plot.places()) {
            html.raw("<tr><th scope=\"row\">").text(plot.x().text(place)).raw("</th>");
            for (Plot.Curve curve : plot.curves()) {
                String text = curve.points().stream()
                        .filter(point -> point.x() == place)
                        .map(point -> plot.y().text(point.y()))
                        .findFirst()
                        .orElse("\u2013");
                html.raw("<td>").text(text).raw("</td>");
            }
            html.raw("</tr>\n");
        }
        html.raw("</tbody></table></div></details>\n");
    }

    private static double x(Plot plot, double value) {
        return LEFT + plot.x().place(value) * (WIDTH - LEFT - RIGHT);
    }

    private static double y(Plot plot, double value) {
        return HEIGHT - BOTTOM - plot.y().place(value) * (HEIGHT - TOP - BOTTOM);
    }

    private static String decimal(double value) {
        return String.format(Locale.ROOT, "%.1f", value);
    }
}
