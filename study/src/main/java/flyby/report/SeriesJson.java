package flyby.report;

import flyby.base.JsonWriter;
import flyby.study.Series;
import java.util.List;
import java.util.Locale;

/// The curves of a run in the JSON document.
final class SeriesJson {
    private SeriesJson() {}

    static void write(JsonWriter json, List<Series> series) {
        json.beginArray();
        for (Series each : series) {
            json.beginObject();
            json.name("key").value(each.key());
            json.name("title").value(each.title());
            json.name("x");
            axis(json, each.x());
            json.name("y");
            axis(json, each.y());
            json.name("points").beginArray();
            for (Series.Point point : each.points()) {
                json.beginArray();
                json.value(number(point.x())).value(number(point.y()));
                json.endArray();
            }
            json.endArray();
            json.endObject();
        }
        json.endArray();
    }

    private static void axis(JsonWriter json, Series.Axis axis) {
        json.beginObject();
        json.name("title").value(axis.title());
        json.name("unit").value(axis.unit().name().toLowerCase(Locale.ROOT).replace('_', ' '));
        json.name("logarithmic").value(axis.isLogarithmic());
        json.endObject();
    }

    /// Whole numbers without a fraction, as all others of the document.
    private static Number number(double value) {
        if (value == Math.rint(value) && Math.abs(value) < 1L << 53) {
            return (long) value;
        }
        return value;
    }
}
