package flyby.study;

import java.util.List;

/// A piece of a YAML document that knows where it stands.
sealed interface Yaml {
    Place place();

    /// Where something stands in a file.
    ///
    /// @param line counted from 1
    /// @param column in characters, counted from 1
    record Place(String file, int line, int column) {
        /// For errors: `demo.yaml:12:7`.
        String text() {
            return file + ":" + line + ":" + column;
        }

        /// For results: `demo.yaml:12`.
        String shortText() {
            return file + ":" + line;
        }
    }

    record Scalar(String text, Place place) implements Yaml {}

    record Sequence(List<Yaml> items, Place place) implements Yaml {}

    /// Its keys are unique.
    record Mapping(List<Entry> entries, Place place) implements Yaml {}

    record Entry(Scalar key, Yaml value) {}

    /// What it is, in words.
    default String kind() {
        return switch (this) {
            case Scalar scalar -> scalar.text().isEmpty() ? "nothing" : "a single value";
            case Sequence _ -> "a list";
            case Mapping _ -> "a mapping";
        };
    }
}
