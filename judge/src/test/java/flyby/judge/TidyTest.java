package flyby.judge;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/// What bytecode cannot show: sizes, left-overs, and words that say nothing.
final class TidyTest {
    private static final int LINES_MAX = 500;
    private static final int COLUMNS_MAX = 120;
    private static final Pattern LEFT_OVER = Pattern.compile("\\b(TO" + "DO|FIX" + "ME|X" + "XX)\\b");
    private static final Pattern SAYS_NOTHING = Pattern.compile("class \\w*(Manager|Helper|Util|Utils|Impl)\\b");

    @Test
    void filesAreShortEnoughToRead() throws IOException {
        assertThat(complaints((_, lines) -> lines.size() > LINES_MAX ? List.of(lines.size() + " lines") : List.of()))
                .isEmpty();
    }

    @Test
    void linesFitTheScreen() throws IOException {
        assertThat(eachLine(line -> line.length() > COLUMNS_MAX)).isEmpty();
    }

    @Test
    void nothingIsLeftForLater() throws IOException {
        assertThat(eachLine(line -> LEFT_OVER.matcher(line).find()))
                .as("write an issue")
                .isEmpty();
    }

    @Test
    void classesAreNamedForWhatTheyDo() throws IOException {
        assertThat(eachLine(line -> SAYS_NOTHING.matcher(line).find())).isEmpty();
    }

    @Test
    void linesHaveNoTabs() throws IOException {
        assertThat(eachLine(line -> line.indexOf('\t') >= 0)).isEmpty();
    }

    @Test
    void layoutsCiteWhereTheyAreFrom() throws IOException {
        assertThat(complaints((path, lines) -> {
                    boolean isLayout = path.getParent().endsWith("layout") && !path.endsWith("package-info.java");
                    boolean cites =
                            lines.stream().anyMatch(line -> line.matches("^///.*(data sheet|section|Flyby's own).*"));
                    return isLayout && !cites ? List.of("names no source") : List.of();
                }))
                .isEmpty();
    }

    private interface Reader {
        List<String> read(Path path, List<String> lines);
    }

    private interface LineRule {
        boolean complains(String line);
    }

    private static List<String> eachLine(LineRule rule) throws IOException {
        return complaints((_, lines) -> {
            List<String> found = new ArrayList<>();
            for (int i = 0; i < lines.size(); i++) {
                if (rule.complains(lines.get(i))) {
                    found.add("line " + (i + 1) + ": " + lines.get(i).strip());
                }
            }
            return found;
        });
    }

    private static List<String> complaints(Reader reader) throws IOException {
        Path root = Tree.root();
        List<String> complaints = new ArrayList<>();
        int seen = 0;
        try (Stream<Path> paths = Files.walk(root)) {
            for (Path path : (Iterable<Path>) paths.filter(TidyTest::isSource).sorted()::iterator) {
                seen++;
                for (String found : reader.read(path, Files.readAllLines(path))) {
                    complaints.add(root.relativize(path) + ": " + found);
                }
            }
        }
        assertThat(seen).as("a rule over nothing passes").isGreaterThan(100);
        return complaints;
    }

    private static boolean isSource(Path path) {
        String text = path.toString();
        return text.endsWith(".java") && text.contains("/src/") && !text.contains("/target/");
    }
}
