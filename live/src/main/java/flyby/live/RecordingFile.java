package flyby.live;

import flyby.base.LabException;
import flyby.record.RecordingSink;
import java.io.IOException;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;

/// A recording in a file. It is written as it is made, so that a server that is killed leaves what it had got to.
final class RecordingFile implements RecordingSink, AutoCloseable {
    private final OutputStream stream;

    private RecordingFile(OutputStream stream) {
        this.stream = stream;
    }

    static RecordingFile create(Path path) {
        try {
            return new RecordingFile(Files.newOutputStream(path));
        } catch (IOException e) {
            throw new LabException(
                    LabException.Kind.BAD_FILE,
                    "--record",
                    path + " (" + e.getMessage() + ")",
                    "a file that can be written");
        }
    }

    @Override
    public void write(byte[] bytes, int offset, int byteCount) {
        try {
            stream.write(bytes, offset, byteCount);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    @Override
    public void close() {
        try {
            stream.close();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
