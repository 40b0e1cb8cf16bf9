package flyby.report;

import flyby.base.JsonWriter;
import flyby.machine.MachineLibrary;
import flyby.topology.Sketch;
import java.util.List;

/// A machine as one JSON document; `docs/json.md` describes it.
public final class SketchJson {
    private SketchJson() {}

    /// Writes the document to `out`, with a newline at its end. Its encoding is to be UTF-8.
    ///
    /// @param version of Flyby
    public static void write(String version, MachineLibrary.Shown machine, Appendable out) {
        Sketch sketch = machine.sketch();
        JsonWriter json = new JsonWriter(out, true);
        json.beginObject();
        json.name("flyby").value(version);
        json.name("machine").value(sketch.name());
        json.name("title").value(sketch.title());
        json.name("boxes").beginArray();
        for (Sketch.Box box : sketch.boxes()) {
            json.beginObject();
            box(json, box);
            json.endObject();
        }
        json.endArray();
        json.name("trunk").beginObject();
        box(json, sketch.trunk());
        json.endObject();
        nodes(json, sketch.below());
        json.name("parameters").beginObject();
        machine.parameters().forEach((path, resolved) -> {
            json.name(path).beginObject();
            json.name("value").value(resolved.text());
            json.name("origin").value(resolved.origin().label());
            json.name("source").value(resolved.source().text());
            json.endObject();
        });
        json.endObject();
        json.endObject();
        json.endDocument();
    }

    private static void box(JsonWriter json, Sketch.Box box) {
        json.name("name").value(box.name());
        json.name("facts").beginArray();
        box.facts().forEach(json::value);
        json.endArray();
    }

    private static void nodes(JsonWriter json, List<Sketch.Node> nodes) {
        json.name("below").beginArray();
        for (Sketch.Node node : nodes) {
            json.beginObject();
            json.name("link").value(node.link());
            box(json, node.box());
            nodes(json, node.below());
            json.endObject();
        }
        json.endArray();
    }
}
