package flyby.cli;

import static org.assertj.core.api.Assertions.assertThat;

import flyby.params.Catalogue;
import flyby.params.Profile;
import flyby.params.Settings;
import flyby.study.Experiment;
import flyby.study.Registry;
import flyby.study.RunContext;
import flyby.study.RunResult;
import flyby.study.ScenarioLibrary;
import flyby.validate.Validation;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// Every exit status, and what stands on standard output and standard error then.
final class ApplicationTest {
    /// Moves nothing; is good, bad or broken as its parameter says.
    private static final class Toy implements Experiment {
        @Override
        public String kind() {
            return "toy";
        }

        @Override
        public String title() {
            return "a toy";
        }

        @Override
        public Catalogue parameters() {
            return Catalogue.titled("toy")
                    .choice("result", "good", List.of("good", "bad", "bug"), "What comes out.")
                    .build();
        }

        @Override
        public List<Profile> profiles() {
            return List.of();
        }

        @Override
        public List<String> runNames(Settings settings) {
            return List.of("only");
        }

        @Override
        public RunResult run(String runName, RunContext context) {
            String wanted = context.settings().choice("result");
            if (wanted.equals("bug")) {
                throw new IllegalStateException("broken inside");
            }
            return new RunResult(
                    runName,
                    context.input().length(),
                    5,
                    "0".repeat(64),
                    wanted.equals("good"),
                    "0123456789abcdef",
                    Map.of("all", 5L),
                    List.of(),
                    List.of(),
                    List.of());
        }
    }

    private static final Map<String, String> SHELF =
            Map.of("scenarios/index.txt", "demo\n", "scenarios/demo.yaml", "title: A toy\nkind: toy\n");

    @TempDir
    private Path folder = Path.of("");

    private final ByteArrayOutputStream out = new ByteArrayOutputStream();
    private final ByteArrayOutputStream err = new ByteArrayOutputStream();

    private int run(String... args) {
        ScenarioLibrary library = new ScenarioLibrary(new Registry(List.of(new Toy())), path -> {
            String text = SHELF.get(path);
            return text == null ? null : new ByteArrayInputStream(text.getBytes(StandardCharsets.UTF_8));
        });
        Terminal terminal = new Terminal(
                new PrintStream(out, true, StandardCharsets.UTF_8),
                new PrintStream(err, true, StandardCharsets.UTF_8),
                false,
                false);
        return new Application(
                        library, new Validation(List.of()), "1.2.3", folder, terminal, new Farewell(terminal.err()))
                .run(args);
    }

    private String out() {
        return out.toString(StandardCharsets.UTF_8);
    }

    private String err() {
        return err.toString(StandardCharsets.UTF_8);
    }

    @Test
    void goodIsZeroAndPrintsTheTable() {
        assertThat(run("run", "demo")).isZero();
        assertThat(out()).contains("only");
        assertThat(err()).isEmpty();
    }

    @Test
    void jsonIsOneDocumentAndNothingElse() {
        assertThat(run("run", "demo", "--json")).isZero();
        assertThat(out()).startsWith("{").endsWith("}\n").contains("\"flyby\": \"1.2.3\"");
        assertThat(err()).isEmpty();
    }

    @Test
    void badIsOneAndSaysWhy() {
        assertThat(run("run", "demo", "--set", "result=bad", "--json")).isEqualTo(1);
        assertThat(out()).startsWith("{");
        assertThat(err()).isEqualTo("flyby: demo: not as expected: only\n");
    }

    @Test
    void wrongUseIsTwoAndLeavesStandardOutputEmpty() {
        assertThat(run()).isEqualTo(2);
        assertThat(run("runn", "demo")).isEqualTo(2);
        assertThat(run("run")).isEqualTo(2);
        assertThat(run("run", "nosuch")).isEqualTo(2);
        assertThat(run("run", "demo", "--nosuch")).isEqualTo(2);
        assertThat(run("run", "demo", "--set", "result")).isEqualTo(2);
        assertThat(run("run", "demo", "--set", "reslt=bad")).isEqualTo(2);
        assertThat(run("run", "demo", "--seed", "x")).isEqualTo(2);
        assertThat(run("run", "demo", "--input", "-")).isEqualTo(2);
        assertThat(run("run", "demo", "--input", folder.resolve("nosuch").toString()))
                .isEqualTo(2);
        assertThat(run("run", "demo", "--trace", "prefetto")).isEqualTo(2);
        assertThat(run("help", "nosuch")).isEqualTo(2);
        assertThat(out()).isEmpty();
        assertThat(err())
                .contains("did you mean result?", "did you mean perfetto?", "no such file")
                .doesNotContain("\tat ");
    }

    @Test
    void aBugIsThreeWithTheStackTraceInAFile() throws IOException {
        assertThat(run(
                        "run",
                        "demo",
                        "--set",
                        "result=bug",
                        "--out",
                        folder.resolve("out").toString()))
                .isEqualTo(3);
        assertThat(err())
                .startsWith("flyby: internal fault")
                .contains("broken inside")
                .doesNotContain("\tat ");
        try (Stream<Path> files = Files.list(folder)) {
            List<Path> left = files.toList();
            assertThat(left).hasSize(1);
            assertThat(left.getFirst().getFileName().toString()).matches("flyby-fault-[0-9a-f]{8}\\.txt");
            assertThat(Files.readString(left.getFirst())).contains("IllegalStateException", "\tat ");
        }
    }

    @Test
    void filesAppearInTheOutputFolder() throws IOException {
        Path made = folder.resolve("a").resolve("b");
        assertThat(run("run", "demo", "--out", made.toString(), "--trace", "all"))
                .isZero();
        try (Stream<Path> files = Files.list(made)) {
            assertThat(files.map(path -> path.getFileName().toString()).sorted())
                    .containsExactly("demo-only.vcd", "demo.html", "demo.json", "demo.pftrace");
        }
    }

    @Test
    void anOutputFolderThatIsAFileIsTwo() throws IOException {
        Path file = Files.writeString(folder.resolve("file"), "x");
        assertThat(run("run", "demo", "--out", file.toString())).isEqualTo(2);
        assertThat(run("run", "demo", "--out", file.resolve("in").toString())).isEqualTo(2);
        assertThat(err()).contains("this is a file, and a folder is needed");
        assertThat(file).hasContent("x");
    }

    @Test
    void listAndHelpAreWorthReading() {
        assertThat(run("list")).isZero();
        assertThat(run("list", "demo")).isZero();
        assertThat(run("--help")).isZero();
        assertThat(run("run", "--help")).isZero();
        assertThat(run("help", "run")).isZero();
        assertThat(run("version")).isZero();
        assertThat(run("completion")).isZero();
        assertThat(out()).contains("demo  A toy", "result = good", "Exit status:", "flyby 1.2.3 (Java 2");
        assertThat(err()).isEmpty();
    }
}
