package flyby.guest;

import flyby.guest.Finding.Outcome;
import java.util.List;

/// All that one judge found.
///
/// @param judge its name
/// @param findings in the order in which they were made
public record Verdict(String judge, List<Finding> findings) {
    public Verdict {
        findings = List.copyOf(findings);
    }

    /// How many checks came out so.
    public int count(Outcome outcome) {
        return (int) findings.stream().filter(each -> each.outcome() == outcome).count();
    }

    /// Nothing has failed; what was skipped says nothing.
    public boolean isGood() {
        return count(Outcome.FAILED) == 0;
    }

    /// Why something was skipped; empty if nothing was.
    public String skipReason() {
        return findings.stream()
                .filter(each -> each.outcome() == Outcome.SKIPPED)
                .map(Finding::reason)
                .findFirst()
                .orElse("");
    }
}
