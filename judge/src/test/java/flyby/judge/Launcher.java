package flyby.judge;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Assumptions;
import org.snakeyaml.engine.v2.api.Load;
import org.snakeyaml.engine.v2.api.LoadSettings;
import org.snakeyaml.engine.v2.schema.JsonSchema;

/// Runs programs as a user does, the launcher above all: what `mvn verify` has just packaged.
final class Launcher {
    /// Far beyond what anything here takes: it only keeps a hanging process from hanging the tests.
    private static final long LIMIT_MINUTES = 20;

    /// How a process ended.
    record Done(int status, String out, String err) {
        /// Fails the test unless the process ended with `expected`, whatever else there is to say.
        Done endsWith(int expected) {
            assertThat(status).as("exit status; %s", err).isEqualTo(expected);
            return this;
        }

        /// Fails the test unless this is a refusal: status 2, a message that has all of `parts`, nothing else.
        void refusesWith(String... parts) {
            endsWith(2);
            assertThat(out).isEmpty();
            assertThat(err).startsWith("flyby: ").contains(parts);
            assertThat(err.lines().toList()).allMatch(line -> line.startsWith("flyby: "));
        }

        Map<String, Object> json() {
            return Launcher.json(out);
        }
    }

    private final Path folder;

    /// @param folder where the processes run and what they print goes
    Launcher(Path folder) {
        this.folder = folder;
    }

    /// The launcher's path.
    static String path() {
        assertThat(Tree.root().resolve("cli/target/flyby/modules"))
                .as("the packaged program: run ./flyby test judge, which packages it first")
                .isDirectory();
        return Tree.root().resolve("flyby").toString();
    }

    /// Whether the long forms of the tests were asked for.
    static boolean isLong() {
        return Boolean.getBoolean("flyby.long");
    }

    /// Skips the calling test unless `tool` is on the PATH.
    static void need(String tool, String debianPackage) {
        boolean isThere = List.of(System.getenv("PATH").split(":", -1)).stream()
                .anyMatch(each -> Files.isExecutable(Path.of(each, tool)));
        Assumptions.assumeTrue(isThere, tool + " is missing: install Debian's package " + debianPackage);
    }

    /// Runs `./flyby` with these arguments.
    Done flyby(String... arguments) throws IOException, InterruptedException {
        return flybyWith("", arguments);
    }

    /// Runs `./flyby` with these arguments and options of Java.
    Done flybyWith(String javaOptions, String... arguments) throws IOException, InterruptedException {
        List<String> command = new ArrayList<>(List.of(path()));
        command.addAll(List.of(arguments));
        return run(Map.of("FLYBY_JAVA_OPTIONS", javaOptions), command);
    }

    /// Runs a shell script in which `"$FLYBY"` is the launcher.
    Done shell(String script) throws IOException, InterruptedException {
        return run(Map.of("FLYBY", path()), List.of("bash", "-c", script));
    }

    /// Runs any command to its end.
    Done run(Map<String, String> environment, List<String> command) throws IOException, InterruptedException {
        Path out = Files.createTempFile("flyby-judge", ".out");
        Path err = Files.createTempFile("flyby-judge", ".err");
        try {
            ProcessBuilder builder = new ProcessBuilder(command)
                    .directory(folder.toFile())
                    .redirectOutput(out.toFile())
                    .redirectError(err.toFile());
            builder.environment().keySet().removeIf(name -> name.startsWith("FLYBY"));
            builder.environment().put("FLYBY_NO_BUILD", "1");
            builder.environment().putAll(environment);
            Process process = builder.start();
            process.getOutputStream().close();
            if (!process.waitFor(LIMIT_MINUTES, TimeUnit.MINUTES)) {
                process.destroyForcibly();
                throw new AssertionError(command + " does not end");
            }
            Done done = new Done(process.exitValue(), read(out), read(err));
            assertThat(done.err)
                    .as("nobody is shown a stack trace")
                    .doesNotContain("\tat ", "Exception in thread", "internal fault");
            return done;
        } finally {
            Files.delete(out);
            Files.delete(err);
        }
    }

    private static String read(Path path) throws IOException {
        return Files.readString(path, StandardCharsets.UTF_8);
    }

    /// JSON as read by a parser that is not ours: YAML 1.2 with its JSON schema contains JSON.
    static Object parsed(String text) {
        LoadSettings settings = LoadSettings.builder()
                .setSchema(new JsonSchema())
                .setAllowDuplicateKeys(false)
                .setCodePointLimit(Integer.MAX_VALUE)
                .build();
        return new Load(settings).loadFromString(text);
    }

    @SuppressWarnings("unchecked")
    static Map<String, Object> json(String text) {
        return (Map<String, Object>) parsed(text);
    }

    /// The objects of the array `key`.
    @SuppressWarnings("unchecked")
    static List<Map<String, Object>> objects(Map<String, Object> document, String key) {
        return (List<Map<String, Object>>) document.getOrDefault(key, List.of());
    }

    /// The phases of a run or of a transfer, in picoseconds.
    @SuppressWarnings("unchecked")
    static Map<String, Number> phases(Map<String, Object> runOrTransfer) {
        return (Map<String, Number>) runOrTransfer.getOrDefault("phasesPs", Map.of());
    }

    static long number(Map<String, Object> object, String key) {
        return ((Number) object.getOrDefault(key, -1)).longValue();
    }
}
