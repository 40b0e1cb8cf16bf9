package flyby.guest;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.List;
import java.util.stream.Stream;

/// What a guest leaves on the host while it runs: sockets, the files that go in, the bytes that come out.
final class GuestFolder implements AutoCloseable {
    private final Path folder;

    GuestFolder() {
        try {
            folder = Files.createTempDirectory("flyby-guest");
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    Path path() {
        return folder;
    }

    Path file(String name) {
        return folder.resolve(name);
    }

    Path write(String name, byte[] bytes) {
        try {
            return Files.write(file(name), bytes);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /// A file's text so far, empty if there is none; bytes that are no UTF-8 are replaced.
    String text(String name) {
        try {
            Path file = file(name);
            return Files.exists(file) ? new String(Files.readAllBytes(file), StandardCharsets.UTF_8) : "";
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /// The last line of a file that has `part` and says something; empty if there is none.
    String lastLine(String name, String part) {
        return text(name)
                .lines()
                .map(String::strip)
                .filter(line -> !line.isEmpty() && line.contains(part))
                .reduce("", (_, line) -> line);
    }

    @Override
    public void close() {
        try (Stream<Path> paths = Files.walk(folder)) {
            List<Path> deepestFirst = paths.sorted(Comparator.reverseOrder()).toList();
            for (Path path : deepestFirst) {
                Files.deleteIfExists(path);
            }
        } catch (IOException | UncheckedIOException _) {
            // Left to whoever cleans the folder of temporary files.
        }
    }
}
