package flyby.cli;

import flyby.experiment.Experiments;
import flyby.study.ScenarioLibrary;
import flyby.validate.sections.Sections;
import java.io.FileDescriptor;
import java.io.FileOutputStream;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;

/// Where the process begins and ends.
public final class Main {
    private Main() {}

    /// Runs one command and ends the process with its exit status.
    public static void main(String[] args) {
        try (StandardOutput stdout = new StandardOutput(new FileOutputStream(FileDescriptor.out));
                PrintStream out = new PrintStream(stdout, false, StandardCharsets.UTF_8);
                PrintStream err =
                        new PrintStream(new FileOutputStream(FileDescriptor.err), true, StandardCharsets.UTF_8)) {
            Farewell farewell = new Farewell(err);
            Runtime.getRuntime().addShutdownHook(new Thread(farewell::interrupted, "farewell"));
            int status = runOrTell(args, out, farewell);
            farewell.commandEnded();
            out.flush();
            System.exit(stdout.exitStatus(status, err));
        }
    }

    /// What goes wrong before there is an [Application] that could tell of it would be lost: nobody prints any more
    /// when the streams are closed.
    private static int runOrTell(String[] args, PrintStream out, Farewell farewell) {
        try {
            return run(args, out, farewell.voice(), farewell);
        } catch (AssertionError | RuntimeException fault) {
            farewell.voice().println("flyby: internal fault while starting, a bug in Flyby: " + fault);
            return Application.INTERNAL_FAULT;
        }
    }

    /// Runs one command without ending the process.
    ///
    /// @param out what was asked for goes here
    /// @param err messages and progress go here
    /// @return the exit status
    public static int run(String[] args, PrintStream out, PrintStream err) {
        return run(args, out, err, new Farewell(err));
    }

    private static int run(String[] args, PrintStream out, PrintStream err, Farewell farewell) {
        boolean terminal = Boolean.getBoolean("flyby.terminal");
        String noColour = System.getenv("NO_COLOR");
        boolean colour = Boolean.getBoolean("flyby.colour") && (noColour == null || noColour.isEmpty());
        Application application = new Application(
                ScenarioLibrary.shipped(Experiments.shipped()),
                Sections.shipped(),
                version(),
                Path.of(System.getProperty("java.io.tmpdir", ".")),
                new Terminal(out, err, terminal, colour),
                farewell);
        return application.run(args);
    }

    /// The version of Flyby, as built.
    static String version() {
        try (var stream = Main.class.getResourceAsStream("version.txt")) {
            return stream == null ? "unknown" : new String(stream.readAllBytes(), StandardCharsets.UTF_8).strip();
        } catch (IOException _) {
            return "unknown";
        }
    }
}
