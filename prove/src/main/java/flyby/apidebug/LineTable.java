package flyby.apidebug;

import flyby.dma.Attributes;
import flyby.dma.Direction;
import java.util.TreeMap;

/// The first cache line of each mapping that the device may write: the kernel's `dma_active_cacheline`.
final class LineTable {
    /// `ACTIVE_CACHELINE_MAX_OVERLAP`.
    static final int OVERLAPS_MAX = 7;

    private static final long CLEAN = Attributes.DEBUGGING_IGNORE_CACHELINES | Attributes.REQUIRE_COHERENT;

    private final int lineBytes;
    private final TreeMap<Long, Line> lines = new TreeMap<>();

    /// @param lineBytes `L1_CACHE_BYTES`
    LineTable(int lineBytes) {
        this.lineBytes = lineBytes;
    }

    private static final class Line {
        final boolean isClean;
        int overlaps;

        Line(boolean isClean) {
            this.isClean = isClean;
        }
    }

    /// What became of an entry's line.
    ///
    /// @param overlaps mappings beside the first
    /// @param isReported whether it is worth words
    record Outcome(int overlaps, boolean isReported) {}

    private static boolean isClean(Entry entry) {
        return (entry.shape.attributes() & CLEAN) != 0;
    }

    Outcome insert(Entry entry) {
        if (entry.shape.direction() == Direction.TO_DEVICE) {
            return new Outcome(0, false);
        }
        Line line = lines.get(entry.shape.physical() / lineBytes);
        if (line == null) {
            lines.put(entry.shape.physical() / lineBytes, new Line(isClean(entry)));
            return new Outcome(0, false);
        }
        line.overlaps++;
        boolean skips = (entry.shape.attributes() & Attributes.SKIP_CPU_SYNC) != 0;
        return new Outcome(line.overlaps, !skips && !(isClean(entry) && line.isClean));
    }

    void remove(Entry entry) {
        if (entry.shape.direction() == Direction.TO_DEVICE) {
            return;
        }
        Line line = lines.get(entry.shape.physical() / lineBytes);
        if (line != null && --line.overlaps < 0) {
            lines.remove(entry.shape.physical() / lineBytes);
        }
    }
}
