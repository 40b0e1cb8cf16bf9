package flyby.check.report;

import static org.assertj.core.api.Assertions.assertThat;

import flyby.check.CallSite;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

final class SourceTreeTest {
    @TempDir
    private Path folder;

    @Test
    void filesBelowSourceFoldersAreFound() {
        SourceTree tree = Sample.tree(folder);

        assertThat(tree.path(Sample.line(5))).isEqualTo("zoo/src/main/java/toy/ToyDriver.java");
        assertThat(tree.of(Sample.line(5)).orElseThrow().line(5)).contains("mapSingle");
        assertThat(tree.of(Sample.line(5)).orElseThrow().line(99)).isEmpty();
    }

    @Test
    void whatIsNotThereIsNotFound() {
        SourceTree tree = new SourceTree(folder.resolve("nowhere"));

        assertThat(tree.of(Sample.line(5))).isEmpty();
        assertThat(tree.path(Sample.line(5))).isEqualTo("toy/ToyDriver.java");
        assertThat(tree.of(CallSite.NONE)).isEmpty();
    }

    @Test
    void nothingOutsideTheTreeIsRead() {
        SourceTree tree = Sample.tree(folder.resolve("inner"));
        Sample.tree(folder);

        assertThat(tree.of(new CallSite("A", "b", "../../../../../zoo/src/main/java/toy/ToyDriver.java", 1)))
                .isEmpty();
    }
}
