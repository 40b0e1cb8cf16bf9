package flyby.study;

import flyby.base.Check;
import java.util.List;

/// A list of things that a run shows, each with the same properties.
///
/// @param key its name in the JSON document: `leaks`
/// @param title of the list: `Whose memory the device has read`
/// @param columns their titles
/// @param rows in the order in which they are shown, as many cells as there are columns in each
public record Table(String key, String title, List<String> columns, List<List<String>> rows) {
    public Table {
        columns = List.copyOf(columns);
        rows = List.copyOf(rows);
        for (List<String> row : rows) {
            Check.that(row.size() == columns.size(), "a row of %d cells in a table of %s", row.size(), columns);
        }
    }
}
