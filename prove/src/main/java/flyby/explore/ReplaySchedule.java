package flyby.explore;

import flyby.choice.Footprint;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.LongFunction;

/// Decides as it was told, and plainly ever else.
public class ReplaySchedule extends Schedule {
    private final List<Pick> wanted;
    /// By point, and then by the number of the question.
    private final List<Map<Integer, Long>> values = new ArrayList<>();

    /// A value that does not fit its question is taken modulo the number of its answers.
    public ReplaySchedule(List<Pick> picks) {
        wanted = List.copyOf(picks);
        for (int i = 0; i < Point.values().length; i++) {
            values.add(new TreeMap<>());
        }
        for (Pick pick : picks) {
            values.get(pick.point().ordinal()).put(pick.index(), pick.value());
        }
    }

    @Override
    long choose(Point point, int index, long bound, LongFunction<Footprint> about) {
        Long value = values.get(point.ordinal()).get(index);
        return value == null ? 0 : Long.remainderUnsigned(value, bound);
    }

    @Override
    public String toString() {
        return wanted.isEmpty() ? "plain" : Pick.text(wanted);
    }
}
