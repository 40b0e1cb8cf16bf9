package flyby.cli;

import flyby.base.LabException;
import flyby.params.Nearest;
import flyby.params.Quote;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.EnumSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/// What a run can leave in its output folder.
enum OutputKind {
    REPORT("report"),
    JSON("json"),
    PERFETTO("perfetto"),
    VCD("vcd");

    private final String word;

    OutputKind(String word) {
        this.word = word;
    }

    static List<String> words() {
        return Arrays.stream(values()).map(kind -> kind.word).toList();
    }

    /// Reads `perfetto,vcd`, or `all`.
    ///
    /// @throws LabException for another word
    static Set<OutputKind> parse(List<String> written) {
        Set<OutputKind> kinds = EnumSet.noneOf(OutputKind.class);
        for (String word : written) {
            if (word.equals("all")) {
                kinds.addAll(EnumSet.allOf(OutputKind.class));
                continue;
            }
            Optional<OutputKind> kind = Arrays.stream(values())
                    .filter(each -> each.word.equals(word))
                    .findFirst();
            kinds.add(kind.orElseThrow(() -> unknown(word)));
        }
        return kinds;
    }

    private static LabException unknown(String word) {
        List<String> known = new ArrayList<>(words());
        known.add("all");
        String hint = Nearest.word(word, known)
                .map(near -> "; did you mean " + near + "?")
                .orElse("");
        return new LabException(
                LabException.Kind.BAD_INPUT, "--trace", Quote.of(word), "some of " + String.join(", ", known) + hint);
    }
}
