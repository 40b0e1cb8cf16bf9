package flyby.trial;

import flyby.base.Check;
import flyby.sim.Time;
import flyby.topology.Seams;
import java.util.function.UnaryOperator;

/// How long a trial lasts, and who looks on.
///
/// @param patiencePicos how long a driver may run, in simulated time
/// @param quietPicos how long the machine goes on after it, so that whatever a device still does is seen
/// @param watchdogMillis after so much of the wall's clock without any simulated time the driver is given up: one that
///     loops and touches nothing of the machine has no other limit
/// @param checks whether the checker looks on
/// @param findsLines whether findings have the driver's lines: see [flyby.check.Policy]
/// @param around whoever else looks on: what is between the parts of the machine, and something around it
public record TrialOptions(
        long patiencePicos,
        long quietPicos,
        long watchdogMillis,
        boolean checks,
        boolean findsLines,
        UnaryOperator<Seams> around) {
    /// What is meant if nobody says anything.
    public static final TrialOptions STANDARD = new TrialOptions(
            50 * Time.MILLISECOND, 10 * Time.MILLISECOND, 20_000, true, true, UnaryOperator.identity());

    public TrialOptions {
        Check.that(
                patiencePicos > 0 && quietPicos >= 0 && watchdogMillis > 0,
                "a trial of %d ps, then %d ps, within %d ms",
                patiencePicos,
                quietPicos,
                watchdogMillis);
    }

    /// With another patience.
    public TrialOptions withPatience(long picos) {
        return new TrialOptions(picos, quietPicos, watchdogMillis, checks, findsLines, around);
    }

    /// With another watchdog.
    public TrialOptions withWatchdog(long millis) {
        return new TrialOptions(patiencePicos, quietPicos, millis, checks, findsLines, around);
    }

    /// Without the checker.
    public TrialOptions unchecked() {
        return new TrialOptions(patiencePicos, quietPicos, watchdogMillis, false, findsLines, around);
    }

    /// With a checker that says that there is something, and not where.
    public TrialOptions withoutLines() {
        return new TrialOptions(patiencePicos, quietPicos, watchdogMillis, checks, false, around);
    }

    /// With somebody else who looks on.
    public TrialOptions with(UnaryOperator<Seams> newAround) {
        return new TrialOptions(patiencePicos, quietPicos, watchdogMillis, checks, findsLines, newAround);
    }
}
