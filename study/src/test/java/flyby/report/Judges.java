package flyby.report;

import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.assertj.core.api.Assertions;

/// Runs tools that are not ours. A test whose tool is missing is skipped, and says which one it wanted.
final class Judges {
    private static final long LIMIT_SECONDS = 120;

    private Judges() {}

    /// Skips the calling test unless `tool` is on the PATH.
    static void need(String tool, String debianPackage) {
        boolean isThere = Arrays.stream(System.getenv("PATH").split(":", -1))
                .anyMatch(folder -> Files.isExecutable(Path.of(folder, tool)));
        assumeTrue(isThere, tool + " is missing: install Debian's package " + debianPackage);
    }

    /// What `command` prints on standard output; fails the test unless it exits with 0.
    static String output(Path folder, List<String> command) throws IOException, InterruptedException {
        Path out = folder.resolve("judge.out");
        Path err = folder.resolve("judge.err");
        Process process = new ProcessBuilder(command)
                .redirectOutput(out.toFile())
                .redirectError(err.toFile())
                .start();
        boolean hasEnded = process.waitFor(LIMIT_SECONDS, TimeUnit.SECONDS);
        if (!hasEnded) {
            process.destroyForcibly().waitFor();
        }
        String errors = Files.readString(err, StandardCharsets.UTF_8);
        Assertions.assertThat(hasEnded).as("%s ends; %s", command, errors).isTrue();
        Assertions.assertThat(process.exitValue()).as("%s: %s", command, errors).isZero();
        return Files.readString(out, StandardCharsets.UTF_8);
    }

    /// What the last command wrote on standard error.
    static String errors(Path folder) throws IOException {
        return Files.readString(folder.resolve("judge.err"), StandardCharsets.UTF_8);
    }
}
