package flyby.check.report;

import flyby.check.CallSite;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.lang.module.ModuleReader;
import java.lang.module.ResolvedModule;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.stream.Stream;

/// The source of drivers: below a folder, as build tools lay it out, or beside the classes.
///
/// What cannot be read is not there: a report does without.
public final class SourceTree {
    private static final List<String> FOLDERS = List.of("src/main/java", "src/test/java", "src", "");

    private final List<Path> roots;
    private final Path root;
    private final boolean hasClasses;
    private final Map<String, Optional<Source>> found = new TreeMap<>();

    /// A file of source.
    ///
    /// @param path relative to the root of the tree, with slashes; below a source folder if it is not on disk
    public record Source(String path, List<String> lines) {
        public Source {
            lines = List.copyOf(lines);
        }

        /// Line `number`, counted from 1; empty if there is none.
        public String line(int number) {
            return number >= 1 && number <= lines.size() ? lines.get(number - 1) : "";
        }
    }

    /// The tree of one project, or of several beside each other, below `root`.
    public SourceTree(Path root) {
        this.root = root.toAbsolutePath().normalize();
        hasClasses = true;
        roots = Stream.concat(Stream.of(this.root), folders(this.root).stream())
                .flatMap(project -> FOLDERS.stream().map(project::resolve))
                .filter(Files::isDirectory)
                .toList();
    }

    /// No source at all: files are called as classes have them.
    public static SourceTree none() {
        return new SourceTree();
    }

    private SourceTree() {
        root = Path.of("");
        roots = List.of();
        hasClasses = false;
    }

    private static List<Path> folders(Path root) {
        try (Stream<Path> children = Files.list(root)) {
            return children.filter(Files::isDirectory).sorted().toList();
        } catch (IOException | UncheckedIOException _) {
            return List.of();
        }
    }

    /// The source that `site` lies in.
    public Optional<Source> of(CallSite site) {
        if (!site.isKnown() || site.file().isEmpty()) {
            return Optional.empty();
        }
        Optional<Source> known = found.get(site.file());
        if (known == null) {
            known = onDisk(site.file()).or(() -> hasClasses ? besideClasses(site.file()) : Optional.empty());
            found.put(site.file(), known);
        }
        return known;
    }

    /// Where `site` lies, relative to the root.
    public String path(CallSite site) {
        return of(site).map(Source::path).orElse(site.file());
    }

    private Optional<Source> onDisk(String file) {
        for (Path folder : roots) {
            Path path = folder.resolve(file).normalize();
            if (path.startsWith(root) && Files.isRegularFile(path)) {
                try {
                    String name = root.relativize(path).toString().replace('\\', '/');
                    return Optional.of(new Source(name, Files.readAllLines(path)));
                } catch (IOException _) {
                    return Optional.empty();
                }
            }
        }
        return Optional.empty();
    }

    /// In a module's own package, which no class loader would show, or on the class path.
    private static Optional<Source> besideClasses(String file) {
        int slash = file.lastIndexOf('/');
        String packageName = slash < 0 ? "" : file.substring(0, slash).replace('/', '.');
        try {
            for (ResolvedModule module : ModuleLayer.boot().configuration().modules()) {
                if (module.reference().descriptor().packages().contains(packageName)) {
                    try (ModuleReader reader = module.reference().open()) {
                        Optional<InputStream> stream = reader.open(file);
                        return stream.isPresent() ? Optional.of(read(file, stream.get())) : Optional.empty();
                    }
                }
            }
            InputStream stream = ClassLoader.getSystemResourceAsStream(file);
            return stream == null ? Optional.empty() : Optional.of(read(file, stream));
        } catch (IOException _) {
            return Optional.empty();
        }
    }

    private static Source read(String file, InputStream stream) throws IOException {
        try (stream) {
            return new Source(
                    file,
                    new String(stream.readAllBytes(), StandardCharsets.UTF_8)
                            .lines()
                            .toList());
        }
    }
}
