package flyby.vectors;

import java.util.List;

/// A line of a vector file after the one that names the columns.
sealed interface VectorLine {
    /// Blank, or nothing but a comment.
    ///
    /// @param text as it stands in the file
    record Remark(String text) implements VectorLine {}

    /// Levels for one clock, or for some.
    ///
    /// @param number of the line, from 1
    /// @param repeats for how many clocks
    /// @param inputs what the input columns say, as it stands in the file
    /// @param pins the same, understood
    /// @param expected what the output columns say, or nothing if the line ends before them
    /// @param comment what follows, with its `#`, or nothing
    record Vector(long number, int repeats, List<String> inputs, InputPins pins, List<String> expected, String comment)
            implements VectorLine {
        public Vector {
            inputs = List.copyOf(inputs);
            expected = List.copyOf(expected);
        }
    }
}
