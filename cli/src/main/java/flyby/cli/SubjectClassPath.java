package flyby.cli;

import flyby.base.LabException;
import flyby.params.Quote;
import flyby.trial.Subject;
import java.io.File;
import java.lang.reflect.InvocationTargetException;
import java.net.MalformedURLException;
import java.net.URL;
import java.net.URLClassLoader;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.function.Supplier;

/// Finds a user's own driver, compiled against Flyby's modules, on a class path.
final class SubjectClassPath {
    private static final String WHERE = "--class-path";

    private SubjectClassPath() {}

    /// Who makes objects of the class `name`, one for each run.
    ///
    /// @param classPath jars and folders of classes, separated as the system separates paths
    /// @throws LabException if there is no such class there, or it is no subject that can be made
    static Supplier<Subject> maker(String classPath, String name) {
        // It stays open: a driver may need more classes at any time.
        ClassLoader loader = new URLClassLoader(urls(classPath), Subject.class.getClassLoader());
        Class<?> type;
        try {
            type = Class.forName(name, true, loader);
        } catch (ClassNotFoundException | LinkageError problem) {
            throw refuse("class " + Quote.of(name) + ", which cannot be loaded: " + problem, "a class in " + classPath);
        }
        if (!Subject.class.isAssignableFrom(type)) {
            throw refuse("class " + Quote.of(name), "one that implements " + Subject.class.getName());
        }
        Class<? extends Subject> subject = type.asSubclass(Subject.class);
        // What cannot be made is refused before anything runs.
        Objects.requireNonNull(make(subject));
        return () -> make(subject);
    }

    private static Subject make(Class<? extends Subject> type) {
        try {
            return type.getConstructor().newInstance();
        } catch (InvocationTargetException failed) {
            throw refuse(type.getName() + ", whose constructor failed: " + failed.getCause(), "one that does not fail");
        } catch (ReflectiveOperationException problem) {
            throw refuse(
                    type.getName() + ", which cannot be made: " + problem,
                    "a public class with a public constructor without arguments");
        }
    }

    private static URL[] urls(String classPath) {
        List<URL> urls = new ArrayList<>();
        for (String entry : classPath.split(File.pathSeparator, -1)) {
            Path path = Path.of(entry);
            if (entry.isEmpty() || !Files.exists(path)) {
                throw new LabException(
                        LabException.Kind.BAD_FILE, WHERE, Quote.of(entry), "jars and folders that are there");
            }
            try {
                urls.add(path.toUri().toURL());
            } catch (MalformedURLException problem) {
                throw refuse(Quote.of(entry) + ": " + problem.getMessage(), "jars and folders");
            }
        }
        return urls.toArray(URL[]::new);
    }

    private static LabException refuse(String found, String expected) {
        return new LabException(LabException.Kind.BAD_INPUT, WHERE, found, expected);
    }
}
