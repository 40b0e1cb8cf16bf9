package flyby.junit;

import flyby.check.CallSite;
import flyby.check.Finding;
import flyby.check.Rule;
import flyby.check.report.CheckResult;
import flyby.check.report.SourceTree;
import flyby.check.report.TextReport;
import flyby.explore.Explorer.Failure;
import flyby.explore.Explorer.Result;
import flyby.trial.HostileMachine;
import flyby.trial.Subject;
import flyby.trial.Verdict;
import java.io.File;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.CodeSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;
import org.opentest4j.AssertionFailedError;

/// Says what runs have found, by failing.
final class CheckReport {
    private final CheckPlan plan;
    private final HostileMachine machine;

    CheckReport(CheckPlan plan, HostileMachine machine) {
        this.plan = plan;
        this.machine = machine;
    }

    /// Schedules were explored, and one fails.
    ///
    /// @param verdict of the smallest of them
    void failed(Result result, Verdict verdict) {
        Failure failure = result.failures().getFirst();
        // A driver that reads the wall's clock, say, does not fail again.
        List<Finding> findings = verdict.isClean() ? List.of(failure.finding()) : verdict.findings();
        String again = verdict.isClean() ? failure.found() : failure.schedule();
        String repeats = verdict.isClean() ? "; it is clean when it is repeated, so runs are not equal" : "";
        fail(
                "run %d of %d breaks a rule, under schedule %s%s"
                        .formatted(result.runs(), plan.seeds(), again, repeats),
                findings,
                again);
    }

    /// One schedule was run.
    void replayed(Verdict verdict, String schedule) {
        Set<Rule> unexpected = rules(verdict.findings());
        unexpected.removeAll(plan.expected());
        if (!unexpected.isEmpty()) {
            fail("schedule " + schedule + " breaks a rule", verdict.findings(), schedule);
        }
    }

    /// Schedules were explored, and are to fail.
    void expected(Result result) {
        List<Failure> others = new ArrayList<>();
        List<Finding> findings = new ArrayList<>();
        for (Failure failure : result.failures()) {
            findings.add(failure.finding());
            if (!plan.expected().contains(failure.finding().rule())) {
                others.add(failure);
            }
        }
        if (!others.isEmpty()) {
            fail(
                    "another rule is broken than was expected, " + numbers(plan.expected()),
                    List.of(others.getFirst().finding()),
                    others.getFirst().found());
        }
        Set<Rule> missing = new TreeSet<>(plan.expected());
        missing.removeAll(rules(findings));
        if (!missing.isEmpty()) {
            throw new AssertionFailedError("%s on %s: %d runs do not break %s, as was expected"
                    .formatted(plan.name(), machine.name(), result.runs(), numbers(missing)));
        }
    }

    private static Set<Rule> rules(List<Finding> findings) {
        return findings.stream().map(Finding::rule).collect(Collectors.toCollection(TreeSet::new));
    }

    private static String numbers(Set<Rule> rules) {
        return rules.stream().map(Rule::number).collect(Collectors.joining(", "));
    }

    private void fail(String what, List<Finding> findings, String schedule) {
        String title = plan.name() + " on " + machine.name();
        CheckResult result = new CheckResult("", title, again(schedule), "", findings);
        String text = TextReport.text(result, new SourceTree(Path.of("")), false);
        AssertionFailedError failure = new AssertionFailedError(title + ": " + what + "\n\n" + text);
        StackTraceElement[] driver = trace(findings.getFirst().site());
        if (driver.length > 0) {
            failure.setStackTrace(driver);
        }
        throw failure;
    }

    /// The command that repeats the run.
    private String again(String schedule) {
        String test = plan.name().indexOf('$') < 0 ? "-Dtest=" + plan.name() : "'-Dtest=" + plan.name() + "'";
        String maven = "mvn test %s -Dflyby.machine=%s -Dflyby.schedule=%s".formatted(test, machine.name(), schedule);
        Class<? extends Subject> subject = plan.subject();
        return subject == null
                ? maven
                : maven
                        + "; or ./flyby check --class-path %s %s --machine %s --schedule %s"
                                .formatted(classPath(subject), subject.getName(), machine.name(), schedule);
    }

    /// The folders of classes among which `subject` is, as seen from where the tests run.
    private static String classPath(Class<?> subject) {
        List<Path> folders = new ArrayList<>();
        for (String entry : System.getProperty("java.class.path", "").split(File.pathSeparator, -1)) {
            if (!entry.isEmpty() && Files.isDirectory(Path.of(entry))) {
                folders.add(Path.of(entry));
            }
        }
        CodeSource source = subject.getProtectionDomain().getCodeSource();
        if (folders.isEmpty() && source != null) {
            folders.add(Path.of(URI.create(source.getLocation().toString())));
        }
        Path here = Path.of("").toAbsolutePath();
        return folders.stream()
                .map(Path::toAbsolutePath)
                .map(each -> each.startsWith(here) ? here.relativize(each) : each)
                .map(Path::toString)
                .collect(Collectors.joining(File.pathSeparator));
    }

    /// Where the driver is, for development environments, which show the line.
    private static StackTraceElement[] trace(CallSite site) {
        List<StackTraceElement> elements = new ArrayList<>();
        for (CallSite each = site; each != null && each.isKnown(); each = each.caller()) {
            int slash = each.file().lastIndexOf('/');
            String packageName =
                    slash < 0 ? "" : each.file().substring(0, slash).replace('/', '.') + ".";
            elements.add(new StackTraceElement(
                    packageName + each.type(), each.method(), each.file().substring(slash + 1), each.line()));
        }
        return elements.toArray(StackTraceElement[]::new);
    }
}
