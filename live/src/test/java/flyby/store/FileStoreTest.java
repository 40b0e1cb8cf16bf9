package flyby.store;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import flyby.base.LabException;
import flyby.nvme.BlockStore.Outcome;
import flyby.sim.Prng;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// A medium in a file, against an array.
final class FileStoreTest {
    private static final int BYTES = 1 << 20;

    @TempDir
    private Path folder;

    private Path file(long byteCount) throws IOException {
        Path file = folder.resolve("drive");
        Files.write(file, new byte[(int) byteCount]);
        return file;
    }

    @Test
    void keepsWhatAnArrayKeeps() throws IOException {
        Path file = file(BYTES);
        byte[] oracle = new byte[BYTES];
        byte[] bytes = new byte[70_000];
        Prng random = new Prng(1);
        try (FileStore store = FileStore.open(file)) {
            assertThat(store.byteCount()).isEqualTo(BYTES);
            for (int i = 0; i < 2_000; i++) {
                int count = 1 + (int) random.below(bytes.length - 8);
                int offset = (int) random.below(BYTES - count + 1);
                int at = (int) random.below(8);
                switch ((int) random.below(4)) {
                    case 0 -> {
                        assertThat(store.zero(offset, count)).isEqualTo(Outcome.DONE);
                        Arrays.fill(oracle, offset, offset + count, (byte) 0);
                    }
                    case 1 -> {
                        assertThat(store.read(offset, bytes, at, count)).isEqualTo(Outcome.DONE);
                        assertThat(Arrays.equals(oracle, offset, offset + count, bytes, at, at + count))
                                .isTrue();
                    }
                    default -> {
                        Arrays.fill(bytes, (byte) random.nextLong());
                        bytes[at] = (byte) i;
                        assertThat(store.write(offset, bytes, at, count)).isEqualTo(Outcome.DONE);
                        System.arraycopy(bytes, at, oracle, offset, count);
                    }
                }
            }
            assertThat(store.flush()).isEqualTo(Outcome.DONE);
        }
        assertThat(Files.readAllBytes(file)).isEqualTo(oracle);
    }

    /// A discard of much more than could be written gives the room back, where the file system can.
    @Test
    void makesHoles() throws IOException {
        Path file = file(4_096);
        long byteCount = 1L << 40;
        try (var channel = Files.newByteChannel(file, java.nio.file.StandardOpenOption.WRITE)) {
            channel.position(byteCount - 1);
            channel.write(java.nio.ByteBuffer.wrap(new byte[] {1}));
        }
        byte[] last = new byte[1];
        try (FileStore store = FileStore.open(file)) {
            assertThat(store.zero(0, byteCount)).isEqualTo(Outcome.DONE);
            assertThat(store.read(byteCount - 1, last, 0, 1)).isEqualTo(Outcome.DONE);
        }
        assertThat(last[0]).isZero();
        assertThat(Files.size(file)).isEqualTo(byteCount);
    }

    @Test
    void aFileThatBecomesShorterIsAMediumError() throws IOException {
        Path file = file(8_192);
        try (FileStore store = FileStore.open(file)) {
            Files.write(file, new byte[4_096]);
            assertThat(store.read(4_096, new byte[512], 0, 512)).isEqualTo(Outcome.MEDIUM_ERROR);
            assertThat(store.read(0, new byte[512], 0, 512)).isEqualTo(Outcome.DONE);
        }
    }

    @Test
    void refusesWhatIsNoMedium() throws IOException {
        assertThatThrownBy(() -> FileStore.open(folder.resolve("nowhere")))
                .isInstanceOf(LabException.class)
                .hasMessageContaining("nowhere: found no such file");
        assertThatThrownBy(() -> FileStore.open(folder)).hasMessageContaining("found no plain file");
        Path small = Files.write(folder.resolve("small"), new byte[100]);
        assertThatThrownBy(() -> FileStore.open(small)).hasMessageContaining("found 100 bytes, expected at least 4096");
        Path file = file(4_096);
        try (FileStore _ = FileStore.open(file)) {
            assertThatThrownBy(() -> FileStore.open(file)).hasMessageContaining("in use");
        }
        FileStore.open(file).close();
    }
}
