package flyby.judge;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/// `docs/dma-api.md` has a row for each of the 86 rules, and the tests that it names are there.
final class DmaRulesTest {
    private static final int RULES = 86;
    private static final Pattern ROW = Pattern.compile("\\| R(\\d+) \\| [^|]+ \\| ([^|]+) \\|");
    private static final Pattern NAME = Pattern.compile("`(\\w+)`");
    private static final Pattern OTHERS = Pattern.compile("`(\\w+Test)\\.(\\w+)`");
    private static final Pattern TEST = Pattern.compile("@Test\\s+(?:public )?void (\\w+)\\(");

    @Test
    void eachRuleHasARowAndEachNamedTestExists() throws IOException {
        List<String> tests = tests();
        List<Integer> rules = new ArrayList<>();
        List<String> missing = new ArrayList<>();
        List<String> named = new ArrayList<>();
        for (String line : Files.readAllLines(Tree.root().resolve("docs/dma-api.md"))) {
            Matcher row = ROW.matcher(line);
            if (!row.matches()) {
                continue;
            }
            rules.add(Integer.parseInt(row.group(1)));
            if (!row.group(2).startsWith("`r") && !row.group(2).startsWith("`maintenance")) {
                continue;
            }
            Matcher name = NAME.matcher(row.group(2));
            while (name.find()) {
                named.add(name.group(1));
                if (!tests.contains(name.group(1))) {
                    missing.add(line);
                }
            }
        }
        List<Integer> wanted = new ArrayList<>();
        for (int rule = 1; rule <= RULES; rule++) {
            wanted.add(rule);
        }
        assertThat(rules).isEqualTo(wanted);
        assertThat(missing).isEmpty();
        assertThat(named).hasSizeGreaterThan(70);
        assertThat(tests.stream().filter(test -> test.matches("r\\d+[A-Z].*")))
                .as("tests of rules that no row names")
                .isSubsetOf(named);
    }

    /// Rules that others hold name a test of theirs, with its class.
    @Test
    void eachTestOfOthersExists() throws IOException {
        Map<String, String> sources = new TreeMap<>();
        try (Stream<Path> paths = Files.walk(Tree.root())) {
            for (Path path :
                    (Iterable<Path>) paths.filter(each -> each.toString().endsWith("Test.java"))::iterator) {
                sources.put(path.getFileName().toString(), Files.readString(path));
            }
        }
        Matcher name = OTHERS.matcher(Files.readString(Tree.root().resolve("docs/dma-api.md")));
        int count = 0;
        while (name.find()) {
            count++;
            assertThat(sources.getOrDefault(name.group(1) + ".java", ""))
                    .as(name.group())
                    .contains("void " + name.group(2) + "(");
        }
        assertThat(count).isGreaterThan(6);
    }

    private static List<String> tests() throws IOException {
        List<String> names = new ArrayList<>();
        Path folder = Tree.root().resolve("driver/src/test/java/flyby/dma");
        try (Stream<Path> paths = Files.list(folder)) {
            for (Path path : (Iterable<Path>) paths.sorted()::iterator) {
                Matcher test = TEST.matcher(Files.readString(path));
                while (test.find()) {
                    names.add(test.group(1));
                }
            }
        }
        return names;
    }
}
