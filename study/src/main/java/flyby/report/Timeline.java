package flyby.report;

import java.util.List;

/// The part of a run's trace that a report shows: bounded, and saying where it stops.
///
/// @param run name of the run
/// @param endPicos time of the last record
/// @param rows in the order in which they are shown
/// @param counters quantities over time
public record Timeline(String run, long endPicos, List<Row> rows, List<Counter> counters) {
    public Timeline {
        rows = List.copyOf(rows);
        counters = List.copyOf(counters);
    }

    /// One row.
    ///
    /// @param depth how deep slices nest, 0 if there are none
    /// @param slices the first ones, in order of their begin
    /// @param sliceCount how many there were in the run
    /// @param instants the first ones
    /// @param instantCount how many there were in the run
    /// @param cutPicos slices from here on are in the occupancy only; [Long#MAX_VALUE] if all are kept
    /// @param busyPicos how long there was at least one slice
    /// @param occupancy how much of each stretch of the run was busy
    public record Row(
            String group,
            String name,
            int depth,
            List<Slice> slices,
            long sliceCount,
            List<Instant> instants,
            long instantCount,
            long cutPicos,
            long busyPicos,
            Occupancy occupancy) {
        public Row {
            slices = List.copyOf(slices);
            instants = List.copyOf(instants);
        }
    }

    /// Something that lasted.
    ///
    /// @param depth 0 for an outermost slice
    /// @param transfer that it was done for, or 0
    public record Slice(long beginPicos, long endPicos, int depth, String name, long transfer, long argument) {}

    /// Something that happened at one instant.
    public record Instant(long timePicos, String name, long transfer, long argument) {}

    /// How busy a row was, bucket by bucket from time 0.
    ///
    /// @param bucketPicos length of each
    /// @param busyPicos of each, at most `bucketPicos`
    public record Occupancy(long bucketPicos, List<Long> busyPicos) {
        public Occupancy {
            busyPicos = List.copyOf(busyPicos);
        }
    }

    /// A quantity over time: `values[i]` holds from `timesPicos[i]` on.
    ///
    /// @param stride one of so many values is kept, evenly over the run
    public record Counter(String group, String name, List<Long> timesPicos, List<Long> values, long stride) {
        public Counter {
            timesPicos = List.copyOf(timesPicos);
            values = List.copyOf(values);
        }
    }
}
