package flyby.explore;

import flyby.base.LabException;
import flyby.choice.Decisions;
import flyby.choice.Footprint;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.function.LongFunction;

/// Decides for one run, and remembers what it decided.
///
/// Equal schedules give equal runs, byte for byte. As text a schedule is `plain`, `random:SEED`,
/// `random:SEED:ONE-IN`, `pct:SEED:DEPTH`, `pct:SEED:DEPTH:STEPS`, or a run's decisions that were not plain, as
/// [Pick] writes them: `d2:1,p45:3`.
public abstract class Schedule implements Decisions {
    private static final String ACCEPTED = "plain, random:SEED, random:SEED:ONE-IN, pct:SEED:DEPTH, "
            + "pct:SEED:DEPTH:STEPS, or decisions such as d2:1,p45:3";

    private static final int PCT_DEPTHS = 3;

    /// How many questions there were about each point.
    private final Map<Point, int[]> counts = new EnumMap<>(Point.class);

    private final List<Pick> picks = new ArrayList<>();
    private int questions;

    Schedule() {}

    /// Number `seed` of those that are tried, one after the other, if nobody says otherwise: the plain one, and then
    /// random ones and those of PCT in turn.
    ///
    /// @param steps how many questions a run has, more or less
    public static Schedule mixed(long seed, long steps) {
        if (seed == 0) {
            return new ReplaySchedule(List.of());
        }
        return seed % 2 == 0 ? new RandomSchedule(seed) : pct(seed, steps);
    }

    /// Of PCT, with depths in turn: deeper bugs are rarer, and each step deeper makes them harder to hit.
    static Schedule pct(long seed, long steps) {
        return new PctSchedule(seed, 1 + Math.floorMod(seed / 2, PCT_DEPTHS), steps);
    }

    /// The schedule that `text` says.
    ///
    /// @throws LabException if it says none
    public static Schedule of(String text) {
        String[] words = text.split(":", -1);
        return switch (words[0]) {
            case "plain" -> {
                expectCount(text, words, 1, 1);
                yield new ReplaySchedule(List.of());
            }
            case "random" -> {
                expectCount(text, words, 2, 3);
                long seed = number(text, words[1], 0);
                yield words.length == 2
                        ? new RandomSchedule(seed)
                        : new RandomSchedule(seed, number(text, words[2], 1));
            }
            case "pct" -> {
                expectCount(text, words, 3, 4);
                long steps = words.length == 3 ? PctSchedule.STEPS : number(text, words[3], 1);
                int depth = (int) Math.min(number(text, words[2], 1), PctSchedule.DEPTH_MAX);
                yield new PctSchedule(number(text, words[1], 0), depth, steps);
            }
            default -> new ReplaySchedule(Pick.parse(text));
        };
    }

    /// One that decides once more as `schedule` has.
    public static Schedule again(Schedule schedule) {
        return new ReplaySchedule(schedule.picks());
    }

    private static void expectCount(String text, String[] words, int least, int most) {
        if (words.length < least || words.length > most) {
            throw unusable(text, ACCEPTED);
        }
    }

    private static long number(String text, String word, long least) {
        if (!word.matches("[0-9]{1,18}") || Long.parseLong(word) < least) {
            throw unusable(text, ACCEPTED);
        }
        return Long.parseLong(word);
    }

    static LabException unusable(String found, String accepted) {
        return new LabException(LabException.Kind.BAD_INPUT, "a schedule", found, accepted);
    }

    /// The answer to the next question.
    ///
    /// @param index how many there were about `point` before
    /// @param bound 2 or more
    abstract long choose(Point point, int index, long bound, LongFunction<Footprint> about);

    @Override
    public final long below(Point point, long bound) {
        return below(point, bound, _ -> Footprint.unknown("anybody"));
    }

    @Override
    public final long below(Point point, long bound, LongFunction<Footprint> about) {
        if (bound < 2) {
            return 0;
        }
        int index = counts.computeIfAbsent(point, _ -> new int[1])[0]++;
        long value = choose(point, index, bound, about);
        questions++;
        if (value != 0) {
            picks.add(new Pick(point, index, value));
        }
        return value;
    }

    /// How many questions it was asked so far.
    public final int questions() {
        return questions;
    }

    /// What it decided so far, in that order, where that was not the plain answer. A [ReplaySchedule] of these gives
    /// the same run.
    public final List<Pick> picks() {
        return List.copyOf(picks);
    }

    /// As text; [#of] reads it.
    @Override
    public abstract String toString();
}
