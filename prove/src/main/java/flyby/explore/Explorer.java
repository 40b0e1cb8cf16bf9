package flyby.explore;

import flyby.base.Check;
import flyby.check.Finding;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Function;
import java.util.stream.Stream;

/// Looks for a schedule under which a driver fails, and makes it small.
public final class Explorer {
    /// Which schedules are tried.
    public enum Strategy {
        /// Random ones and those of PCT, in turn.
        MIXED,
        RANDOM,
        PCT,
        /// All there are with up to a few decisions that are not plain, and as many as the limit of runs allows.
        EXHAUSTIVE
    }

    /// How much is tried.
    ///
    /// @param firstSeed of the first run after the plain one; 1 or more
    /// @param runs how many schedules are tried, at most, beside those that make one small
    /// @param findsAll whether to go on after the first finding, and collect all that differ
    /// @param shrinkRuns how many runs making one small may take
    public record Limits(Strategy strategy, long firstSeed, int runs, boolean findsAll, int shrinkRuns) {
        /// Up to `runs` mixed ones until one fails.
        public static Limits mixed(int runs) {
            return new Limits(Strategy.MIXED, 0, runs, false, 200);
        }

        public Limits {
            Check.that(runs >= 1 && shrinkRuns >= 0, "%d runs, and %d to shrink", runs, shrinkRuns);
        }

        /// Those of one kind.
        public Limits with(Strategy newStrategy) {
            return new Limits(newStrategy, firstSeed, runs, findsAll, shrinkRuns);
        }
    }

    /// A bug, and the fewest decisions that were found to bring it out.
    ///
    /// @param finding as it is in the run of those
    /// @param found the schedule that found it
    /// @param schedule what to repeat it with
    /// @param picksBefore how many decisions of the run that found it were not plain
    /// @param isSmallest whether none of those that are left can be left out
    public record Failure(Finding finding, String found, String schedule, int picksBefore, boolean isSmallest) {
        /// The command that repeats it.
        public String replay(String driver, String machine) {
            return "./flyby check %s --machine %s --schedule %s".formatted(driver, machine, schedule);
        }
    }

    /// What came out.
    ///
    /// @param runs how many schedules were tried
    /// @param shrinkRuns how many runs it took to make the failing ones small
    /// @param coverage what can be said of the runs that there are: `complete with up to 2 decisions`; empty if
    ///     nothing can
    public record Result(List<Failure> failures, int runs, int shrinkRuns, String coverage) {}

    private static final int EXHAUSTIVE_PICKS = 2;
    private static final int LINE_BYTES = 64;

    private final Limits limits;
    private final Function<Schedule, List<Finding>> run;
    private final List<Failure> failures = new ArrayList<>();
    private int runs;
    private int shrinkRuns;

    private Explorer(Limits limits, Function<Schedule, List<Finding>> run) {
        this.limits = limits;
        this.run = run;
    }

    /// Tries schedules.
    ///
    /// @param run what a run under a schedule finds; it depends on the schedule alone
    public static Result explore(Limits limits, Function<Schedule, List<Finding>> run) {
        return new Explorer(limits, run).explore();
    }

    private Result explore() {
        if (limits.strategy() == Strategy.EXHAUSTIVE) {
            return exhaust();
        }
        Schedule plain = new ReplaySchedule(List.of());
        take(plain);
        long steps = Math.max(1, plain.questions());
        for (long seed = Math.max(1, limits.firstSeed()); runs < limits.runs() && !isEnough(); seed++) {
            take(schedule(seed, steps));
        }
        return new Result(failures, runs, shrinkRuns, "");
    }

    private Schedule schedule(long seed, long steps) {
        return switch (limits.strategy()) {
            case RANDOM -> new RandomSchedule(seed);
            case PCT -> Schedule.pct(seed, steps);
            default -> Schedule.mixed(seed, steps);
        };
    }

    private boolean isEnough() {
        return !limits.findsAll() && !failures.isEmpty();
    }

    private void take(Schedule schedule) {
        runs++;
        for (Finding finding : run.apply(schedule)) {
            if (!isEnough() && failures.stream().noneMatch(known -> isSame(known.finding(), finding))) {
                failures.add(shrink(finding, schedule));
            }
        }
    }

    /// All runs. Once there is a failure and one is enough, the rest is asked nothing, and so has nothing behind it.
    private Result exhaust() {
        Exhaustive.Result<Boolean> all = Exhaustive.explore(
                new Exhaustive.Limits(EXHAUSTIVE_PICKS, limits.runs(), true, LINE_BYTES), schedule -> {
                    if (!isEnough()) {
                        take(schedule);
                    }
                    return isEnough();
                });
        String coverage = "%s runs with up to %d decisions that are not plain: %d explored, %d alternatives pruned"
                .formatted(
                        all.isComplete() && !isEnough() ? "complete: all" : "cut off: not all",
                        EXHAUSTIVE_PICKS,
                        runs,
                        all.pruned());
        return new Result(failures, runs, shrinkRuns, coverage);
    }

    /// Whether they are one bug.
    private static boolean isSame(Finding one, Finding other) {
        return one.rule() == other.rule() && one.site().equals(other.site());
    }

    private Failure shrink(Finding finding, Schedule schedule) {
        List<Finding> last = new ArrayList<>(List.of(finding));
        ScheduleShrinker shrinker = new ScheduleShrinker(
                schedule.picks(),
                picks -> {
                    shrinkRuns++;
                    Stream<Finding> found = run.apply(new ReplaySchedule(picks)).stream();
                    List<Finding> same =
                            found.filter(each -> isSame(each, finding)).toList();
                    if (!same.isEmpty()) {
                        last.set(0, same.getFirst());
                    }
                    return !same.isEmpty();
                },
                limits.shrinkRuns());
        List<Pick> smallest = shrinker.shrink();
        return new Failure(
                last.getFirst(),
                schedule.toString(),
                new ReplaySchedule(smallest).toString(),
                schedule.picks().size(),
                shrinker.isDone());
    }
}
