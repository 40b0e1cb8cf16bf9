package flyby.cli;

import flyby.base.LabException;
import flyby.params.Quote;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Parameters;

@Command(name = "help", description = "Show help, for all or for one command.")
final class HelpCommand implements Runnable {
    private final Application application;

    @Parameters(index = "0", arity = "0..1", paramLabel = "COMMAND", description = "A command, such as run.")
    private @Nullable String command;

    HelpCommand(Application application) {
        this.application = application;
    }

    @Override
    public void run() {
        CommandLine all = application.commandLine();
        String chosen = command;
        CommandLine one = chosen == null ? all : all.getSubcommands().get(chosen);
        if (one == null) {
            String known = String.join(", ", all.getSubcommands().keySet());
            throw new LabException(
                    LabException.Kind.BAD_INPUT, "help", Quote.of(String.valueOf(chosen)), "one of " + known);
        }
        application.terminal().out().print(one.getUsageMessage(one.getColorScheme()));
    }
}
