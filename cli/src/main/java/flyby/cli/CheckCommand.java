package flyby.cli;

import flyby.base.JsonWriter;
import flyby.base.LabException;
import flyby.check.Finding;
import flyby.check.report.CheckResult;
import flyby.check.report.JsonReport;
import flyby.check.report.SarifReport;
import flyby.check.report.SourceTree;
import flyby.check.report.TextReport;
import flyby.explore.Explorer;
import flyby.explore.Explorer.Failure;
import flyby.explore.Explorer.Limits;
import flyby.explore.Explorer.Strategy;
import flyby.explore.Schedule;
import flyby.params.Quote;
import flyby.study.ScenarioLibrary;
import flyby.study.Seeds;
import flyby.subjects.Subjects;
import flyby.trial.HostileMachine;
import flyby.trial.HostileMachines;
import flyby.trial.Subject;
import flyby.trial.Trial;
import flyby.trial.TrialOptions;
import java.io.IOException;
import java.io.PrintStream;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.Callable;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

@Command(
        name = "check",
        header = {"Try a driver on machines that forgive nothing.", ""},
        description = {
            "",
            "Runs the driver on each machine under many schedules, which decide when devices get on, when interrupts"
                    + " come, which line is evicted, which call fails. Whatever breaks a rule is told once, with the"
                    + " driver's lines, and a command that does it again.",
            "",
            "Examples:",
            "  ./flyby list drivers                             what there is to check, and the machines",
            "  ./flyby check nvme                               the driver of the NVMe drive, on all machines",
            "  ./flyby check sg --machine bounce --seeds 1000   another one, on one machine, for longer",
            "  ./flyby check --class-path target/classes my.DriverSubject",
            "",
            "The exit status is 1 if anything was found. docs/checking.md tells more.",
            ""
        })
final class CheckCommand implements Callable<Integer> {
    private static final int SHRINK_RUNS = 100;

    private final Application application;

    @Parameters(
            index = "0",
            paramLabel = "DRIVER",
            description = "One of ./flyby list drivers, or with --class-path the name of a class.")
    private String driver = "";

    @Option(
            names = "--machine",
            split = ",",
            paramLabel = "NAME",
            description = "Only this machine; may be repeated. Default: all hostile machines.")
    private List<String> machines = new ArrayList<>();

    @Option(
            names = "--seeds",
            paramLabel = "N",
            description = "How many schedules on each machine. Default: ${DEFAULT-VALUE}.")
    private int seeds = 20;

    @Option(names = "--seed", paramLabel = "N", description = "The first seed, decimal or 0x... Default: 0.")
    private @Nullable String seed;

    @Option(
            names = "--strategy",
            paramLabel = "NAME",
            description = "Which schedules: mixed, random, pct, or exhaustive: all with up to two decisions out of the"
                    + " ordinary, as far as --seeds runs reach. Default: ${DEFAULT-VALUE}.")
    private String strategy = "mixed";

    @Option(
            names = "--schedule",
            paramLabel = "TEXT",
            description = "One run on each machine, with this schedule, as a report names it.")
    private @Nullable String schedule;

    @Option(
            names = "--class-path",
            paramLabel = "PATH",
            description = "Jars and folders where DRIVER is: a class that implements flyby.trial.Subject.")
    private @Nullable String classPath;

    @Option(
            names = "--json",
            description = "Print one JSON document instead of text, and nothing else, on standard output.")
    private boolean json;

    @Option(names = "--sarif", paramLabel = "FILE", description = "Write the findings as SARIF 2.1.0 too.")
    private @Nullable Path sarif;

    /// What came out on one machine.
    ///
    /// @param coverage what is known of the runs that there are; empty if nothing is
    private record Tried(HostileMachine machine, int runs, List<Failure> failures, String coverage) {
        List<Finding> findings() {
            return failures.stream().map(Failure::finding).toList();
        }
    }

    CheckCommand(Application application) {
        this.application = application;
    }

    @Override
    public Integer call() {
        String path = classPath;
        Supplier<Subject> maker = path == null ? Subjects.named(driver).maker() : SubjectClassPath.maker(path, driver);
        List<HostileMachine> chosen = machines.isEmpty()
                ? HostileMachines.all()
                : machines.stream().map(HostileMachines::named).toList();
        if (seeds < 1) {
            throw new LabException(LabException.Kind.BAD_INPUT, "--seeds", String.valueOf(seeds), "1 or more");
        }
        String firstText = seed;
        long first = firstText == null ? 0 : Seeds.parse(firstText, "--seed");
        Strategy wanted = strategy();
        String scheduleText = schedule;
        if (scheduleText != null) {
            // It is to be refused before anything is printed.
            Schedule.of(scheduleText);
        }
        List<Tried> tried = new ArrayList<>();
        String cutShort = "";
        try {
            for (HostileMachine machine : chosen) {
                Tried one = scheduleText == null
                        ? explore(maker, machine, wanted, first)
                        : once(maker, machine, scheduleText);
                tried.add(one);
                if (!json) {
                    application.terminal().out().println(row(one));
                }
            }
        } catch (RuntimeException | Error problem) {
            cutShort = String.valueOf(problem);
            throw problem;
        } finally {
            report(tried, cutShort);
        }
        return tried.stream().allMatch(each -> each.failures().isEmpty())
                ? Application.AS_EXPECTED
                : Application.NOT_AS_EXPECTED;
    }

    private Tried explore(Supplier<Subject> maker, HostileMachine machine, Strategy wanted, long first) {
        Explorer.Result result = Explorer.explore(
                new Limits(wanted, first, seeds, true, SHRINK_RUNS), each -> run(maker, machine, each));
        return new Tried(machine, result.runs(), result.failures(), result.coverage());
    }

    private Strategy strategy() {
        for (Strategy each : Strategy.values()) {
            if (each.name().toLowerCase(Locale.ROOT).equals(strategy)) {
                return each;
            }
        }
        throw new LabException(
                LabException.Kind.BAD_INPUT, "--strategy", Quote.of(strategy), "mixed, random, pct or exhaustive");
    }

    private static Tried once(Supplier<Subject> maker, HostileMachine machine, String text) {
        List<Failure> failures = run(maker, machine, Schedule.of(text)).stream()
                .map(finding -> new Failure(finding, text, text, 0, true))
                .toList();
        return new Tried(machine, 1, failures, "");
    }

    private static List<Finding> run(Supplier<Subject> maker, HostileMachine machine, Schedule decisions) {
        return Trial.look(maker, machine, decisions, TrialOptions.STANDARD).findings();
    }

    private static String row(Tried tried) {
        int count = tried.failures().size();
        String found = count == 0 ? "clean" : count == 1 ? "1 finding" : count + " findings";
        String coverage = tried.coverage().isEmpty() ? "" : "  " + tried.coverage();
        return "%-14s %6d runs  %s%s".formatted(tried.machine().name(), tried.runs(), found, coverage);
    }

    private void report(List<Tried> tried, String cutShort) {
        SourceTree sources = new SourceTree(ScenarioLibrary.path("."));
        List<Finding> findings =
                tried.stream().flatMap(each -> each.findings().stream()).toList();
        CheckResult result = new CheckResult(application.version(), driver, command(), cutShort, findings);
        Path file = sarif;
        if (file != null) {
            write(file, result, sources);
        }
        PrintStream out = application.terminal().out();
        if (json) {
            writeJson(tried, result, sources, out);
        } else {
            out.println();
            out.print(TextReport.text(result, sources, application.terminal().colour()));
            again(tried).forEach(line -> out.println("again: " + line));
        }
        out.flush();
    }

    private String command() {
        String path = classPath;
        return "./flyby check " + driver + (path == null ? "" : " --class-path " + path);
    }

    private List<String> again(List<Tried> tried) {
        List<String> lines = new ArrayList<>();
        for (Tried each : tried) {
            for (Failure failure : each.failures()) {
                lines.add(again(each.machine(), failure));
            }
        }
        return lines;
    }

    private String again(HostileMachine machine, Failure failure) {
        return command() + " --machine " + machine.name() + " --schedule " + failure.schedule();
    }

    private void writeJson(List<Tried> tried, CheckResult result, SourceTree sources, Appendable out) {
        JsonWriter writer = new JsonWriter(out, true);
        writer.beginObject();
        writer.name("flyby").value(result.version());
        writer.name("subject").value(result.subject());
        writer.name("ok").value(result.isClean());
        writer.name("complete").value(result.isComplete());
        writer.name("cutShort").value(result.cutShort());
        writer.name("machines").beginArray();
        for (Tried each : tried) {
            writer.beginObject();
            writer.name("machine").value(each.machine().name());
            writer.name("runs").value(each.runs());
            writer.name("coverage").value(each.coverage());
            writer.name("findings");
            JsonReport.findings(writer, each.findings(), sources);
            writer.name("again").beginArray();
            each.failures().forEach(failure -> writer.value(again(each.machine(), failure)));
            writer.endArray();
            writer.endObject();
        }
        writer.endArray();
        writer.endObject();
        writer.endDocument();
    }

    /// Whole, or not at all.
    private static void write(Path file, CheckResult result, SourceTree sources) {
        StringBuilder text = new StringBuilder();
        SarifReport.write(result, sources, text);
        Path part = file.resolveSibling(file.getFileName() + ".part");
        try {
            Files.writeString(part, text);
            Files.move(part, file, StandardCopyOption.REPLACE_EXISTING);
        } catch (IOException problem) {
            throw new UncheckedIOException(problem);
        }
    }
}
