package flyby.cli;

import java.io.OutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.util.List;
import picocli.CommandLine.Command;

@Command(
        name = "train",
        hidden = true,
        description = "Do quietly what users do often: the launcher records the classes for a faster start.")
final class TrainCommand implements Runnable {
    private final Application application;

    TrainCommand(Application application) {
        this.application = application;
    }

    @Override
    public void run() {
        PrintStream nowhere = new PrintStream(OutputStream.nullOutputStream(), false, StandardCharsets.UTF_8);
        Terminal terminal = new Terminal(nowhere, nowhere, false, false);
        Application quiet = new Application(
                application.library(),
                application.validation(),
                application.version(),
                application.tempFolder(),
                terminal,
                application.farewell());
        quiet.run("--help");
        quiet.run("list");
        quiet.run("validate", "--list");
        List<String> names = application.library().names();
        for (String name : names) {
            quiet.run("list", name);
        }
    }
}
