package flyby.explore;

import flyby.choice.Footprint;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;
import java.util.function.LongFunction;

/// Decides as it was told, and keeps every question, to see what else could have been decided.
final class ObservedSchedule extends ReplaySchedule {
    /// @param abouts what each answer from 1 on is about
    record Question(Point point, int index, List<Footprint> abouts) {}

    private final List<Question> questions = new ArrayList<>();
    private final Consumer<Footprint> accesses;

    /// @param accesses is told of all that are known
    ObservedSchedule(List<Pick> picks, Consumer<Footprint> accesses) {
        super(picks);
        this.accesses = accesses;
    }

    @Override
    long choose(Point point, int index, long bound, LongFunction<Footprint> about) {
        List<Footprint> abouts = new ArrayList<>();
        for (long value = 1; value < bound; value++) {
            abouts.add(about.apply(value));
        }
        questions.add(new Question(point, index, abouts));
        if (point != Point.EVICTION && point != Point.PREFETCH) {
            touched(abouts.getFirst());
        }
        return super.choose(point, index, bound, about);
    }

    @Override
    public void touched(Footprint access) {
        if (access.isKnown()) {
            accesses.accept(access);
        }
    }

    /// All of them, in their order.
    List<Question> asked() {
        return questions;
    }
}
