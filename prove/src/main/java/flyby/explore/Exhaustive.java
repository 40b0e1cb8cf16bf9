package flyby.explore;

import flyby.base.Check;
import flyby.choice.Footprint;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Function;

/// Makes every run there is with up to so many decisions that are not plain, depth first: delay-bounded scheduling
/// (Emmi, Qadeer, Rakamaric, POPL 2011).
///
/// With reduction, an answer is left out that is about bytes which nobody else touches in a way that matters, in any
/// run: being late with such an access only makes what the same party does next late, and that is decided, and tried,
/// at the next access that others can tell. (So, too, model checkers switch only at visible operations: Godefroid,
/// POPL 1997.) What others touch is known from the runs themselves: an answer that was left out is taken up again if
/// a later run shows that it matters. What this does not see: waits that only matter added up, none of which would do.
public final class Exhaustive {
    /// How far it goes.
    ///
    /// @param picksMax how many decisions of a run are not plain, at most
    /// @param runsMax after how many runs it is enough
    /// @param reduces whether what cannot matter is left out
    /// @param granuleBytes what moves between memory and caches together: the line
    public record Limits(int picksMax, int runsMax, boolean reduces, int granuleBytes) {
        public Limits {
            Check.that(
                    picksMax >= 0 && runsMax >= 1 && granuleBytes >= 1,
                    "%d decisions in %d runs, lines of %d B",
                    picksMax,
                    runsMax,
                    granuleBytes);
        }
    }

    /// What all the runs gave.
    ///
    /// @param outcomes each of them with the first schedule that gave it
    /// @param explored how many runs there were
    /// @param pruned how many alternatives were left out, each with all that would have followed from it
    /// @param isComplete whether there are no others within the limit of decisions
    public record Result<R>(Map<R, List<Pick>> outcomes, int explored, int pruned, boolean isComplete) {}

    private record Alternative(List<Pick> picks, Footprint about) {}

    private final Limits limits;
    private final Conflicts conflicts;
    private final Deque<List<Pick>> frontier = new ArrayDeque<>();
    private List<Alternative> pruned = new ArrayList<>();

    private Exhaustive(Limits limits) {
        this.limits = limits;
        conflicts = new Conflicts(limits.granuleBytes());
    }

    /// Makes all runs of `run`, which depends on its schedule alone and says what came out.
    public static <R> Result<R> explore(Limits limits, Function<Schedule, R> run) {
        return new Exhaustive(limits).explore(run);
    }

    private <R> Result<R> explore(Function<Schedule, R> run) {
        Map<R, List<Pick>> outcomes = new LinkedHashMap<>();
        int explored = 0;
        frontier.push(List.of());
        while (!frontier.isEmpty() && explored < limits.runsMax()) {
            List<Pick> picks = frontier.pop();
            ObservedSchedule schedule = new ObservedSchedule(picks, conflicts::add);
            outcomes.putIfAbsent(run.apply(schedule), picks);
            explored++;
            if (picks.size() < limits.picksMax()) {
                branch(picks, schedule.asked());
            }
            if (frontier.isEmpty()) {
                reconsider();
            }
        }
        return new Result<>(outcomes, explored, pruned.size(), frontier.isEmpty());
    }

    /// All that could have been decided otherwise after the last decision that was not plain. The earliest is on top.
    private void branch(List<Pick> picks, List<ObservedSchedule.Question> questions) {
        for (int i = questions.size() - 1; i >= 0; i--) {
            ObservedSchedule.Question question = questions.get(i);
            if (!picks.isEmpty() && isAbout(question, picks.getLast())) {
                return;
            }
            for (int value = question.abouts().size(); value >= 1; value--) {
                List<Pick> more = new ArrayList<>(picks);
                more.add(new Pick(question.point(), question.index(), value));
                Alternative alternative =
                        new Alternative(more, question.abouts().get(value - 1));
                if (limits.reduces() && !conflicts.has(alternative.about())) {
                    pruned.add(alternative);
                } else {
                    frontier.push(more);
                }
            }
        }
    }

    private static boolean isAbout(ObservedSchedule.Question question, Pick pick) {
        return question.point() == pick.point() && question.index() == pick.index();
    }

    /// Takes up what was left out and matters after all.
    private void reconsider() {
        List<Alternative> rest = new ArrayList<>();
        for (Alternative each : pruned) {
            if (conflicts.has(each.about())) {
                frontier.push(each.picks());
            } else {
                rest.add(each);
            }
        }
        pruned = rest;
    }
}
