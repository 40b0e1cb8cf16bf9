package flyby.validate.coherence;

import flyby.validate.Row;
import flyby.validate.Section;
import java.util.List;
import java.util.stream.Stream;

/// Section `coherence`: rows 9.1 to 9.11.
public final class CoherenceSection {
    private CoherenceSection() {}

    public static Section section() {
        List<Row> rows = Stream.of(CacheRows.rows(), SyncRows.rows(), BounceRows.rows(), PlaceRows.rows())
                .flatMap(List::stream)
                .sorted(Row.ORDER)
                .toList();
        return new Section("coherence", "caches, their maintenance, and devices", rows);
    }
}
