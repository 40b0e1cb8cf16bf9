package flyby.study;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Path;

/// The bytes that a scenario moves: named, of a known length, opened as often as there are runs.
///
/// Nothing is held in memory: gigabytes are read piece by piece.
public interface Input {
    /// As the user gave it, or as the scenario ships it.
    String name();

    /// How many bytes there are.
    long length();

    /// Reads from the first byte on. The caller closes it.
    ///
    /// @throws flyby.base.LabException of kind BAD_FILE if it cannot be opened
    ByteSource open();

    /// The regular file at `path`, called `name`. A file that is longer by the time it is read is read up to the
    /// length it has now; one that is shorter then is refused.
    ///
    /// @throws flyby.base.LabException of kind BAD_FILE if there is no such file or it cannot be read
    static Input file(Path path, String name) {
        return FileInput.of(path, name);
    }

    /// What `opener` gives each time it is asked.
    ///
    /// @throws flyby.base.LabException of kind BAD_FILE if it cannot be read
    static Input stream(String name, StreamOpener opener) {
        return StreamInput.of(name, opener);
    }

    /// `bytes`, which nobody changes any more.
    static Input bytes(String name, byte[] bytes) {
        return StreamInput.of(name, () -> new ByteArrayInputStream(bytes));
    }

    /// No input: 0 bytes.
    static Input none() {
        return bytes("none", new byte[0]);
    }

    /// Opens the same bytes each time.
    @FunctionalInterface
    interface StreamOpener {
        InputStream open() throws IOException;
    }
}
