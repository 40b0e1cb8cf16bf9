package flyby.study;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import org.jspecify.annotations.Nullable;

/// A file as input.
record FileInput(Path path, String name, long length) implements Input {
    private static final int CHUNK_BYTES = 256 * 1024;

    static FileInput of(Path path, String name) {
        if (Files.isDirectory(path)) {
            throw FileProblem.of(name, "this is a folder, and a file is needed");
        }
        if (Files.exists(path) && !Files.isRegularFile(path)) {
            throw FileProblem.of(
                    name, "not a regular file: each run reads it from the start, so save it to a file first");
        }
        try (FileChannel channel = FileChannel.open(path, StandardOpenOption.READ)) {
            return new FileInput(path, name, channel.size());
        } catch (IOException e) {
            throw FileProblem.of(name, e);
        }
    }

    @Override
    public ByteSource open() {
        try {
            return new Source(this, FileChannel.open(path, StandardOpenOption.READ));
        } catch (IOException e) {
            throw FileProblem.of(name, e);
        }
    }

    /// Reads in large pieces, however small those are that are asked for.
    private static final class Source implements ByteSource {
        private final FileInput input;
        private final FileChannel channel;
        private final ByteBuffer chunk = ByteBuffer.allocate(CHUNK_BYTES).limit(0);
        private long left;

        Source(FileInput input, FileChannel channel) {
            this.input = input;
            this.channel = channel;
            this.left = input.length();
        }

        @Override
        public int read(byte[] into, int offset, int count) {
            if (count == 0) {
                return 0;
            }
            if (left == 0) {
                return -1;
            }
            if (!chunk.hasRemaining()) {
                fill();
            }
            int taken = Math.min(count, chunk.remaining());
            chunk.get(into, offset, taken);
            left -= taken;
            return taken;
        }

        private void fill() {
            chunk.clear().limit((int) Math.min(CHUNK_BYTES, left));
            @Nullable IOException problem = null;
            int got = -1;
            try {
                got = channel.read(chunk);
            } catch (IOException e) {
                problem = e;
            }
            chunk.flip();
            if (problem != null) {
                throw FileProblem.of(input.name(), problem);
            }
            if (got <= 0) {
                long there = input.length() - left;
                String reason = "the file became shorter while it was read: " + input.length() + " bytes before, "
                        + there + " now";
                throw FileProblem.of(input.name(), reason);
            }
        }

        @Override
        public void close() {
            try {
                channel.close();
            } catch (IOException e) {
                throw FileProblem.of(input.name(), e);
            }
        }
    }
}
