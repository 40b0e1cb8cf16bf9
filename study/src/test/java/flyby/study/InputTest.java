package flyby.study;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import flyby.base.LabException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// Files as input.
final class InputTest {
    @TempDir
    private Path folder = Path.of("");

    private static byte[] readAll(Input input, SplittableRandom random) {
        byte[] all = new byte[(int) input.length() + 5];
        int used = 0;
        try (ByteSource source = input.open()) {
            while (true) {
                int got = source.read(all, used, 1 + random.nextInt(all.length - used));
                if (got < 0) {
                    return Arrays.copyOf(all, used);
                }
                used += got;
            }
        }
    }

    @Test
    void everyOpeningReadsTheSameBytes() throws IOException {
        SplittableRandom random = new SplittableRandom(5);
        for (int size : new int[] {0, 1, 4095, 262_144, 262_145, 700_001}) {
            byte[] bytes = new byte[size];
            random.nextBytes(bytes);
            Path file = Files.write(folder.resolve("file"), bytes);
            Input input = Input.file(file, "file");
            assertThat(input.length()).isEqualTo(size);
            assertThat(readAll(input, random)).isEqualTo(bytes);
            assertThat(readAll(input, random)).isEqualTo(bytes);
        }
    }

    @Test
    void aFileThatShrinksIsRefusedAndOneThatGrowsIsCut() throws IOException {
        Path file = Files.write(folder.resolve("file"), new byte[1000]);
        Input input = Input.file(file, "file");
        Files.write(file, new byte[2000]);
        assertThat(readAll(input, new SplittableRandom(6))).hasSize(1000);
        Files.write(file, new byte[10]);
        assertThatThrownBy(() -> readAll(input, new SplittableRandom(7)))
                .isInstanceOf(LabException.class)
                .hasMessage("file: the file became shorter while it was read: 1000 bytes before, 10 now");
        Files.delete(file);
        assertThatThrownBy(input::open).hasMessage("file: there is no such file or folder");
    }

    @Test
    void whatIsNoFileIsRefused() {
        assertThatThrownBy(() -> Input.file(folder, "it")).hasMessageStartingWith("it: this is a folder");
        assertThatThrownBy(() -> Input.file(folder.resolve("no"), "no")).isInstanceOf(LabException.class);
        assertThatThrownBy(() -> Input.file(Path.of("/dev/zero"), "zero")).hasMessageContaining("not a regular file");
    }
}
