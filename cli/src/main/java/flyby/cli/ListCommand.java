package flyby.cli;

import flyby.params.CatalogueText;
import flyby.params.Settings;
import flyby.study.Scenario;
import java.io.PrintStream;
import java.util.List;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Parameters;

@Command(
        name = "list",
        header = {"Show the shipped scenarios, or all about one.", ""},
        description = {
            "",
            "With a NAME: what it shows, what it moves, its runs, and every parameter with its value, what is accepted,"
                    + " and the source of its value. Each can be changed with run --set path=value."
        })
final class ListCommand implements Runnable {
    private static final int WIDTH = 100;
    /// The column in which what is said of a scenario begins.
    private static final int FACTS = 9;

    private final Application application;

    @Parameters(
            index = "0",
            arity = "0..1",
            paramLabel = "NAME",
            description = "A shipped scenario, or a scenario file such as my.yaml.")
    private @Nullable String name;

    ListCommand(Application application) {
        this.application = application;
    }

    @Override
    public void run() {
        String chosen = name;
        if (chosen == null) {
            all();
        } else {
            one(application.library().find(chosen));
        }
    }

    private void all() {
        PrintStream out = application.terminal().out();
        List<String> names = application.library().names();
        int width = names.stream().mapToInt(String::length).max().orElse(0);
        for (String each : names) {
            String title = application.library().find(each).title();
            out.println(each + " ".repeat(width - each.length()) + "  " + title);
        }
        out.println();
        out.println("Run one: ./flyby run NAME     All about one: ./flyby list NAME");
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
