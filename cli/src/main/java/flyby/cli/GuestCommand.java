package flyby.cli;

import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Spec;

@Command(
        name = "guest",
        header = {"Boot a small Debian whose own drivers use Flyby's devices.", ""},
        description = {
            "",
            "The guest is QEMU with an unmodified Debian kernel and a few tools, built once into the user's cache"
                    + " folder (FLYBY_GUEST names another). It needs neither root nor hardware virtualisation."
                    + " docs/live.md tells all.",
            "",
            "Examples:",
            "  ./flyby guest build                          about a minute, once",
            "  ./flyby guest shell --nvme disk.img          a shell, and a drive that is that file",
            "  ./flyby guest run script.sh --nvme disk.img  the script's exit status",
            "  ./flyby guest check                          what Linux's own tools say of the devices",
            ""
        },
        synopsisSubcommandLabel = "COMMAND",
        commandListHeading = "Commands:%n")
final class GuestCommand implements Runnable {
    @Spec
    private CommandSpec spec = CommandSpec.create();

    static CommandLine withSubcommands(Application application) {
        CommandLine commandLine = new CommandLine(new GuestCommand());
        commandLine.addSubcommand(new GuestBuildCommand(application));
        commandLine.addSubcommand(new GuestShellCommand());
        commandLine.addSubcommand(new GuestRunCommand(application));
        commandLine.addSubcommand(new GuestCheckCommand(application));
        return commandLine;
    }

    @Override
    public void run() {
        throw new CommandLine.ParameterException(
                spec.commandLine(), "which command? build, shell, run or check: see ./flyby guest --help");
    }
}
