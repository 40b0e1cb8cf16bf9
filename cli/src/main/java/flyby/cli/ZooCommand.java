package flyby.cli;

import flyby.base.LabException;
import flyby.check.report.CheckResult;
import flyby.check.report.SourceTree;
import flyby.check.report.TextReport;
import flyby.study.ScenarioLibrary;
import flyby.study.Seeds;
import flyby.trial.HostileMachine;
import flyby.trial.HostileMachines;
import flyby.zoo.Lookalike;
import flyby.zoo.Specimen;
import flyby.zoo.Zoo;
import flyby.zoo.survey.LookalikeRow;
import flyby.zoo.survey.Row;
import flyby.zoo.survey.Survey;
import flyby.zoo.survey.SurveyJson;
import flyby.zoo.survey.SurveyResult;
import flyby.zoo.survey.SurveyText;
import java.io.PrintStream;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.Callable;
import java.util.function.Supplier;
import java.util.stream.LongStream;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.ArgGroup;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

@Command(
        name = "zoo",
        header = {"Try the checker on drivers with the bugs of real ones.", ""},
        description = {
            "",
            "Runs small drivers with known bugs, the same drivers without them, and look-alikes that are right, on all"
                    + " hostile machines. The table says on which machine the checker shows each bug, in how many runs,"
                    + " and as the breach of which rule; what Linux's CONFIG_DMA_API_DEBUG says of the same calls, as"
                    + " distributions build it and with its check of overlaps; and what the kernel always checks."
                    + " docs/zoo.md tells of each pattern.",
            "",
            "Examples:",
            "  ./flyby zoo                        all of them",
            "  ./flyby zoo B1 B2 --seeds 100      two of them, more often",
            "  ./flyby zoo A1 --explain           the report that the checker makes of one",
            "",
            "The exit status is 1 if a bug is missed or if anything is said of a driver that is right.",
            ""
        })
final class ZooCommand implements Callable<Integer> {
    private final Application application;

    @Parameters(
            arity = "0..*",
            paramLabel = "ID",
            description = "Only these: A1, or L3 for a look-alike. Default: all.")
    private List<String> ids = new ArrayList<>();

    @Option(names = "--seeds", paramLabel = "N", description = "Runs on each machine. Default: ${DEFAULT-VALUE}.")
    private int seeds = 3;

    @Option(names = "--seed", paramLabel = "N", description = "The first seed, decimal or 0x... Default: 1.")
    private @Nullable String seed;

    @Option(
            names = "--machine",
            split = ",",
            paramLabel = "NAME",
            description = "Only these machines, with commas between. Default: all hostile machines.")
    private List<String> machines = new ArrayList<>();

    @Option(names = "--jobs", paramLabel = "N", description = "Runs at once. Default: one for each processor.")
    private int jobs = Runtime.getRuntime().availableProcessors();

    @ArgGroup
    private Form form = new Form();

    /// Instead of the table.
    private static final class Form {
        @Option(
                names = "--json",
                description = "Print one JSON document instead of the table, and nothing else, on standard output.")
        private boolean json;

        @Option(names = "--markdown", description = "Print the table as docs/zoo.md has it.")
        private boolean markdown;

        @Option(names = "--explain", description = "Print the report that the checker makes of each.")
        private boolean explain;
    }

    ZooCommand(Application application) {
        this.application = application;
    }

    @Override
    public Integer call() {
        List<Supplier<Specimen>> specimens = new ArrayList<>();
        List<Supplier<Lookalike>> lookalikes = new ArrayList<>();
        choose(specimens, lookalikes);
        List<HostileMachine> chosen = chosenMachines();
        positive("--seeds", seeds);
        positive("--jobs", jobs);
        String firstText = seed;
        long first = firstText == null ? 1 : Seeds.parse(firstText, "--seed");
        List<Long> numbers = LongStream.range(0, seeds).mapToObj(i -> first + i).toList();
        Terminal terminal = application.terminal();
        PrintStream out = terminal.out();
        boolean isTable = !form.json && !form.markdown && !form.explain;
        if (isTable) {
            out.print(SurveyText.heading());
        }
        try (Survey survey = new Survey(chosen, numbers, jobs)) {
            List<Row> rows = survey.specimens(specimens, row -> show(row, isTable));
            List<LookalikeRow> others = survey.lookalikes(lookalikes);
            SurveyResult result = new SurveyResult(
                    application.version(),
                    chosen.stream().map(HostileMachine::name).toList(),
                    numbers,
                    rows,
                    others);
            print(result, out);
            return result.isGood() ? Application.AS_EXPECTED : Application.NOT_AS_EXPECTED;
        }
    }

    private void show(Row row, boolean isTable) {
        PrintStream out = application.terminal().out();
        if (isTable) {
            out.print(SurveyText.row(row));
        } else if (form.explain) {
            out.print(explained(row));
        }
        out.flush();
    }

    private void print(SurveyResult result, PrintStream out) {
        if (form.json) {
            SurveyJson.write(result, sources(), out);
        } else if (form.markdown) {
            out.print(SurveyText.markdown(result));
        } else {
            if (!form.explain) {
                result.lookalikes().forEach(row -> out.print(SurveyText.row(row)));
            }
            out.println();
            out.print(SurveyText.totals(result));
        }
        out.flush();
    }

    /// The report of the first run that shows the bug, and what Linux says.
    private String explained(Row row) {
        StringBuilder text = new StringBuilder();
        text.append(row.label().id()).append(": ").append(row.label().title()).append('\n');
        text.append("seen in ").append(row.label().real()).append("\n\n");
        row.sighting().ifPresent(sighting -> {
            String again = "./flyby zoo %s --machine %s --seed %d --seeds 1 --explain"
                    .formatted(row.label().id(), sighting.machine(), sighting.seed());
            CheckResult result = new CheckResult(
                    application.version(),
                    row.label().id() + " on " + sighting.machine(),
                    again,
                    "",
                    List.of(sighting.finding()));
            text.append(
                    TextReport.text(result, sources(), application.terminal().colour()));
        });
        says(text, "DMA_API_DEBUG as shipped", row.asShipped());
        says(text, "DMA_API_DEBUG with overlaps", row.withOverlaps());
        says(text, "always on", row.always());
        return text.append('\n').toString();
    }

    private static void says(StringBuilder text, String who, Row.Listener listener) {
        text.append(who)
                .append(": ")
                .append(
                        listener.checks().isEmpty()
                                ? "nothing"
                                : String.join("; ", listener.checks()) + " in " + listener.caught() + " of "
                                        + listener.runs() + " runs")
                .append('\n');
    }

    private static SourceTree sources() {
        return new SourceTree(ScenarioLibrary.path("."));
    }

    private void choose(List<Supplier<Specimen>> specimens, List<Supplier<Lookalike>> lookalikes) {
        List<String> known = new ArrayList<>();
        List<String> wanted =
                ids.stream().map(id -> id.toUpperCase(Locale.ROOT)).toList();
        for (Supplier<Specimen> maker : Zoo.specimens()) {
            String id = maker.get().label().id();
            known.add(id);
            if (wanted.isEmpty() || wanted.contains(id)) {
                specimens.add(maker);
            }
        }
        for (Supplier<Lookalike> maker : Zoo.lookalikes()) {
            String id = "L" + maker.get().number();
            known.add(id);
            if (wanted.isEmpty() || wanted.contains(id)) {
                lookalikes.add(maker);
            }
        }
        for (String id : wanted) {
            if (!known.contains(id)) {
                throw new LabException(
                        LabException.Kind.BAD_INPUT, "ID", "\"" + id + "\"", "one of " + String.join(" ", known));
            }
        }
    }

    private List<HostileMachine> chosenMachines() {
        List<HostileMachine> all = HostileMachines.all();
        if (machines.isEmpty()) {
            return all;
        }
        List<String> known = all.stream().map(HostileMachine::name).toList();
        for (String name : machines) {
            if (!known.contains(name)) {
                throw new LabException(
                        LabException.Kind.BAD_INPUT,
                        "--machine",
                        "\"" + name + "\"",
                        "one of " + String.join(", ", known));
            }
        }
        return all.stream().filter(machine -> machines.contains(machine.name())).toList();
    }

    private static void positive(String option, int value) {
        if (value < 1) {
            throw new LabException(
                    LabException.Kind.BAD_INPUT, option, Integer.toString(value), "a number of 1 or more");
        }
    }
}
