package flyby.cli;

import flyby.report.ValidationJson;
import flyby.report.ValidationTable;
import flyby.validate.Section;
import flyby.validate.Validation;
import flyby.validate.Verdict;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import picocli.CommandLine.ArgGroup;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

@Command(
        name = "validate",
        header = {"Hold the models to published figures and rules.", ""},
        description = {
            "",
            "For each row: what was published, what comes out of the simulation, the difference, how much of it is"
                    + " tolerated, and the source. The exit status is 1 if any row fails.",
            "",
            "Examples:",
            "  ./flyby validate                      all sections",
            "  ./flyby validate isa --only 1.9,1.10  some rows, told in words too",
            "  ./flyby validate --list               every row in words, with nothing simulated",
            ""
        })
final class ValidateCommand implements Callable<Integer> {
    private final Application application;

    @Parameters(arity = "0..*", paramLabel = "SECTION", description = "Only these sections. Default: all.")
    private List<String> sections = new ArrayList<>();

    @Option(
            names = "--only",
            split = ",",
            paramLabel = "ROW",
            description = "Only these rows, with commas between: 1.9b, or 1.9 for all that begin so.")
    private List<String> only = new ArrayList<>();

    @ArgGroup
    private Form form = new Form();

    /// Instead of the table.
    private static final class Form {
        @Option(names = "--list", description = "Show the rows in words and simulate nothing.")
        private boolean list;

        @Option(
                names = "--json",
                description = "Print one JSON document instead of the table, and nothing else, on standard output.")
        private boolean json;
    }

    ValidateCommand(Application application) {
        this.application = application;
    }

    @Override
    public Integer call() {
        Validation chosen = application.validation().choose(sections, only);
        Terminal terminal = application.terminal();
        if (form.list) {
            terminal.out().print(ValidationTable.list(chosen, terminal.colour()));
            return Application.AS_EXPECTED;
        }
        List<Validation.Checked> checked = check(chosen);
        if (form.json) {
            ValidationJson.write(application.version(), checked, terminal.out());
        } else {
            terminal.out().print(ValidationTable.text(checked, !only.isEmpty(), terminal.colour()));
        }
        terminal.out().flush();
        boolean ok = Validation.count(checked, Verdict.FAIL) == 0;
        return ok ? Application.AS_EXPECTED : Application.NOT_AS_EXPECTED;
    }

    private List<Validation.Checked> check(Validation chosen) {
        List<Validation.Checked> checked = new ArrayList<>();
        try (ProgressDisplay progress = ProgressDisplay.ofRows(application.terminal())) {
            progress.planned(chosen.sections().stream().map(Section::name).toList());
            for (Section section : chosen.sections()) {
                checked.add(Validation.Checked.of(section, progress.of(section.name())));
                progress.finished();
            }
        }
        return checked;
    }
}
