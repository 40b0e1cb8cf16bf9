package flyby.trial;

import flyby.check.Finding;
import java.util.List;

/// What a trial gave.
///
/// @param subject its name
/// @param machine the name of the hostile machine
/// @param seed of the run
/// @param findings in the order in which they happened
/// @param ending how the driver ended
/// @param timePicos simulated, at which everything was over
/// @param traceHash of all that happened: equal runs, equal hashes
/// @param waiting who waits for what, one sentence each, if the driver did not end; else empty
public record Verdict(
        String subject,
        String machine,
        long seed,
        List<Finding> findings,
        Ending ending,
        long timePicos,
        String traceHash,
        List<String> waiting) {
    /// How a driver ends.
    public enum Ending {
        /// It returned.
        RETURNED,
        /// It failed with an exception.
        THREW,
        /// It waited where waiting is not allowed.
        WAITED_WHILE_ATOMIC,
        /// Nothing can ever wake it.
        DEADLOCK,
        /// It was still at it when the patience of the trial was at its end.
        TOO_LONG,
        /// It computed, and touched nothing of the machine, until the watchdog bit.
        ENDLESS_LOOP
    }

    public Verdict {
        findings = List.copyOf(findings);
        waiting = List.copyOf(waiting);
    }

    /// Whether there is nothing to complain of.
    public boolean isClean() {
        return findings.isEmpty();
    }
}
