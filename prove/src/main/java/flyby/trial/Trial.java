package flyby.trial;

import flyby.choice.Decisions;
import flyby.explore.PctSchedule;
import flyby.explore.Schedule;
import java.util.function.Supplier;

/// Runs subjects on hostile machines.
public final class Trial {
    private Trial() {}

    /// One run of `subject` on `machine`, where everything happens as `seed` has it.
    public static Verdict run(Subject subject, HostileMachine machine, long seed) {
        return run(subject, machine, seed, TrialOptions.STANDARD);
    }

    /// The same, with `options`.
    public static Verdict run(Subject subject, HostileMachine machine, long seed, TrialOptions options) {
        return run(subject, machine, seed, Schedule.mixed(seed, PctSchedule.STEPS), options);
    }

    /// One run in which `decisions` decides what no specification does.
    public static Verdict run(Subject subject, HostileMachine machine, Decisions decisions) {
        return run(subject, machine, 1, decisions, TrialOptions.STANDARD);
    }

    /// One run.
    ///
    /// The driver may throw, wait for ever, or never return: the verdict has what was found until then, and how it
    /// ended. A driver that loops without touching the machine is left to itself, on a thread of its own.
    ///
    /// @param seed of whatever is drawn at random beside `decisions`
    /// @throws AssertionError if the laboratory itself fails
    public static Verdict run(
            Subject subject, HostileMachine machine, long seed, Decisions decisions, TrialOptions options) {
        return new TrialRun(subject, machine, seed, decisions, options).run();
    }

    /// One run, and if that finds anything, the same once more with the driver's lines: what looks through many runs,
    /// most of which find nothing, is done sooner.
    ///
    /// @param subjects makes the subject, for each of the two
    public static Verdict look(
            Supplier<Subject> subjects, HostileMachine machine, Schedule schedule, TrialOptions options) {
        Verdict first = run(subjects.get(), machine, 1, schedule, options.withoutLines());
        return first.findings().isEmpty() ? first : run(subjects.get(), machine, 1, Schedule.again(schedule), options);
    }

    static String cardName(int index) {
        return HostileMachine.functionOf(index);
    }
}
