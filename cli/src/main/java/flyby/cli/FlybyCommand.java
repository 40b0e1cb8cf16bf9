package flyby.cli;

import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ScopeType;
import picocli.CommandLine.Spec;

@Command(
        name = "flyby",
        header = {"Flyby is a laboratory for direct memory access (DMA).", ""},
        description = {
            "",
            "It simulates a machine on which a device and memory exchange data behind the CPU's back, moves a real"
                    + " file through it byte by byte, and shows where every picosecond went and every byte is.",
            "",
            "Examples:",
            "  ./flyby demo                          the main demonstration, with report and traces",
            "  ./flyby list                          the shipped scenarios",
            "  ./flyby list demo                     one of them: its parameters, units, defaults, sources",
            "  ./flyby run demo --input my.iso       the same on a file of yours",
            "  ./flyby run demo --set machine.clock=10MHz",
            "  ./flyby run stale-read                a driver bug, and the bytes that prove it",
            "  ./flyby run my.yaml --json            a scenario of your own, for a program to read",
            "  ./flyby validate                      published figures against simulated ones",
            ""
        },
        synopsisSubcommandLabel = "COMMAND",
        commandListHeading = "Commands:%n",
        optionListHeading = "%nOptions:%n",
        exitCodeListHeading = "%nExit status:%n",
        exitCodeList = {
            "0:All is as expected.",
            "1:An expectation, a check or the comparison of the data failed.",
            "2:Bad input or usage; the message says where, what was found, and what is accepted.",
            "3:Internal fault: a bug in Flyby; the message says where the details are.",
            "130:Interrupted by Ctrl-C; nothing half-written is left."
        },
        footer = {
            "",
            "The launcher has commands of its own: ./flyby test, build, format, bench, install.",
            "Next: ./flyby demo, then open flyby-out/demo.html; docs/scenarios.md lists every parameter."
        })
final class FlybyCommand implements Runnable, CommandLine.IVersionProvider {
    private final Application application;

    @Spec
    private CommandSpec spec = CommandSpec.create();

    @Option(
            names = {"-h", "--help"},
            usageHelp = true,
            scope = ScopeType.INHERIT,
            description = "Show this help.")
    @SuppressWarnings("UnusedVariable") // picocli acts on the option itself.
    private boolean help;

    FlybyCommand(Application application) {
        this.application = application;
    }

    @Override
    public void run() {
        throw new CommandLine.ParameterException(
                spec.commandLine(), "which command? try ./flyby demo, ./flyby list or ./flyby --help");
    }

    @Override
    public String[] getVersion() {
        return new String[] {VersionCommand.text(application)};
    }
}
