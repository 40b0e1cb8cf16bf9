package flyby.study;

import flyby.base.Check;
import flyby.base.LabException;
import flyby.params.Nearest;
import flyby.params.Quote;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// Finds scenarios: those that are shipped, by name, and those of the user, by file.
public final class ScenarioLibrary {
    private static final String SHIPPED = "shipped:";

    /// Where shipped things are: `scenarios/index.txt` with one name in each line, `scenarios/NAME.yaml`,
    /// `inputs/NAME`.
    @FunctionalInterface
    public interface Shelf {
        /// Opens the thing at `path`, or gives null if there is no such thing.
        @Nullable
        InputStream open(String path);
    }

    private final Registry registry;
    private final Shelf shelf;

    public ScenarioLibrary(Registry registry, Shelf shelf) {
        this.registry = registry;
        this.shelf = shelf;
    }

    /// The scenarios that ship with Flyby.
    public static ScenarioLibrary shipped(Registry registry) {
        return new ScenarioLibrary(registry, path -> ScenarioLibrary.class.getResourceAsStream("/flyby/" + path));
    }

    /// The names of the shipped scenarios, sorted.
    public List<String> names() {
        String index = new String(readShipped("scenarios/index.txt"), StandardCharsets.UTF_8);
        return index.lines()
                .map(String::strip)
                .filter(line -> !line.isEmpty())
                .sorted()
                .toList();
    }

    /// The shipped scenario called `nameOrFile`, or the one in that file if it ends in `.yaml`, `.yml` or `.json`
    /// or has a `/` in it.
    ///
    /// @throws LabException if there is none, or something in it is wrong
    public Scenario find(String nameOrFile) {
        if (isFile(nameOrFile)) {
            return ofFile(nameOrFile);
        }
        List<String> names = names();
        if (!names.contains(nameOrFile)) {
            String hint = Nearest.word(nameOrFile, names)
                    .map(near -> "; did you mean " + near + "?")
                    .orElse("");
            throw new LabException(
                    LabException.Kind.BAD_INPUT,
                    "scenario",
                    Quote.of(nameOrFile),
                    "one of " + String.join(", ", names) + ", or a file such as my.yaml" + hint);
        }
        ScenarioReader reader = new ScenarioReader(registry, this::shippedInput);
        return reader.read(nameOrFile, nameOrFile + ".yaml", readShipped("scenarios/" + nameOrFile + ".yaml"));
    }

    /// Whether `nameOrFile` means a file, and no shipped scenario.
    public static boolean isFile(String nameOrFile) {
        return nameOrFile.contains("/") || nameOrFile.matches("(?s).*\\.(yaml|yml|json)");
    }

    private Scenario ofFile(String name) {
        Path path = path(name);
        if (Files.isDirectory(path)) {
            throw FileProblem.of(Quote.cut(name), "this is a folder, and a scenario file is needed");
        }
        byte[] bytes;
        try (InputStream stream = Files.newInputStream(path)) {
            bytes = stream.readNBytes(YamlReader.BYTES_MAX + 1);
        } catch (IOException e) {
            throw FileProblem.of(Quote.cut(name), e);
        }
        Path folder = path.toAbsolutePath().getParent();
        ScenarioReader reader = new ScenarioReader(registry, (input, place) -> {
            if (input.startsWith(SHIPPED)) {
                return shippedInput(input, place);
            }
            Path file = path(input);
            return Input.file(folder == null ? file : folder.resolve(file), input);
        });
        Path fileName = path.getFileName();
        String file = fileName == null ? name : fileName.toString();
        return reader.read(file.replaceFirst("\\.[a-z]+$", ""), Quote.cut(name), bytes);
    }

    /// The path that `name` means.
    ///
    /// @throws LabException if no file can be called so
    public static Path path(String name) {
        try {
            return Path.of(name);
        } catch (InvalidPathException _) {
            throw FileProblem.of(Quote.cut(name), "no file can have this name");
        }
    }

    private Input shippedInput(String input, String place) {
        String name = input.startsWith(SHIPPED) ? input.substring(SHIPPED.length()) : "";
        String path = "inputs/" + name;
        if (!name.matches("[A-Za-z0-9._-]+") || !isShipped(path)) {
            String found = "no such input " + Quote.of(input);
            throw new LabException(LabException.Kind.BAD_INPUT, place, found, "shipped:NAME of a shipped input");
        }
        return Input.stream(input, () -> open(path));
    }

    private boolean isShipped(String path) {
        try (InputStream stream = shelf.open(path)) {
            return stream != null;
        } catch (IOException e) {
            throw FileProblem.of(path, e);
        }
    }

    private InputStream open(String path) {
        InputStream stream = shelf.open(path);
        if (stream == null) {
            throw Check.bug("%s is listed and not there", path);
        }
        return stream;
    }

    private byte[] readShipped(String path) {
        try (InputStream stream = open(path)) {
            return stream.readAllBytes();
        } catch (IOException e) {
            throw FileProblem.of(path, e);
        }
    }
}
