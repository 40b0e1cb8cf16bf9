package flyby.report;

import flyby.base.Check;
import flyby.trace.TraceSink;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.stream.Stream;

/// Keeps a bounded part of a trace for the report: the first slices and instants of each track, the occupancy of
/// the whole run in a histogram, and each counter, thinned out evenly when it has too many values.
///
/// A run of gigabytes therefore still shows a truthful picture: from where the slices stop, the report draws how
/// busy each row was and says so. One sink belongs to one run.
public final class TimelineSink implements TraceSink {
    /// How many slices, and as many instants, a track keeps if nothing else is said.
    public static final int KEPT_DEFAULT = 2_000;

    /// The group of the rows that show transfers, which are no tracks of the trace.
    static final String TRANSFERS = "transfers";

    /// Transfer lanes beyond this many have no row: a picture of more shows nothing.
    private static final int LANES_MAX = 16;

    private static final class Kept {
        private int count;
        private long total;
        private long[] begins = new long[64];
        private long[] ends = new long[64];
        private int[] names = new int[64];
        private int[] depths = new int[64];
        private long[] transfers = new long[64];
        private long[] arguments = new long[64];

        private int add(int limit, long begin, int depth, int name, long transfer, long argument) {
            total++;
            if (count == limit) {
                return -1;
            }
            if (count == begins.length) {
                int room = Math.min(limit, count * 2);
                begins = Arrays.copyOf(begins, room);
                ends = Arrays.copyOf(ends, room);
                names = Arrays.copyOf(names, room);
                depths = Arrays.copyOf(depths, room);
                transfers = Arrays.copyOf(transfers, room);
                arguments = Arrays.copyOf(arguments, room);
            }
            begins[count] = begin;
            ends[count] = -1;
            depths[count] = depth;
            names[count] = name;
            transfers[count] = transfer;
            arguments[count] = argument;
            return count++;
        }
    }

    private static final class Track {
        private final String group;
        private final String name;
        private final Kept slices = new Kept();
        private final Kept instants = new Kept();
        private final OccupancyHistogram occupancy = new OccupancyHistogram();
        private int[] open = new int[4];
        private int depth;
        private int depthMax;
        private long outerBeginPicos;
        private long busyPicos;
        private long cutPicos = Long.MAX_VALUE;

        private Track(String group, String name) {
            this.group = group;
            this.name = name;
        }

        private void begin(int limit, long time, int nameIndex, long transfer, long argument) {
            if (depth == open.length) {
                open = Arrays.copyOf(open, depth * 2);
            }
            int index = slices.add(limit, time, depth, nameIndex, transfer, argument);
            if (index < 0) {
                cutPicos = Math.min(cutPicos, time);
            }
            if (depth == 0) {
                outerBeginPicos = time;
            }
            open[depth++] = index;
            depthMax = Math.max(depthMax, depth);
        }

        private void end(long time) {
            if (depth == 0) {
                throw Check.bug("nothing is open on %s / %s at %d ps", group, name, time);
            }
            int index = open[--depth];
            if (index >= 0) {
                slices.ends[index] = time;
            }
            if (depth == 0) {
                busyPicos += time - outerBeginPicos;
                occupancy.add(outerBeginPicos, time);
            }
        }
    }

    private static final class Counter {
        private final int track;
        private final int name;
        private long[] times = new long[64];
        private long[] values = new long[64];
        private int count;
        private long seen;
        private long stride = 1;

        private Counter(int track, int name) {
            this.track = track;
            this.name = name;
        }

        private void add(int limit, long time, long value) {
            if (seen++ % stride != 0) {
                return;
            }
            if (count == limit) {
                // Every other value goes; the picture keeps its shape over the whole run.
                for (int i = 0; 2 * i < count; i++) {
                    times[i] = times[2 * i];
                    values[i] = values[2 * i];
                }
                count = (count + 1) / 2;
                stride *= 2;
                if ((seen - 1) % stride != 0) {
                    return;
                }
            }
            if (count == times.length) {
                times = Arrays.copyOf(times, Math.min(limit, count * 2));
                values = Arrays.copyOf(values, times.length);
            }
            times[count] = time;
            values[count++] = value;
        }
    }

    private final int keptMax;
    private final List<String> names = new ArrayList<>();
    private final List<Track> tracks = new ArrayList<>();
    private final List<Track> laneTracks = new ArrayList<>();
    private final List<Counter> counters = new ArrayList<>();
    private final Lanes lanes = new Lanes();
    private int[] lanePhases = new int[LANES_MAX];
    private long endPicos;

    public TimelineSink() {
        this(KEPT_DEFAULT);
    }

    /// @param keptMax how many slices and how many instants each track keeps, 64 or more
    public TimelineSink(int keptMax) {
        Check.that(keptMax >= 64, "keptMax=%d", keptMax);
        this.keptMax = keptMax;
    }

    /// What was kept so far, as the timeline of the run called `run`. What is still open ends at the last record.
    public Timeline timeline(String run) {
        List<Timeline.Row> rows = Stream.concat(laneTracks.stream(), tracks.stream())
                .map(this::row)
                .toList();
        return new Timeline(
                run, endPicos, rows, counters.stream().map(this::counter).toList());
    }

    @Override
    public void defineTrack(int track, String group, String name) {
        Check.that(track == tracks.size(), "track %d comes after %d", track, tracks.size());
        tracks.add(new Track(group, name));
    }

    @Override
    public void defineName(int name, String text) {
        names.add(text);
    }

    @Override
    public void begin(long timePicos, int track, int name, long transfer, long argument) {
        sees(timePicos);
        tracks.get(track).begin(keptMax, timePicos, name, transfer, argument);
    }

    @Override
    public void end(long timePicos, int track) {
        sees(timePicos);
        tracks.get(track).end(timePicos);
    }

    @Override
    public void instant(long timePicos, int track, int name, long transfer, long argument) {
        sees(timePicos);
        tracks.get(track).instants.add(keptMax, timePicos, 0, name, transfer, argument);
    }

    @Override
    public void counter(long timePicos, int track, int name, long value) {
        sees(timePicos);
        for (int i = 0; i < counters.size(); i++) {
            Counter counter = counters.get(i);
            if (counter.track == track && counter.name == name) {
                counter.add(keptMax, timePicos, value);
                return;
            }
        }
        Counter counter = new Counter(track, name);
        counter.add(keptMax, timePicos, value);
        counters.add(counter);
    }

    @Override
    public void transferBegin(long timePicos, long transfer, int phase, long byteCount) {
        sees(timePicos);
        int lane = lanes.open(transfer);
        if (lane >= lanePhases.length) {
            lanePhases = Arrays.copyOf(lanePhases, lane * 2);
        }
        lanePhases[lane] = phase;
        if (lane < LANES_MAX) {
            if (lane == laneTracks.size()) {
                laneTracks.add(new Track(TRANSFERS, "lane " + (lane + 1)));
            }
            laneTracks.get(lane).begin(keptMax, timePicos, -1, transfer, byteCount);
            laneTracks.get(lane).begin(keptMax, timePicos, phase, transfer, byteCount);
        }
    }

    @Override
    public void phase(long timePicos, long transfer, int phase) {
        sees(timePicos);
        int lane = lanes.find(transfer);
        if (lane < 0) {
            throw Check.bug("transfer %d is not open", transfer);
        }
        if (lane < LANES_MAX && lanePhases[lane] != phase) {
            Track track = laneTracks.get(lane);
            track.end(timePicos);
            track.begin(keptMax, timePicos, phase, transfer, 0);
        }
        lanePhases[lane] = phase;
    }

    @Override
    public void transferEnd(long timePicos, long transfer) {
        sees(timePicos);
        int lane = lanes.close(transfer);
        if (lane < LANES_MAX) {
            laneTracks.get(lane).end(timePicos);
            laneTracks.get(lane).end(timePicos);
        }
    }

    private void sees(long timePicos) {
        endPicos = Math.max(endPicos, timePicos);
    }

    private String name(int index) {
        return index < 0 ? "transfer" : names.get(index);
    }

    private Timeline.Row row(Track track) {
        Kept kept = track.slices;
        List<Timeline.Slice> slices = new ArrayList<>();
        for (int i = 0; i < kept.count; i++) {
            long end = kept.ends[i] < 0 ? endPicos : kept.ends[i];
            slices.add(new Timeline.Slice(
                    kept.begins[i], end, kept.depths[i], name(kept.names[i]), kept.transfers[i], kept.arguments[i]));
        }
        Kept marks = track.instants;
        List<Timeline.Instant> instants = new ArrayList<>();
        for (int i = 0; i < marks.count; i++) {
            instants.add(new Timeline.Instant(
                    marks.begins[i], name(marks.names[i]), marks.transfers[i], marks.arguments[i]));
        }
        boolean isOpen = track.depth > 0;
        return new Timeline.Row(
                track.group,
                track.name,
                track.depthMax,
                slices,
                kept.total,
                instants,
                marks.total,
                track.cutPicos,
                track.busyPicos + (isOpen ? endPicos - track.outerBeginPicos : 0),
                track.occupancy.occupancy(endPicos));
    }

    private Timeline.Counter counter(Counter counter) {
        return new Timeline.Counter(
                tracks.get(counter.track).group,
                name(counter.name),
                Arrays.stream(counter.times, 0, counter.count).boxed().toList(),
                Arrays.stream(counter.values, 0, counter.count).boxed().toList(),
                counter.stride);
    }
}
