package flyby.report;

import flyby.base.JsonWriter;
import flyby.sim.Time;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Locale;
import java.util.Set;

/// A timeline in the report: a static picture for print and for readers without JavaScript, and the data from which
/// the script draws one to zoom into.
final class TimelineHtml {
    private static final int WIDTH = 1_000;
    private static final int LABEL_WIDTH = 150;
    private static final int LEVEL_HEIGHT = 14;
    private static final int ROW_GAP = 6;

    private final Html html;
    private final Colours colours;

    TimelineHtml(Html html, Colours colours) {
        this.html = html;
        this.colours = colours;
    }

    /// Writes the figure of `timeline`, the `index`th of the page.
    void write(Timeline timeline, int index) {
        html.raw("<figure class=\"timeline\" id=\"timeline-" + index + "\">\n<figcaption><strong>");
        html.text(timeline.run()).raw("</strong> <span class=\"quiet\">");
        html.text(Time.text(timeline.endPicos())).raw("</span></figcaption>\n");
        picture(timeline);
        html.raw("<script type=\"application/json\">");
        data(timeline);
        html.raw("</script>\n");
        notes(timeline);
        html.raw("</figure>\n");
    }

    private void notes(Timeline timeline) {
        List<String> cut = new ArrayList<>();
        for (Timeline.Row row : timeline.rows()) {
            if (row.cutPicos() != Long.MAX_VALUE) {
                cut.add(String.format(
                        Locale.ROOT,
                        "%s / %s: %,d of %,d slices, up to %s",
                        row.group(),
                        row.name(),
                        row.slices().size(),
                        row.sliceCount(),
                        Time.text(row.cutPicos())));
            }
            if (row.instants().size() < row.instantCount()) {
                cut.add(String.format(
                        Locale.ROOT,
                        "%s / %s: %,d of %,d instants",
                        row.group(),
                        row.name(),
                        row.instants().size(),
                        row.instantCount()));
            }
        }
        for (Timeline.Counter counter : timeline.counters()) {
            if (counter.stride() > 1) {
                cut.add(counter.group() + " / " + counter.name() + ": one of " + counter.stride() + " values");
            }
        }
        if (cut.isEmpty()) {
            html.raw("<p class=\"quiet\">Everything is shown.</p>\n");
            return;
        }
        html.raw("<details class=\"quiet\"><summary>A part is shown one by one, the rest as how busy each row was.");
        html.raw("</summary><ul>");
        cut.forEach(line -> html.raw("<li>").text(line).raw("</li>"));
        html.raw("</ul></details>\n");
    }

    // The static picture.

    private void picture(Timeline timeline) {
        int height = 24;
        for (Timeline.Row row : timeline.rows()) {
            height += rowHeight(row);
        }
        html.raw("<svg class=\"still\" role=\"img\" viewBox=\"0 0 " + WIDTH + " " + height + "\" aria-label=\"");
        html.text(alternative(timeline)).raw("\">\n");
        long end = Math.max(1, timeline.endPicos());
        int y = 20;
        for (int i = 0; i <= 4; i++) {
            double x = LABEL_WIDTH + (WIDTH - LABEL_WIDTH - 2) * i / 4.0;
            String anchor = i == 0 ? "start" : i == 4 ? "end" : "middle";
            html.raw(
                    "<line class=\"grid\" x1=\"" + at(x) + "\" x2=\"" + at(x) + "\" y1=\"16\" y2=\"" + height + "\"/>");
            html.raw("<text class=\"axis\" x=\"" + at(x) + "\" y=\"11\" text-anchor=\"" + anchor + "\">");
            html.text(Time.text(timeline.endPicos() / 4 * i)).raw("</text>\n");
        }
        for (Timeline.Row row : timeline.rows()) {
            html.raw("<text x=\"0\" y=\"" + (y + 11) + "\">");
            html.text(label(row)).raw("</text>\n");
            row(row, y, end);
            y += rowHeight(row);
        }
        html.raw("</svg>\n");
    }

    private static String label(Timeline.Row row) {
        String text = Html.visible(row.group().equals(row.name()) ? row.name() : row.group() + " " + row.name());
        int count = text.codePointCount(0, text.length());
        return count <= 24 ? text : text.substring(0, text.offsetByCodePoints(0, 23)) + "\u2026";
    }

    private static boolean isLane(Timeline.Row row) {
        return row.group().equals(TimelineSink.TRANSFERS);
    }

    /// What the picture shows, for those who cannot see it.
    private static String alternative(Timeline timeline) {
        StringBuilder text = new StringBuilder("Timeline of " + timeline.run());
        for (Timeline.Row row : timeline.rows()) {
            text.append(", ").append(row.group()).append(' ').append(row.name()).append(" busy for ");
            text.append(Numbers.percent(Numbers.percentOf(row.busyPicos(), timeline.endPicos())));
        }
        return text.toString();
    }

    private static int rowHeight(Timeline.Row row) {
        return Math.max(1, row.depth()) * LEVEL_HEIGHT + ROW_GAP;
    }

    private void row(Timeline.Row row, int y, long end) {
        double scale = (double) (WIDTH - LABEL_WIDTH - 2) / end;
        // Neighbours of the same level and colour that touch at this scale are drawn as one.
        for (int depth = 0; depth < row.depth(); depth++) {
            double fromX = -1;
            double toX = -1;
            int colour = -1;
            for (Timeline.Slice slice : row.slices()) {
                if (slice.depth() != depth) {
                    continue;
                }
                double x = LABEL_WIDTH + slice.beginPicos() * scale;
                double stop = LABEL_WIDTH + slice.endPicos() * scale;
                int nextColour = isLane(row) && depth == 0 ? Colours.GREY : colours.of(slice.name());
                if (x - toX < 0.4 && (nextColour == colour || stop - x < 0.5)) {
                    toX = Math.max(toX, stop);
                    continue;
                }
                bar(colour, fromX, toX, y + depth * LEVEL_HEIGHT);
                fromX = x;
                toX = stop;
                colour = nextColour;
            }
            bar(colour, fromX, toX, y + depth * LEVEL_HEIGHT);
        }
        if (row.cutPicos() != Long.MAX_VALUE) {
            occupancy(row, y, scale);
        }
    }

    private void bar(int colour, double fromX, double toX, int y) {
        if (fromX >= 0) {
            html.raw("<rect class=\"c" + colour + "\" x=\"" + at(fromX) + "\" y=\"" + y + "\" width=\"");
            html.raw(at(Math.max(0.3, toX - fromX)) + "\" height=\"" + (LEVEL_HEIGHT - 2) + "\"/>\n");
        }
    }

    private void occupancy(Timeline.Row row, int y, double scale) {
        html.raw("<path class=\"busy\" d=\"");
        int base = y + LEVEL_HEIGHT - 2;
        long bucketPicos = row.occupancy().bucketPicos();
        List<Long> busy = row.occupancy().busyPicos();
        for (int i = (int) (row.cutPicos() / bucketPicos); i < busy.size(); i++) {
            if (busy.get(i) > 0) {
                double tall = (LEVEL_HEIGHT - 2) * (double) busy.get(i) / bucketPicos;
                html.raw("M" + at(LABEL_WIDTH + i * bucketPicos * scale) + " " + base + "v-" + at(tall));
                html.raw("h" + at(bucketPicos * scale) + "v" + at(tall) + "z");
            }
        }
        html.raw("\"/>\n");
    }

    private static String at(double value) {
        String text = String.format(Locale.ROOT, "%.2f", value);
        return text.endsWith(".00") ? text.substring(0, text.length() - 3) : text;
    }

    // The data for the script: flat arrays of numbers; a begin is counted from the begin before it.

    private void data(Timeline timeline) {
        StringBuilder text = new StringBuilder();
        JsonWriter json = new JsonWriter(text, false);
        List<String> names = new ArrayList<>();
        Set<String> drawn = new LinkedHashSet<>();
        json.beginObject();
        json.name("run").value(Html.visible(timeline.run()));
        json.name("end").value(timeline.endPicos());
        json.name("rows").beginArray();
        for (Timeline.Row row : timeline.rows()) {
            json.beginObject();
            json.name("label").value(label(row));
            json.name("depth").value(row.depth());
            json.name("lane").value(isLane(row));
            json.name("slices").beginArray();
            long before = 0;
            for (Timeline.Slice slice : row.slices()) {
                json.value(slice.beginPicos() - before).value(slice.endPicos() - slice.beginPicos());
                json.value(slice.depth()).value(index(names, slice.name()));
                json.safeValue(slice.transfer()).safeValue(slice.argument());
                before = slice.beginPicos();
                drawn.add(slice.name());
            }
            json.endArray();
            json.name("instants").beginArray();
            before = 0;
            for (Timeline.Instant instant : row.instants()) {
                json.value(instant.timePicos() - before).value(index(names, instant.name()));
                json.safeValue(instant.transfer()).safeValue(instant.argument());
                before = instant.timePicos();
            }
            json.endArray();
            if (row.cutPicos() != Long.MAX_VALUE) {
                json.name("cut").value(row.cutPicos());
                json.name("bucket").value(row.occupancy().bucketPicos());
                json.name("busy").beginArray();
                row.occupancy().busyPicos().forEach(json::value);
                json.endArray();
            }
            json.endObject();
        }
        json.endArray();
        json.name("counters").beginArray();
        for (Timeline.Counter counter : timeline.counters()) {
            json.beginObject();
            json.name("label").value(Html.visible(counter.name()));
            json.name("times").beginArray();
            counter.timesPicos().forEach(json::value);
            json.endArray();
            json.name("values").beginArray();
            counter.values().forEach(json::safeValue);
            json.endArray();
            json.endObject();
        }
        json.endArray();
        json.name("names").beginArray();
        names.forEach(name -> json.value(Html.visible(name)));
        json.endArray();
        json.name("colours").beginArray();
        names.forEach(name -> json.value(drawn.contains(name) ? colours.of(name) : Colours.GREY));
        json.endArray();
        json.endObject();
        html.raw(text.toString());
    }

    private static int index(List<String> names, String name) {
        int index = names.indexOf(name);
        if (index >= 0) {
            return index;
        }
        names.add(name);
        return names.size() - 1;
    }
}
