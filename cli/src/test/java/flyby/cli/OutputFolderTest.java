package flyby.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import flyby.base.LabException;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// Whole, or not at all.
final class OutputFolderTest {
    @TempDir
    private Path folder = Path.of("");

    private final ByteArrayOutputStream lastWord = new ByteArrayOutputStream();
    private final Farewell farewell = new Farewell(new PrintStream(lastWord, true, StandardCharsets.UTF_8));

    /// The command's own thread may still be running when the process is being ended: it is not heard any more.
    @Test
    void anInterruptionRemovesWhatIsUnfinishedAndSilencesTheRest() throws IOException {
        OutputFolder out = OutputFolder.open(folder.resolve("x"), "x", farewell);
        OutputStream half = out.create("a.txt");
        PrintStream voice = farewell.voice();
        voice.println("before");

        farewell.interrupted();

        voice.println("after");
        assertThatThrownBy(() -> {
                    half.write(new byte[100_000]);
                    half.flush();
                })
                .isInstanceOf(IOException.class);
        assertThat(count()).isZero();
        assertThat(lastWord.toString(StandardCharsets.UTF_8))
                .isEqualTo("before\nflyby: interrupted; nothing half-written is left\n");
    }

    @Test
    void aCommandThatIsOverIsNotInterrupted() throws IOException {
        try (OutputFolder out = OutputFolder.open(folder, "here", farewell)) {
            write(out, "a.txt", "1");
            out.commit();
        }
        farewell.commandEnded();
        farewell.interrupted();
        assertThat(count()).isOne();
        assertThat(lastWord.size()).isZero();
    }

    private static void write(OutputFolder into, String name, String text) throws IOException {
        try (OutputStream stream = into.create(name)) {
            stream.write(text.getBytes(StandardCharsets.UTF_8));
        }
    }

    private long count() throws IOException {
        try (Stream<Path> files = Files.walk(folder)) {
            return files.count() - 1;
        }
    }

    @Test
    void nothingAppearsBeforeTheCommit() throws IOException {
        try (OutputFolder out = OutputFolder.open(folder.resolve("x/y"), "y", farewell)) {
            write(out, "a.txt", "1");
            assertThat(folder.resolve("x/y/a.txt")).doesNotExist();
            assertThat(out.commit()).containsExactly("y/a.txt");
        }
        assertThat(folder.resolve("x/y/a.txt")).hasContent("1");
        assertThat(count()).isEqualTo(3);
    }

    @Test
    void withoutACommitNothingIsLeft() throws IOException {
        try (OutputFolder out = OutputFolder.open(folder.resolve("x/y"), "y", farewell)) {
            write(out, "a.txt", "1");
        }
        assertThat(count()).isZero();
    }

    @Test
    void anOldFileIsReplacedOnlyByAWholeOne() throws IOException {
        Path old = Files.writeString(folder.resolve("a.txt"), "old");
        try (OutputFolder out = OutputFolder.open(folder, "here", farewell)) {
            write(out, "a.txt", "new");
        }
        assertThat(old).hasContent("old");
        try (OutputFolder out = OutputFolder.open(folder, "here", farewell)) {
            write(out, "a.txt", "new");
            out.commit();
        }
        assertThat(old).hasContent("new");
        assertThat(count()).isEqualTo(1);
    }

    @Test
    void equalNamesDoNotCollide() throws IOException {
        try (OutputFolder out = OutputFolder.open(folder, "here", farewell)) {
            write(out, "a.txt", "1");
            write(out, "a.txt", "2");
            write(out, "../a/b.txt", "3");
            assertThat(out.commit()).containsExactly("here/a.txt", "here/a-2.txt", "here/.._a_b.txt");
        }
        assertThat(folder.resolve("a-2.txt")).hasContent("2");
    }

    @Test
    void aFullDiskIsNamedAndNothingIsLeft() throws IOException {
        OutputFolder.Opener full = path -> {
            Files.createFile(path);
            return new OutputStream() {
                @Override
                public void write(int value) throws IOException {
                    throw new IOException("No space left on device");
                }
            };
        };
        assertThatThrownBy(() -> {
                    try (OutputFolder out = OutputFolder.open(folder.resolve("x"), "x", full, farewell)) {
                        write(out, "a.txt", "1");
                    }
                })
                .isInstanceOf(IOException.class)
                .hasMessage("x/a.txt: no space left on device");
        assertThat(count()).isZero();
    }

    @Test
    void aFolderInTheWayIsRefused() throws IOException {
        Files.createDirectory(folder.resolve("a.txt"));
        assertThatThrownBy(() -> {
                    try (OutputFolder out = OutputFolder.open(folder, "here", farewell)) {
                        write(out, "a.txt", "1");
                        out.commit();
                    }
                })
                .isInstanceOf(LabException.class)
                .hasMessage("here/a.txt: this is a folder, and a file is to be written");
        assertThat(count()).isEqualTo(1);
    }
}
