package flyby.report;

import flyby.base.JsonWriter;
import flyby.study.Table;
import java.util.List;

/// The lists of a run in the JSON document.
final class TableJson {
    private TableJson() {}

    static void write(JsonWriter json, List<Table> tables) {
        json.beginArray();
        for (Table table : tables) {
            json.beginObject();
            json.name("key").value(table.key());
            json.name("title").value(table.title());
            json.name("columns").beginArray();
            table.columns().forEach(json::value);
            json.endArray();
            json.name("rows").beginArray();
            for (List<String> row : table.rows()) {
                json.beginArray();
                row.forEach(json::value);
                json.endArray();
            }
            json.endArray();
            json.endObject();
        }
        json.endArray();
    }
}
