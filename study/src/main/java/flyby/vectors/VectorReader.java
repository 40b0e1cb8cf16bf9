package flyby.vectors;

import flyby.params.Nearest;
import java.io.IOException;
import java.io.InputStream;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;

/// Reads a vector file, line by line; `docs/vectors.md` describes it.
final class VectorReader {
    /// For more clocks, repeat the line.
    static final int REPEATS_MAX = 1_000_000;

    private static final String EXAMPLE = "a line that names the columns, such as: DREQ HLDA | STATE HRQ DACK";
    private static final String BAR = "|";

    /// A word of the current line.
    private record Word(int index, String text) {}

    private final LineSource lines;
    private final List<VectorLine.Remark> head = new ArrayList<>();
    private final Columns columns;

    /// Reads as far as the line that names the columns.
    ///
    /// @param file its name in messages
    /// @throws flyby.base.LabException if there is no such line, or a wrong one
    VectorReader(String file, InputStream stream) throws IOException {
        lines = new LineSource(file, stream);
        while (true) {
            String line = lines.next().orElseThrow(() -> lines.refuse(0, "the end of the file", EXAMPLE));
            List<Word> words = words(line);
            if (!words.isEmpty()) {
                columns = columns(words);
                return;
            }
            head.add(new VectorLine.Remark(line));
        }
    }

    /// What stands above the line that names the columns.
    List<VectorLine.Remark> head() {
        return head;
    }

    Columns columns() {
        return columns;
    }

    /// The next line, or nothing after the last.
    ///
    /// @throws flyby.base.LabException with the place of the first thing that is wrong in it
    Optional<VectorLine> next() throws IOException {
        Optional<String> line = lines.next();
        if (line.isEmpty()) {
            return Optional.empty();
        }
        List<Word> words = words(line.get());
        return Optional.of(words.isEmpty() ? new VectorLine.Remark(line.get()) : vector(line.get(), words));
    }

    private Columns columns(List<Word> words) {
        int bar = bar(words);
        List<Input> inputs = new ArrayList<>();
        List<Output> outputs = new ArrayList<>();
        for (Word word : words.subList(0, bar)) {
            addOnce(inputs, word, named(Arrays.asList(Input.values()), word, "an input"));
        }
        for (Word word : words.subList(Math.min(bar + 1, words.size()), words.size())) {
            addOnce(outputs, word, named(Arrays.asList(Output.values()), word, "an output"));
        }
        if (inputs.isEmpty()) {
            throw lines.refuse(words.getFirst().index, "no input column", EXAMPLE);
        }
        return new Columns(inputs, outputs);
    }

    private <T extends Enum<T>> T named(List<T> known, Word word, String kind) {
        for (T column : known) {
            if (column.name().equals(word.text)) {
                return column;
            }
        }
        List<String> names = known.stream().map(Enum::name).toList();
        String hint = Nearest.word(word.text, names)
                .map(near -> "; did you mean " + near + "?")
                .orElse("");
        throw lines.refuseWord(word.index, word.text, kind + ": " + String.join(" ", names) + hint);
    }

    private <T> void addOnce(List<T> columns, Word word, T column) {
        if (columns.contains(column)) {
            throw lines.refuse(word.index, "a second column " + word.text, "each column once");
        }
        columns.add(column);
    }

    private VectorLine.Vector vector(String line, List<Word> all) {
        int repeats = repeats(all.getFirst());
        List<Word> words = repeats == 0 ? all : all.subList(1, all.size());
        int bar = bar(words);
        List<Word> inputs = words.subList(0, bar);
        checkCount(inputs, columns.inputs(), bar < words.size() ? words.get(bar).index : end(line));
        InputPins pins = new InputPins();
        for (int i = 0; i < bar; i++) {
            Input column = columns.inputs().get(i);
            check(inputs.get(i), column.accepts(inputs.get(i).text), column.name(), column.accepted());
            column.drive(pins, inputs.get(i).text);
        }
        List<Word> expected = bar < words.size() ? words.subList(bar + 1, words.size()) : List.of();
        if (bar < words.size()) {
            checkCount(expected, columns.outputs(), end(line));
            for (int i = 0; i < expected.size(); i++) {
                Output column = columns.outputs().get(i);
                check(expected.get(i), column.accepts(expected.get(i).text), column.name(), column.accepted());
            }
        }
        return new VectorLine.Vector(
                lines.number(),
                Math.max(repeats, 1),
                inputs.stream().map(Word::text).toList(),
                pins,
                expected.stream().map(Word::text).toList(),
                line.substring(end(line)).strip());
    }

    /// What stands before `*` if `word` is a repeat count, or 0 if it is none.
    private int repeats(Word word) {
        if (!word.text.endsWith("*")) {
            return 0;
        }
        String digits = word.text.substring(0, word.text.length() - 1);
        // The first rules out what parseInt would not take.
        int count = digits.matches("[0-9]{1,9}") ? Integer.parseInt(digits) : 0;
        if (count < 1 || count > REPEATS_MAX) {
            throw lines.refuseWord(word.index, word.text, "a repeat count from 1* to " + REPEATS_MAX + "*");
        }
        return count;
    }

    private void check(Word word, boolean isGood, String column, String accepted) {
        if (!isGood) {
            throw lines.refuseWord(word.index, word.text, "for " + column + " " + accepted);
        }
    }

    /// @param end where one more word would have to stand
    private void checkCount(List<Word> words, List<?> wanted, int end) {
        if (words.size() > wanted.size()) {
            Word extra = words.get(wanted.size());
            throw lines.refuseWord(extra.index, extra.text, "no more than " + values(wanted.size()) + " there");
        }
        if (words.size() < wanted.size()) {
            String found = values(words.size());
            throw lines.refuse(end, found, wanted.size() + ", the next for " + wanted.get(words.size()));
        }
    }

    private static String values(int count) {
        return count == 1 ? "1 value" : count + " values";
    }

    /// The index of the bar among `words`, or their number.
    private static int bar(List<Word> words) {
        for (int i = 0; i < words.size(); i++) {
            if (words.get(i).text.equals(BAR)) {
                return i;
            }
        }
        return words.size();
    }

    /// Where the comment of `line` begins, or where it ends.
    private static int end(String line) {
        int comment = line.indexOf('#');
        return comment < 0 ? line.length() : comment;
    }

    private static List<Word> words(String line) {
        List<Word> words = new ArrayList<>();
        int end = end(line);
        int at = 0;
        while (at < end) {
            int from = at;
            while (at < end && line.charAt(at) != ' ' && line.charAt(at) != '\t') {
                at++;
            }
            if (at > from) {
                words.add(new Word(from, line.substring(from, at)));
            }
            at++;
        }
        return words;
    }
}
