package flyby.checked;

import static org.assertj.core.api.Assertions.assertThat;

import flyby.trial.HostileMachine;
import flyby.trial.HostileMachines;
import java.io.File;
import java.io.IOException;
import java.io.StringWriter;
import java.net.URL;
import java.net.URLClassLoader;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import javax.tools.JavaCompiler;
import javax.tools.StandardJavaFileManager;
import javax.tools.ToolProvider;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.platform.testkit.engine.EngineExecutionResults;

/// `examples/checked-driver` is what its page says: clean as it is, and caught without a sync.
final class ExampleTest {
    private static final Path EXAMPLE = Path.of("../examples/checked-driver");
    private static final String DRIVER = "UpcaseDriver.java";
    private static final String SYNC = "dma.syncSingleForCpu(dmaAddress, bytes.length, BIDIRECTIONAL);";
    private static final String LOAD = "kernel.cpu().loadBytes(";

    @TempDir
    private Path folder;

    /// Compiles a copy of the example, and runs its test.
    private EngineExecutionResults run() throws IOException, ClassNotFoundException {
        List<Path> sources = new ArrayList<>();
        try (Stream<Path> paths = Files.walk(folder)) {
            paths.filter(path -> path.toString().endsWith(".java")).forEach(sources::add);
        }
        Path classes = Files.createDirectory(folder.resolve("classes"));
        JavaCompiler compiler = ToolProvider.getSystemJavaCompiler();
        StringWriter said = new StringWriter();
        try (StandardJavaFileManager files = compiler.getStandardFileManager(null, null, null)) {
            List<String> options =
                    List.of("-Xlint:all,-this-escape", "-Werror", "-d", classes.toString(), "-cp", classPath());
            boolean isCompiled = compiler.getTask(
                            said, files, null, options, null, files.getJavaFileObjectsFromPaths(sources))
                    .call();
            assertThat(isCompiled).as(said.toString()).isTrue();
        }
        try (URLClassLoader loader =
                new URLClassLoader(new URL[] {classes.toUri().toURL()}, ExampleTest.class.getClassLoader())) {
            return Kit.run(loader.loadClass("upcase.UpcaseTest"));
        }
    }

    private static String classPath() {
        return String.join(
                File.pathSeparator,
                System.getProperty("java.class.path", ""),
                System.getProperty("jdk.module.path", ""));
    }

    private void copy() throws IOException {
        try (Stream<Path> paths = Files.walk(EXAMPLE.resolve("src"))) {
            for (Path path : (Iterable<Path>) paths.filter(Files::isRegularFile)::iterator) {
                Files.copy(path, folder.resolve(path.getFileName()));
            }
        }
        assertThat(folder.resolve(DRIVER)).exists();
    }

    @Test
    void theDriverIsClean() throws IOException, ClassNotFoundException {
        copy();
        EngineExecutionResults results = run();
        assertThat(Kit.failures(results)).isEmpty();
        assertThat(Kit.names(results))
                .isEqualTo(
                        HostileMachines.all().stream().map(HostileMachine::name).toList());
    }

    /// As the page has its readers do it.
    @Test
    void withoutItsSyncItIsCaughtWhereItLoads() throws IOException, ClassNotFoundException {
        copy();
        List<String> lines = new ArrayList<>(Files.readAllLines(folder.resolve(DRIVER)));
        int at = lines.stream().map(String::strip).toList().lastIndexOf(SYNC);
        assertThat(lines.get(at + 1)).contains(LOAD);
        lines.remove(at);
        Files.write(folder.resolve(DRIVER), lines);

        EngineExecutionResults results = run();
        assertThat(Kit.names(results)).hasSize(HostileMachines.all().size());
        assertThat(Kit.failures(results)).isNotEmpty().allSatisfy(failure -> {
            assertThat(failure.getMessage()).contains("R41").contains("UpcaseDriver.convert");
            assertThat(failure.getStackTrace()[0].getLineNumber()).isEqualTo(at + 1);
        });
    }
}
