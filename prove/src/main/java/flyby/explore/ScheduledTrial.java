package flyby.explore;

import flyby.check.Finding;
import flyby.explore.ScheduledSeams.Freedom;
import flyby.trial.HostileMachine;
import flyby.trial.Subject;
import flyby.trial.Trial;
import flyby.trial.TrialOptions;
import flyby.trial.Verdict;
import java.util.List;
import java.util.function.Function;
import java.util.function.Supplier;

/// A trial in which a schedule decides what no specification does.
public final class ScheduledTrial {
    /// What nothing asks a schedule about is the same in all runs.
    private static final long SEED = 1;

    private ScheduledTrial() {}

    /// One run.
    public static Verdict run(Subject subject, HostileMachine machine, Schedule schedule, TrialOptions options) {
        return run(subject, machine, SEED, schedule, options);
    }

    /// One run.
    ///
    /// @param seed of what nothing asks a schedule about
    public static Verdict run(
            Subject subject, HostileMachine machine, long seed, Schedule schedule, TrialOptions options) {
        Freedom freedom = Freedom.of(machine.description());
        TrialOptions scheduled =
                options.with(seams -> new ScheduledSeams(options.around().apply(seams), schedule, freedom));
        return Trial.run(subject, machine, seed, schedule, scheduled);
    }

    /// Runs for [Explorer#explore], each of a subject of its own: what they find.
    public static Function<Schedule, List<Finding>> of(
            Supplier<? extends Subject> subjects, HostileMachine machine, TrialOptions options) {
        return schedule -> run(subjects.get(), machine, schedule, options).findings();
    }
}
