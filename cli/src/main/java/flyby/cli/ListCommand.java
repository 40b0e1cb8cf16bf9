package flyby.cli;

import flyby.machine.MachineLibrary;
import flyby.params.CatalogueText;
import flyby.params.Settings;
import flyby.study.Scenario;
import flyby.subjects.Subjects;
import flyby.trial.HostileMachines;
import java.io.PrintStream;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Parameters;

@Command(
        name = "list",
        header = {"Show the shipped scenarios or machines, or all about a scenario.", ""},
        description = {
            "",
            "With a NAME: what it shows, what it moves, its runs, and every parameter with its value, what is accepted,"
                    + " and the source of its value. Each can be changed with run --set path=value.",
            "",
            "list machines shows the machines that scenarios can run on; ./flyby show MACHINE draws one. list drivers"
                    + " shows what ./flyby check can check, and on which machines."
        })
final class ListCommand implements Runnable {
    private static final int WIDTH = 100;
    private static final String MACHINES = "machines";
    private static final String DRIVERS = "drivers";

    /// The column in which what is said of a scenario begins.
    private static final int FACTS = 11;

    private final Application application;

    @Parameters(
            index = "0",
            arity = "0..1",
            paramLabel = "NAME",
            description = "A shipped scenario, a scenario file such as my.yaml, or the word machines or drivers.")
    private @Nullable String name;

    ListCommand(Application application) {
        this.application = application;
    }

    @Override
    public void run() {
        String chosen = name;
        if (chosen == null) {
            all();
        } else if (chosen.equals(MACHINES)) {
            machines();
        } else if (chosen.equals(DRIVERS)) {
            drivers();
        } else {
            one(application.library().find(chosen));
        }
    }

    private void all() {
        PrintStream out = application.terminal().out();
        List<String> names = application.library().names();
        Map<String, String> titles = new LinkedHashMap<>();
        names.forEach(each -> titles.put(each, application.library().find(each).title()));
        table(titles);
        out.println();
        out.println("Run one: ./flyby run NAME     All about one: ./flyby list NAME");
        out.println("The machines: ./flyby list machines     Drivers to check: ./flyby list drivers");
    }

    private void machines() {
        Map<String, String> titles = new LinkedHashMap<>();
        MachineLibrary.profiles().forEach(each -> titles.put(each.name(), each.help()));
        table(titles);
        application.terminal().out().println();
        application.terminal().out().println("A picture of one: ./flyby show NAME");
    }

    private void drivers() {
        Map<String, String> titles = new LinkedHashMap<>();
        Subjects.all().forEach(each -> titles.put(each.name(), each.title()));
        table(titles);
        PrintStream out = application.terminal().out();
        out.println();
        out.println("The machines on which they are tried:");
        out.println();
        Map<String, String> machines = new LinkedHashMap<>();
        HostileMachines.all().forEach(each -> machines.put(each.name(), each.title()));
        table(machines);
        out.println();
        out.println("Check one: ./flyby check NAME");
    }

    private void table(Map<String, String> titles) {
        int width = titles.keySet().stream().mapToInt(String::length).max().orElse(0);
        titles.forEach((name, title) ->
                application.terminal().out().println(name + " ".repeat(width - name.length()) + "  " + title));
    }

    private void one(Scenario scenario) {
        PrintStream out = application.terminal().out();
        Settings settings = scenario.settings(List.of());
        out.println(scenario.name() + ": " + scenario.title());
        if (!scenario.about().isEmpty()) {
            out.println();
            CatalogueText.wrap(scenario.about(), WIDTH).forEach(out::println);
        }
        out.println();
        fact("kind", scenario.experiment().kind() + ", " + scenario.experiment().title());
        fact("runs", String.join(", ", scenario.experiment().runNames(settings)));
        fact("input", scenario.inputName().isEmpty() ? "none" : scenario.inputName());
        fact("seed", String.valueOf(scenario.seed()));
        scenario.machine(List.of()).ifPresent(machine -> fact("machine", machine.name() + ", " + machine.title()));
        out.println();
        out.println("Parameters, each to be changed with --set path=value:");
        out.println();
        out.print(CatalogueText.lines(settings));
    }

    private void fact(String name, String words) {
        String begin = "  " + name + " ".repeat(FACTS - 2 - name.length());
        for (String line : CatalogueText.wrap(words, WIDTH - FACTS)) {
            application.terminal().out().println(begin + line);
            begin = " ".repeat(FACTS);
        }
    }
}
