package flyby.params;

import java.util.List;

/// A value after its text was understood.
public sealed interface Value {
    /// A number in the base unit of its dimension: picoseconds, hertz, bytes, or a plain count.
    record Amount(long amount) implements Value {}

    record Flag(boolean on) implements Value {}

    record Word(String word) implements Value {}

    /// Words in the order in which they were given, none twice.
    record Words(List<String> words) implements Value {
        public Words {
            words = List.copyOf(words);
        }
    }
}
