package flyby.check.report;

import flyby.check.Finding;
import java.util.List;

/// What a check gave, as reports show it.
///
/// @param version of Flyby
/// @param subject what was checked: a driver, a scenario
/// @param command that does the same again; empty if there is none
/// @param cutShort why the check did not come to its end; empty if it did
/// @param findings in the order in which they were made
public record CheckResult(String version, String subject, String command, String cutShort, List<Finding> findings) {
    public CheckResult {
        findings = List.copyOf(findings);
    }

    /// Whether the check came to its end.
    public boolean isComplete() {
        return cutShort.isEmpty();
    }

    /// Whether it came to its end, and found nothing.
    public boolean isClean() {
        return isComplete() && findings.isEmpty();
    }
}
