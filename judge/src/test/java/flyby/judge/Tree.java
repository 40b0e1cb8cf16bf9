package flyby.judge;

import java.nio.file.Files;
import java.nio.file.Path;

/// Where the project's files are.
final class Tree {
    private Tree() {}

    /// The folder that the launcher stands in.
    static Path root() {
        Path folder = Path.of("").toAbsolutePath();
        while (!Files.exists(folder.resolve("flyby")) || !Files.exists(folder.resolve("pom.xml"))) {
            folder = folder.getParent();
        }
        return folder;
    }
}
