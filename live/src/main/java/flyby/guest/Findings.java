package flyby.guest;

import flyby.guest.Finding.Outcome;
import flyby.params.Quote;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/// Reads what judges in the guest have printed.
final class Findings {
    private static final Pattern LINE = Pattern.compile("judge (\\S+) (\\S+) (pass|fail|skip)\\b(.*)");

    private Findings() {}

    /// What the judges of one boot found.
    ///
    /// A judge that does not say that it has finished has failed, whatever else it said.
    ///
    /// @param judges who was to look
    /// @param result how the boot went
    static List<Finding> of(List<String> judges, GuestResult result) {
        List<Finding> findings = new ArrayList<>();
        result.output().lines().forEach(line -> {
            Matcher matcher = LINE.matcher(line.strip());
            if (matcher.matches()) {
                findings.add(new Finding(
                        matcher.group(1),
                        matcher.group(2),
                        outcome(matcher.group(3)),
                        Quote.line(matcher.group(4).strip())));
            }
        });
        for (String judge : judges) {
            boolean finished =
                    result.output().lines().anyMatch(line -> line.strip().equals("judge " + judge + " finished"));
            if (!finished) {
                String trouble = result.trouble().isEmpty() ? "it stopped before its end" : result.trouble();
                findings.add(Finding.of(judge, "finished", false, trouble));
            }
        }
        return findings;
    }

    private static Outcome outcome(String word) {
        return switch (word) {
            case "pass" -> Outcome.PASSED;
            case "skip" -> Outcome.SKIPPED;
            default -> Outcome.FAILED;
        };
    }
}
