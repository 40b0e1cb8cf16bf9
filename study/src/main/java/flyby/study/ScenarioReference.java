package flyby.study;

import flyby.params.CatalogueText;
import flyby.params.Settings;
import java.util.List;

/// The page `docs/scenarios.md`, made from the code.
public final class ScenarioReference {
    private ScenarioReference() {}

    /// The page: every shipped scenario of `library` with its parameters.
    public static String markdown(ScenarioLibrary library) {
        StringBuilder page = new StringBuilder();
        page.append("""
                # Scenarios

                <!-- Made from the code by `./flyby docs`; a test fails while it differs. -->

                Each scenario below is run by `./flyby run NAME`, on a file of yours with `--input FILE`. Every
                parameter is changed with `--set path=value`, or in a scenario file of your own (`./flyby run my.yaml`):

                ```yaml
                title: One line
                about: A paragraph that says what is seen, and what to look at.
                kind: the experiment, as named below
                input: a file, from this file's folder, or shipped:NAME
                seed: 1
                parameters:
                  machine:
                    clock: 10 MHz          # or in one line, machine.clock: 10 MHz
                expect:
                  ok: true
                  faster: [burst, pio]     # simulated time, the fastest first
                ```

                A number has a unit (`8 MHz`, `1.5 us`, `64 KiB`; a count may have k, M or G), with `_` between digits
                where that helps. A value that is out of range, of another unit or unknown is refused with its line
                and column. Of the command line, the file, the profile and the default, the first that sets a parameter
                counts.
                """);
        for (String name : library.names()) {
            section(page, library.find(name));
        }
        return page.toString();
    }

    private static void section(StringBuilder page, Scenario scenario) {
        Settings settings = scenario.settings(List.of());
        page.append("\n## ").append(scenario.name()).append("\n\n");
        page.append(scenario.title()).append(".\n\n");
        if (!scenario.about().isEmpty()) {
            CatalogueText.wrap(scenario.about(), 110)
                    .forEach(line -> page.append(line).append('\n'));
            page.append('\n');
        }
        page.append("- kind: `").append(scenario.experiment().kind()).append("`, ");
        page.append(scenario.experiment().title()).append('\n');
        page.append("- runs: ")
                .append(String.join(", ", scenario.experiment().runNames(settings)))
                .append('\n');
        page.append("- input: ");
        page.append(scenario.inputName().isEmpty() ? "none" : '`' + scenario.inputName() + '`')
                .append('\n');
        page.append("- seed: ").append(scenario.seed()).append("\n\n");
        page.append(CatalogueText.markdown(settings));
    }
}
