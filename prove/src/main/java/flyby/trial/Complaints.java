package flyby.trial;

import flyby.base.LabException;
import flyby.check.CallSite;
import flyby.check.Evidence;
import flyby.check.Finding;
import flyby.check.Rule;
import flyby.trial.Verdict.Ending;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// What a trial itself finds, without looking at an access: how a driver ends, and whether its data are right.
final class Complaints {
    private static final String DRIVER = "cpu0";

    private final List<Finding> findings = new ArrayList<>();
    private final boolean countsData;

    /// @param countsData whether data are expected to be right
    Complaints(boolean countsData) {
        this.countsData = countsData;
    }

    List<Finding> findings() {
        return List.copyOf(findings);
    }

    /// The subject says that something about the data is wrong.
    void data(String what, long timePicos, StackTraceElement[] trace) {
        if (!countsData) {
            return;
        }
        add(
                Rule.RIGHT_DATA,
                Evidence.DATA,
                what,
                DriverLines.in(trace),
                timePicos,
                "compare what the driver gave to the device with what the device did");
    }

    /// The driver has failed.
    ///
    /// @return how it ended; null if not the driver failed, but the laboratory
    @Nullable
    Ending thrown(Throwable thrown, long timePicos) {
        CallSite site = DriverLines.in(thrown.getStackTrace());
        if (thrown instanceof LabException told) {
            if (told.kind() != LabException.Kind.STUCK) {
                return null;
            }
            add(
                    Rule.CALLING_CONTEXT,
                    Evidence.CONTEXT,
                    text(told),
                    site,
                    timePicos,
                    "wait in a thread, or use what does not wait");
            return Ending.WAITED_WHILE_ATOMIC;
        }
        if (!site.isKnown()) {
            return null;
        }
        add(
                Rule.THROWS,
                Evidence.PROGRESS,
                "the driver failed with " + thrown.getClass().getSimpleName() + ": " + text(thrown),
                site,
                timePicos,
                "check what the value came from, a device perhaps, before it is used");
        return Ending.THREW;
    }

    /// The driver has returned, and left interrupts off.
    void interruptsOff(long timePicos) {
        add(
                Rule.CALLING_CONTEXT,
                Evidence.CONTEXT,
                "the driver returned with interrupts off",
                CallSite.NONE,
                timePicos,
                "restore them on every way out");
    }

    /// The driver does not end.
    ///
    /// @param site where it is
    /// @param waiting who waits for what
    void endless(Ending ending, String what, CallSite site, long timePicos, List<String> waiting) {
        String graph = waiting.isEmpty() ? "" : ". " + String.join("; ", waiting);
        String advice = ending == Ending.ENDLESS_LOOP
                ? "bound the loop by something that no device decides"
                : "see who was to end the wait, and what that waits for itself; a wait for a device needs a timeout";
        add(Rule.GETS_ON, Evidence.PROGRESS, what + graph, site, timePicos, advice);
    }

    private static String text(Throwable thrown) {
        String message = thrown.getMessage();
        return message == null ? "no message" : message;
    }

    private void add(Rule rule, Evidence evidence, String what, CallSite site, long timePicos, String advice) {
        findings.add(new Finding(rule, evidence, what, DRIVER, site, timePicos, List.of(), List.of(), "", "", advice));
    }
}
