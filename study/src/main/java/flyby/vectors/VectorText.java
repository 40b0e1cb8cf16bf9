package flyby.vectors;

import java.util.List;

/// Writes the lines of a vector file, in columns.
final class VectorText {
    /// For a repeat count of up to three digits, its `*` and a blank.
    private static final int MARGIN = 5;

    private final Columns columns;

    VectorText(Columns columns) {
        this.columns = columns;
    }

    /// The line that names the columns.
    String heading() {
        StringBuilder line = new StringBuilder(" ".repeat(MARGIN));
        columns.inputs().forEach(column -> append(line, column.name(), width(column)));
        line.append('|');
        columns.outputs().forEach(column -> append(line.append(' '), column.name(), width(column) - 1));
        return line.toString().stripTrailing();
    }

    /// The line of some equal clocks.
    String vector(int clocks, List<String> inputs, List<String> outputs, String comment) {
        String count = clocks == 1 ? "" : clocks + "*";
        StringBuilder line = new StringBuilder(" ".repeat(Math.max(MARGIN - 1 - count.length(), 0)));
        line.append(count).append(' ');
        for (int i = 0; i < inputs.size(); i++) {
            append(line, inputs.get(i), width(columns.inputs().get(i)));
        }
        line.append('|');
        for (int i = 0; i < outputs.size(); i++) {
            append(line.append(' '), outputs.get(i), width(columns.outputs().get(i)) - 1);
        }
        return (comment.isEmpty() ? line.toString() : line + " " + comment).stripTrailing();
    }

    private static int width(Input column) {
        return Math.max(column.name().length(), column.widest()) + 1;
    }

    private static int width(Output column) {
        return Math.max(column.name().length(), column.widest()) + 1;
    }

    private static void append(StringBuilder line, String text, int width) {
        line.append(text).append(" ".repeat(Math.max(width - text.length(), 0)));
    }
}
