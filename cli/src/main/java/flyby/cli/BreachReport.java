package flyby.cli;

import flyby.check.Finding;
import flyby.check.report.CheckResult;
import flyby.check.report.SourceTree;
import flyby.check.report.TextReport;
import flyby.study.ScenarioLibrary;
import java.util.List;

/// Prints what the checker has found in a scenario's runs, where messages go.
final class BreachReport {
    private final Application application;
    private final String scenario;

    BreachReport(Application application, String scenario) {
        this.application = application;
        this.scenario = scenario;
    }

    /// @param cutShort why the run did not come to its end; empty if it did
    void print(String run, String cutShort, List<Finding> breaches) {
        CheckResult result = new CheckResult(application.version(), scenario + ", run " + run, "", cutShort, breaches);
        Terminal terminal = application.terminal();
        terminal.err()
                .print(TextReport.text(
                        result,
                        new SourceTree(ScenarioLibrary.path(".")),
                        terminal.interactive() && terminal.colour()));
        terminal.err().flush();
    }
}
