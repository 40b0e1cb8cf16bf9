package flyby.cli;

import picocli.CommandLine.Command;

@Command(name = "version", description = "Show the version of Flyby and of the Java that runs it.")
final class VersionCommand implements Runnable {
    private final Application application;

    VersionCommand(Application application) {
        this.application = application;
    }

    @Override
    public void run() {
        application.terminal().out().println(text(application));
    }

    static String text(Application application) {
        return "flyby " + application.version() + " (Java " + Runtime.version() + ")";
    }
}
