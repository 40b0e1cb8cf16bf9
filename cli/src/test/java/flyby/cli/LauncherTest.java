package flyby.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.api.io.TempDir;

/// The launcher in a tree of its own, with JDKs and a Maven that only say how they were called.
@EnabledOnOs({OS.LINUX, OS.MAC})
final class LauncherTest {
    private record Done(int status, String out, String err) {}

    @TempDir
    private Path folder = Path.of("");

    private Path tree = Path.of("");
    private Path tools = Path.of("");

    @BeforeEach
    void makeTree() throws IOException, InterruptedException {
        tree = Files.createDirectories(folder.resolve("a tree with spaces"));
        tools = Files.createDirectories(folder.resolve("tools"));
        Files.copy(Path.of("../flyby"), tree.resolve("flyby"), StandardCopyOption.COPY_ATTRIBUTES);
        Files.createDirectories(tree.resolve("cli/src/main"));
        Files.writeString(tree.resolve("pom.xml"), "<project/>");
        maven("3.8.7");
    }

    private static void script(Path path, String text) throws IOException {
        Files.createDirectories(path.toAbsolutePath().getParent());
        Files.writeString(path, "#!/bin/sh\n" + text);
        Files.setPosixFilePermissions(path, PosixFilePermissions.fromString("rwxr-xr-x"));
    }

    private void maven(String version) throws IOException {
        script(tools.resolve("mvn"), """
                if [ "$1" = --version ]; then echo "Apache Maven %s"; exit 0; fi
                echo build >>"%s/builds"
                sleep 0.5
                mkdir -p cli/target/flyby/modules
                """.formatted(version, folder));
    }

    private Path jdk(String name, String version) throws IOException {
        Path home = folder.resolve(name);
        script(home.resolve("bin/javac"), "");
        script(home.resolve("bin/java"), "for last; do :; done; echo \"" + name + ": $last\"\n");
        Files.writeString(home.resolve("release"), "IMPLEMENTOR=\"x\"\nJAVA_VERSION=\"" + version + "\"\n");
        return home;
    }

    private ProcessBuilder builder(Map<String, String> environment, Path from, String... command) {
        ProcessBuilder builder = new ProcessBuilder(command).directory(from.toFile());
        builder.environment().keySet().removeIf(name -> name.startsWith("FLYBY_") || name.equals("JAVA_HOME"));
        builder.environment().put("PATH", tools + ":/usr/bin:/bin");
        builder.environment().put("HOME", folder.toString());
        builder.environment().putAll(environment);
        return builder;
    }

    private Done run(Map<String, String> environment, Path from, String... command)
            throws IOException, InterruptedException {
        Path out = Files.createTempFile(folder, "out", "");
        Path err = Files.createTempFile(folder, "err", "");
        Process process = builder(environment, from, command)
                .redirectOutput(out.toFile())
                .redirectError(err.toFile())
                .start();
        assertThat(process.waitFor(60, TimeUnit.SECONDS)).isTrue();
        return new Done(process.exitValue(), Files.readString(out), Files.readString(err));
    }

    private long builds() throws IOException {
        Path file = folder.resolve("builds");
        return Files.exists(file) ? Files.readAllLines(file).size() : 0;
    }

    @Test
    void theFirstStartBuildsAndTheNextDoesNot() throws IOException, InterruptedException {
        Map<String, String> home = Map.of("JAVA_HOME", jdk("new", "25.0.3").toString());
        Done first = run(home, tree, "./flyby", "hello");
        assertThat(first)
                .isEqualTo(new Done(0, "new: hello\n", "flyby: building Flyby (first time, about a minute) ...\n"));
        assertThat(run(home, tree, "./flyby", "again")).isEqualTo(new Done(0, "new: again\n", ""));
        assertThat(builds()).isEqualTo(1);
        Thread.sleep(1_100);
        Files.writeString(tree.resolve("cli/src/main/New.java"), "");
        assertThat(run(home, tree, "./flyby", "x").err()).contains("building");
        assertThat(builds()).isEqualTo(2);
    }

    @Test
    void anOldJavaHomeIsPassedOver() throws IOException, InterruptedException {
        jdk(".jdks/good", "26-ea");
        Map<String, String> old = Map.of("JAVA_HOME", jdk("old", "17.0.15").toString());
        assertThat(run(old, tree, "./flyby", "jdk").out()).doesNotContain("/old");
        assertThat(run(old, tree, "./flyby", "jdk").status()).isZero();
    }

    @Test
    void anOldJdkThatWasAskedForIsRefused() throws IOException, InterruptedException {
        Map<String, String> old =
                Map.of("FLYBY_JAVA_HOME", jdk("old", "1.8.0_400").toString());
        Done done = run(old, tree, "./flyby", "list");
        assertThat(done.status()).isEqualTo(2);
        assertThat(done.err()).contains("no JDK 25 or newer (it is 1.8.0_400)").hasLineCount(1);
    }

    @Test
    void anOldMavenIsRefusedInOneLine() throws IOException, InterruptedException {
        maven("3.6.3");
        Done done = run(Map.of("JAVA_HOME", jdk("new", "25").toString()), tree, "./flyby", "list");
        assertThat(done).isEqualTo(new Done(2, "", "flyby: Maven 3.6.3 is too old: install maven 3.8.7 or newer\n"));
    }

    @Test
    void aLinkFromAnotherFolderWorks() throws IOException, InterruptedException {
        Map<String, String> home = Map.of("JAVA_HOME", jdk("new", "25").toString());
        Files.createSymbolicLink(folder.resolve("fly"), Path.of("a tree with spaces/flyby"));
        assertThat(run(home, Path.of("/"), folder.resolve("fly").toString(), "two words")
                        .out())
                .isEqualTo("new: two words\n");
    }

    @Test
    void twoAtOnceBuildOnce() throws IOException, InterruptedException {
        Map<String, String> home = Map.of("JAVA_HOME", jdk("new", "25").toString());
        List<Process> processes = new ArrayList<>();
        for (int i = 0; i < 4; i++) {
            processes.add(builder(home, tree, "./flyby", "x")
                    .redirectErrorStream(true)
                    .redirectOutput(folder.resolve("log" + i).toFile())
                    .start());
        }
        for (Process process : processes) {
            assertThat(process.waitFor(60, TimeUnit.SECONDS)).isTrue();
            assertThat(process.exitValue()).isZero();
        }
        assertThat(builds()).isEqualTo(1);
    }

    @Test
    void aLockWhoseOwnerIsGoneIsBroken() throws IOException, InterruptedException {
        Path lock = Files.createDirectories(tree.resolve("target/flyby-lock"));
        Files.write(lock.resolve("pid"), "99999999\n".getBytes(StandardCharsets.UTF_8));
        Done done = run(Map.of("JAVA_HOME", jdk("new", "25").toString()), tree, "./flyby", "x");
        assertThat(done.status()).isZero();
        assertThat(lock).doesNotExist();
    }
}
