package flyby.trial;

import flyby.base.LabException;
import flyby.check.CallSite;
import flyby.check.CallSites;
import flyby.check.Checker;
import flyby.check.Evidence;
import flyby.check.Rule;
import flyby.trial.Verdict.Ending;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// What a trial itself finds, without looking at an access: how a driver ends, and whether its data are right.
final class Complaints {
    private static final String DRIVER = "cpu0";

    /// How a CPU ends its complaint of who waits where nothing can wake it.
    private static final String ATOMIC = "scheduling while atomic";

    private final Checker checker;
    private final boolean countsData;

    /// @param checker who keeps what is found
    /// @param countsData whether data are expected to be right
    Complaints(Checker checker, boolean countsData) {
        this.checker = checker;
        this.countsData = countsData;
    }

    /// The subject says that something about the data is wrong.
    void data(String what, StackTraceElement[] trace) {
        if (!countsData || !checker.findings().isEmpty()) {
            // What was found before explains it.
            return;
        }
        add(
                Rule.RIGHT_DATA,
                Evidence.DATA,
                what,
                CallSites.in(trace),
                "Compare what the driver gave to the device with what the device did.");
    }

    /// The driver has failed.
    ///
    /// @return how it ended; null if not the driver failed, but the laboratory
    @Nullable
    Ending thrown(Throwable thrown) {
        CallSite site = CallSites.in(thrown.getStackTrace());
        boolean isOurs = thrown instanceof LabException told && told.kind() != LabException.Kind.STUCK;
        if (isOurs || !site.isKnown()) {
            return null;
        }
        if (thrown instanceof LabException && text(thrown).endsWith(ATOMIC)) {
            add(
                    Rule.CALLING_CONTEXT,
                    Evidence.CONTEXT,
                    text(thrown),
                    site,
                    "Wait in a thread, or use what does not wait.");
            return Ending.WAITED_WHILE_ATOMIC;
        }
        checker.thrown(thrown);
        return Ending.THREW;
    }

    /// The driver has returned, and left interrupts off.
    void interruptsOff() {
        add(
                Rule.CALLING_CONTEXT,
                Evidence.CONTEXT,
                "the driver returned with interrupts off",
                CallSite.NONE,
                "Restore them on every way out.");
    }

    /// The driver does not end.
    ///
    /// @param site where it is
    /// @param waiting who waits for what
    void endless(Ending ending, String what, CallSite site, List<String> waiting) {
        if (!checker.findings().isEmpty()) {
            // What was found before explains it.
            return;
        }
        String graph = waiting.isEmpty() ? "" : ". " + String.join("; ", waiting);
        String advice = ending == Ending.ENDLESS_LOOP
                ? "Bound the loop by something that no device decides."
                : "See who was to end the wait, and what that waits for itself; a wait for a device needs a timeout.";
        if (checker.isDriverBehind() && ending != Ending.ENDLESS_LOOP) {
            add(
                    Rule.LOST_INTERRUPT,
                    Evidence.INTERRUPT,
                    "a device has written something that nobody has looked at: " + what + graph,
                    site,
                    "Acknowledge an event before it is handled, and look once more after interrupts are on again.");
        } else {
            add(Rule.GETS_ON, Evidence.PROGRESS, what + graph, site, advice);
        }
    }

    private static String text(Throwable thrown) {
        String message = thrown.getMessage();
        return message == null ? "no message" : message;
    }

    private void add(Rule rule, Evidence evidence, String what, CallSite site, String advice) {
        checker.add(rule, evidence, what, DRIVER, site, checker.lately(), advice);
    }
}
