package flyby.explore;

import flyby.choice.Footprint;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.LongFunction;

/// Decides as it was told, and plainly ever else.
public class ReplaySchedule extends Schedule {
    private final List<Pick> wanted;
    /// By point, and then by the number of the question.
    private final Map<Point, Map<Integer, Long>> values = new EnumMap<>(Point.class);

    /// A value that does not fit its question is taken modulo the number of its answers.
    public ReplaySchedule(List<Pick> picks) {
        wanted = List.copyOf(picks);
        for (Pick pick : picks) {
            values.computeIfAbsent(pick.point(), _ -> new TreeMap<>()).put(pick.index(), pick.value());
        }
    }

    @Override
    long choose(Point point, int index, long bound, LongFunction<Footprint> about) {
        Long value = values.getOrDefault(point, Map.of()).get(index);
        return value == null ? 0 : Long.remainderUnsigned(value, bound);
    }

    @Override
    public String toString() {
        return wanted.isEmpty() ? "plain" : Pick.text(wanted);
    }
}
