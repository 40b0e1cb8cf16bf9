package flyby.cli;

import flyby.base.LabException;
import flyby.machine.MachineLibrary;
import flyby.params.Given;
import flyby.params.Quote;
import flyby.params.Settings;
import flyby.report.SketchJson;
import flyby.report.SketchText;
import flyby.study.Scenario;
import flyby.study.ScenarioLibrary;
import java.util.ArrayList;
import java.util.List;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

@Command(
        name = "show",
        header = {"Draw a machine: what it is made of, and what is plugged in where.", ""},
        description = {
            "",
            "MACHINE is a shipped one (./flyby list machines), or a scenario, shipped or in a file of yours, whose"
                    + " machine is meant.",
            "",
            "Examples:",
            "  ./flyby show desktop-switch",
            "  ./flyby show my.yaml --set machine.root-ports.slot0.link.width=x4",
            "  ./flyby show server-2s --json | jq .parameters",
            ""
        })
final class ShowCommand implements Runnable {
    private final Application application;

    @Parameters(index = "0", paramLabel = "MACHINE", description = "A shipped machine, or a scenario.")
    private String name = "";

    @Option(
            names = "--set",
            paramLabel = "PATH=VALUE",
            description = "Change one value of it, as in --set machine.cpu.cores=4. May be repeated.")
    private List<String> set = new ArrayList<>();

    @Option(
            names = "--json",
            description = "Print one JSON document instead of the picture, with each value, its origin and source.")
    private boolean json;

    ShowCommand(Application application) {
        this.application = application;
    }

    @Override
    public void run() {
        MachineLibrary.Shown machine = find(Given.fromCommandLine(set));
        Terminal terminal = application.terminal();
        if (json) {
            SketchJson.write(application.version(), machine, terminal.out());
        } else {
            terminal.out().print(SketchText.of(machine.sketch(), terminal.colour()));
        }
    }

    private MachineLibrary.Shown find(List<Given> given) {
        ScenarioLibrary library = application.library();
        boolean isScenario = ScenarioLibrary.isFile(name) || library.names().contains(name);
        return isScenario ? of(library.find(name), given) : MachineLibrary.show(name, given);
    }

    private static MachineLibrary.Shown of(Scenario scenario, List<Given> given) {
        var modern = scenario.machine(given);
        if (modern.isPresent()) {
            return MachineLibrary.Shown.of(modern.get());
        }
        Settings settings = scenario.settings(given);
        if (!MachineLibrary.isClassic(settings)) {
            throw new LabException(
                    LabException.Kind.BAD_INPUT,
                    "show",
                    Quote.of(scenario.name()) + ", which has no CPU to draw",
                    "a scenario on a board, a PC or a server");
        }
        return MachineLibrary.Shown.of(scenario.title(), settings);
    }
}
