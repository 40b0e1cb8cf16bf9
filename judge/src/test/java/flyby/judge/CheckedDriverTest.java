package flyby.judge;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// `examples/checked-driver`, copied to an empty folder and run by Maven as its page says.
final class CheckedDriverTest {
    private static final Path EXAMPLE = Tree.root().resolve("examples/checked-driver");
    private static final String VERSION = "0.1.0";
    private static final List<String> MODULES =
            List.of("base", "bus", "host", "device", "driver", "machine", "prove", "junit");
    private static final String SYNC = "dma.syncSingleForCpu(dmaAddress, bytes.length, BIDIRECTIONAL);";

    /// Times depend on the model, and the page does not.
    private static final String TIMES = " *[0-9.]+ [num]?s\\b";

    @TempDir
    private static Path repository;

    @TempDir
    private Path folder;

    /// What `./flyby install` does, without touching the user's own repository: that one is behind this.
    @BeforeAll
    static void install() throws IOException {
        Launcher.need("mvn", "maven");
        Path home = Path.of(System.getProperty("user.home"), ".m2/repository");
        Path own = Path.of(System.getProperty("localRepository", home.toString()));
        try (Stream<Path> groups = Files.list(own)) {
            for (Path group : (Iterable<Path>) groups::iterator) {
                if (!group.endsWith("flyby")) {
                    Files.createSymbolicLink(repository.resolve(group.getFileName()), group);
                }
            }
        }
        put(Tree.root().resolve("pom.xml"), "flyby", ".pom");
        for (String module : MODULES) {
            Path source = Tree.root().resolve(module);
            put(source.resolve("pom.xml"), "flyby-" + module, ".pom");
            put(source.resolve("target/flyby-" + module + "-" + VERSION + ".jar"), "flyby-" + module, ".jar");
        }
    }

    /// Links first: nothing behind them is to be deleted.
    @AfterAll
    static void unlink() throws IOException {
        try (Stream<Path> groups = Files.list(repository)) {
            for (Path group : (Iterable<Path>) groups.filter(Files::isSymbolicLink)::iterator) {
                Files.delete(group);
            }
        }
    }

    private static void put(Path file, String artifact, String ending) throws IOException {
        Path place = Files.createDirectories(repository.resolve("flyby/" + artifact + "/" + VERSION));
        Files.copy(file, place.resolve(artifact + "-" + VERSION + ending));
    }

    @BeforeEach
    void copy() throws IOException {
        try (Stream<Path> paths = Files.walk(EXAMPLE)) {
            for (Path path : (Iterable<Path>) paths::iterator) {
                Path to = folder.resolve(EXAMPLE.relativize(path).toString());
                if (Files.isDirectory(path)) {
                    Files.createDirectories(to);
                } else {
                    Files.copy(path, to);
                }
            }
        }
    }

    private Launcher.Done maven(String... arguments) throws IOException, InterruptedException {
        List<String> command =
                new ArrayList<>(List.of("mvn", "-B", "-o", "-Dstyle.color=never", "-Dmaven.repo.local=" + repository));
        command.addAll(List.of(arguments));
        command.add("test");
        return new Launcher(folder).run(Map.of("JAVA_HOME", System.getProperty("java.home")), command);
    }

    @Test
    void itIsGreenOnAllMachines() throws IOException, InterruptedException {
        Launcher.Done done = maven("-Dflyby.seeds=3");
        assertThat(done.status()).as(done.out()).isZero();
        assertThat(done.out()).contains("Tests run: 8, Failures: 0, Errors: 0, Skipped: 0");
    }

    @Test
    void withoutTheSyncThePageHasItsReport() throws IOException, InterruptedException {
        Path driver = folder.resolve("src/main/java/upcase/UpcaseDriver.java");
        List<String> lines = new ArrayList<>(Files.readAllLines(driver));
        lines.remove(lines.stream().map(String::strip).toList().lastIndexOf(SYNC));
        Files.write(driver, lines);

        Launcher.Done done = maven("-Dflyby.machine=non-coherent");
        assertThat(done.status()).as(done.out()).isEqualTo(1);
        String said = done.out().replaceAll(TIMES, " TIME");
        List<String> page = Files.readAllLines(folder.resolve("README.md"));
        int from = page.indexOf(
                "UpcaseTest#convertsText on non-coherent: run 1 of 20 breaks a rule, under schedule plain");
        assertThat(from).isPositive();
        List<String> report =
                page.subList(from, from + page.subList(from, page.size()).indexOf("```"));
        assertThat(report).hasSizeGreaterThan(20);
        assertThat(said).contains(String.join("\n", report).replaceAll(TIMES, " TIME"));
    }
}
