package flyby.cli;

import picocli.AutoComplete;
import picocli.CommandLine.Command;

@Command(
        name = "completion",
        description = {
            "Print a completion script for bash and zsh.",
            "",
            "To use it in this shell, with flyby on the PATH:  source <(flyby completion)"
        })
final class CompletionCommand implements Runnable {
    private final Application application;

    CompletionCommand(Application application) {
        this.application = application;
    }

    @Override
    public void run() {
        application.terminal().out().println(AutoComplete.bash("flyby", application.commandLine()));
    }
}
