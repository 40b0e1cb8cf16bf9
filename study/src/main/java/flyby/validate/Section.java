package flyby.validate;

import flyby.base.Check;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;

/// The rows about one part of the laboratory.
///
/// @param name as on the command line: `isa`
/// @param title one line
public record Section(String name, String title, List<Row> rows) {
    public Section {
        rows = List.copyOf(rows);
        Set<String> ids = new TreeSet<>();
        for (Row row : rows) {
            Check.that(ids.add(row.id()), "section %s has two rows %s", name, row.id());
        }
    }
}
