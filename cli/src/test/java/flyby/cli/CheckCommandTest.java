package flyby.cli;

import static org.assertj.core.api.Assertions.assertThat;

import flyby.experiment.Experiments;
import flyby.study.ScenarioLibrary;
import flyby.validate.Validation;
import java.io.ByteArrayOutputStream;
import java.io.File;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.spi.ToolProvider;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// `check`, of shipped drivers and of a user's own.
final class CheckCommandTest {
    /// A driver that fails, and one that does nothing.
    @SuppressWarnings("InlineFormatString") // It is long.
    private static final String SOURCE = """
            package mine;

            public final class %s implements flyby.trial.Subject {
                @Override
                public String name() {
                    return "mine";
                }

                @Override
                public java.util.List<flyby.topology.Card> cards(flyby.trial.Scene scene) {
                    return java.util.List.of();
                }

                @Override
                public void run(flyby.trial.Bench bench) {
                    %s
                }
            }
            """;

    @TempDir
    private Path folder = Path.of("");

    private final ByteArrayOutputStream out = new ByteArrayOutputStream();
    private final ByteArrayOutputStream err = new ByteArrayOutputStream();

    private int run(String... args) {
        out.reset();
        err.reset();
        Terminal terminal = new Terminal(
                new PrintStream(out, true, StandardCharsets.UTF_8),
                new PrintStream(err, true, StandardCharsets.UTF_8),
                false,
                false);
        return new Application(
                        ScenarioLibrary.shipped(Experiments.shipped()),
                        new Validation(List.of()),
                        "1.2.3",
                        folder,
                        terminal,
                        new Farewell(terminal.err()))
                .run(args);
    }

    private String out() {
        return out.toString(StandardCharsets.UTF_8);
    }

    private String err() {
        return err.toString(StandardCharsets.UTF_8);
    }

    private void compile(String name, String body) throws IOException {
        Path source = Files.writeString(folder.resolve(name + ".java"), SOURCE.formatted(name, body));
        String modules = System.getProperty("jdk.module.path");
        int status = ToolProvider.findFirst("javac")
                .orElseThrow()
                .run(
                        System.out,
                        System.err,
                        "--module-path",
                        modules,
                        "--add-modules",
                        "flyby.prove",
                        "-d",
                        folder.toString(),
                        source.toString());
        assertThat(status).isZero();
    }

    @Test
    void aDriverThatIsRightIsClean() {
        assertThat(run("check", "copy", "--machine", "coherent,bounce", "--seeds", "2"))
                .isZero();
        assertThat(out().lines().limit(2)).allMatch(line -> line.endsWith("clean"));
        assertThat(err()).isEmpty();
    }

    @Test
    void aUsersDriverThatFailsIsToldOf() throws IOException {
        compile("Wrong", "throw new IllegalStateException(\"so\");");
        Path sarif = folder.resolve("out.sarif");
        String[] check = {
            "check",
            "mine.Wrong",
            "--class-path",
            folder + File.pathSeparator + folder,
            "--machine",
            "non-coherent",
            "--seeds",
            "2",
            "--sarif",
            sarif.toString()
        };
        assertThat(run(check)).isEqualTo(1);
        assertThat(out()).contains("1 finding", "P5", "IllegalStateException", "Wrong.java", "again: ./flyby check");
        assertThat(Files.readString(sarif)).contains("\"version\": \"2.1.0\"");
    }

    @Test
    void aReportRepeatsItself() throws IOException {
        compile("Wrong", "throw new IllegalStateException(\"so\");");
        String path = folder.toString();
        assertThat(run("check", "mine.Wrong", "--class-path", path, "--machine", "timing", "--schedule", "plain"))
                .isEqualTo(1);
        assertThat(run("check", "mine.Wrong", "--class-path", path, "--machine", "timing", "--seeds", "1", "--json"))
                .isEqualTo(1);
        assertThat(out()).startsWith("{").contains("\"ok\": false", "\"machine\": \"timing\"", "--schedule plain");
    }

    @Test
    void aUsersDriverThatIsRightIsClean() throws IOException {
        compile("Right", "bench.kernel().sleep(1_000);");
        assertThat(run("check", "mine.Right", "--class-path", folder.toString(), "--seeds", "1"))
                .isZero();
    }

    @Test
    void whatCannotBeUsedIsRefused() throws IOException {
        refused("did you mean nvme", "check", "nvmee");
        refused("did you mean bounce", "check", "copy", "--machine", "bonuce");
        refused("1 or more", "check", "copy", "--seeds", "0");
        refused("random:SEED", "check", "copy", "--schedule", "random");
        refused("jars and folders", "check", "a.B", "--class-path", "nowhere.jar");
        refused("cannot be loaded", "check", "a.B", "--class-path", folder.toString());
        refused("implements flyby.trial.Subject", "check", "java.lang.String", "--class-path", folder.toString());
        compile("Bad", "} private Bad() {");
        refused("public constructor", "check", "mine.Bad", "--class-path", folder.toString());
    }

    private void refused(String expected, String... args) {
        assertThat(run(args)).as(expected).isEqualTo(2);
        assertThat(err()).contains(expected);
        assertThat(out()).isEmpty();
    }

    @Test
    void theListHasDriversAndMachines() {
        assertThat(run("list", "drivers")).isZero();
        assertThat(out()).contains("isa-8237", "nvme", "weak-order", "big-endian");
    }
}
