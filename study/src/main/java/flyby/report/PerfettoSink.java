package flyby.report;

import flyby.base.Check;
import flyby.trace.TraceSink;
import java.io.IOException;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/// Writes a trace for Perfetto (ui.perfetto.dev, `trace_processor`), as the records arrive.
///
/// One process a run, in it one track for each track of the trace, grouped; a counter track for each counter; and
/// under `transfers` as many lanes as transfers are open at once, each showing transfers as slices with their
/// phases nested in them. The first slice that a transfer has on each track is linked by a flow, so that arrows
/// lead from its begin through CPU, bus and device.
///
/// Perfetto counts nanoseconds, and so does this file: 1 ns there is 1 ns of simulated time. A time that is not a
/// whole nanosecond is rounded to the nearest one and its exact picoseconds are kept as the annotation `ps` (of a
/// slice's end: `end_ps`). A record's argument is the annotation `argument`, in hexadecimal.
///
/// Field numbers: perfetto `protos/perfetto/trace/trace_packet.proto` and, beside it, `track_event/`
/// `track_event.proto`, `track_descriptor.proto`, `debug_annotation.proto`, `interned_data/interned_data.proto`.
///
/// Memory is bounded by the numbers of tracks, names and transfers open at once. A failing stream surfaces as
/// [UncheckedIOException].
public final class PerfettoSink implements TraceSink, AutoCloseable {
    private static final int BUFFER_BYTES = 1 << 16;

    /// More than the largest record: three annotations, a flow, and ten bytes for each number.
    private static final int RECORD_BYTES_MAX = 192;

    // Tags of what is written for every record: field number << 3 | wire type.
    private static final byte TRACE_PACKET = 1 << 3 | 2;
    private static final byte PACKET_TIMESTAMP = 8 << 3;
    private static final byte PACKET_SEQUENCE_ID = 10 << 3;
    private static final byte PACKET_TRACK_EVENT = 11 << 3 | 2;
    private static final byte PACKET_SEQUENCE_FLAGS = 13 << 3;
    private static final byte EVENT_ANNOTATION = 4 << 3 | 2;
    private static final byte EVENT_TYPE = 9 << 3;
    private static final byte EVENT_NAME_IID = 10 << 3;
    private static final byte EVENT_TRACK_UUID = 11 << 3;
    private static final int EVENT_COUNTER_VALUE = 30 << 3;
    private static final int EVENT_FLOW_IDS = 47 << 3 | 1;
    private static final byte ANNOTATION_NAME_IID = 1 << 3;
    private static final byte ANNOTATION_UINT = 3 << 3;
    private static final byte ANNOTATION_POINTER = 7 << 3;

    // Fields of what is written once.
    private static final int PACKET_INTERNED_DATA = 12;
    private static final int PACKET_TRACK_DESCRIPTOR = 60;
    private static final int INTERNED_EVENT_NAMES = 2;
    private static final int INTERNED_ANNOTATION_NAMES = 3;
    private static final int TRACK_UUID = 1;
    private static final int TRACK_NAME = 2;
    private static final int TRACK_PROCESS = 3;
    private static final int TRACK_PARENT = 5;
    private static final int TRACK_COUNTER = 8;
    private static final int TRACK_CHILD_ORDERING = 11;
    private static final int TRACK_SIBLING_RANK = 12;
    private static final int ORDERING_EXPLICIT = 3;

    /// TracePacket.SequenceFlags: names interned before are void.
    private static final int INCREMENTAL_STATE_CLEARED = 1;
    /// TracePacket.SequenceFlags: this packet uses interned names.
    private static final byte NEEDS_INCREMENTAL_STATE = 2;

    // TrackEvent.Type.
    private static final byte SLICE_BEGIN = 1;
    private static final byte SLICE_END = 2;
    private static final byte INSTANT = 3;
    private static final byte COUNTER = 4;

    // Interned annotation names.
    private static final byte NONE = 0;
    private static final byte ARGUMENT = 1;
    private static final byte TRANSFER = 2;
    private static final byte PS = 3;
    private static final byte END_PS = 4;
    private static final byte BYTES = 5;
    private static final String[] ANNOTATION_NAMES = {"argument", "transfer", "ps", "end_ps", "bytes"};

    /// The interned name of a whole transfer; the names of the trace come after it.
    private static final int TRANSFER_NAME_IID = 1;

    private static final int FIRST_NAME_IID = 2;

    private final OutputStream stream;
    private final byte[] buffer = new byte[BUFFER_BYTES];
    private int size;
    private int run;
    private long processUuid;
    private long lastUuid;
    private Lanes lanes = new Lanes();
    private final Map<String, Long> groupUuids = new LinkedHashMap<>();
    private final List<String> names = new ArrayList<>();
    private long[] trackUuids = new long[16];
    private long[] laneUuids = new long[4];
    private int[] lanePhases = new int[4];
    /// For each lane the tracks on which its transfer has been seen: one bit each, the last bit shared.
    private long[] laneTracks = new long[4];

    private int laneCount;
    /// Counter tracks in order of first use, found again by (track, name).
    private long[] counterKeys = new long[8];

    private long[] counterUuids = new long[8];
    private int counterCount;

    /// A sink that writes to `stream`, which stays open when this is closed.
    public PerfettoSink(OutputStream stream) {
        this.stream = stream;
    }

    /// Everything from now on belongs to the run called `run` of `scenario`: a new process, with its own tracks.
    ///
    /// Comes before the trace of that run is made. Several runs go into one file, side by side from time 0.
    public void startRun(String scenario, String runName) {
        run++;
        lanes = new Lanes();
        laneCount = 0;
        counterCount = 0;
        names.clear();
        groupUuids.clear();
        processUuid = ++lastUuid;
        // ProcessDescriptor: pid 1, process_name 6.
        Proto process = new Proto().number(1, run).text(6, scenario + " / " + runName);
        Proto track = new Proto()
                .number(TRACK_UUID, processUuid)
                .message(TRACK_PROCESS, process)
                .number(TRACK_CHILD_ORDERING, ORDERING_EXPLICIT);
        Proto interned = new Proto().message(INTERNED_EVENT_NAMES, entry(TRANSFER_NAME_IID, "transfer"));
        for (int i = 0; i < ANNOTATION_NAMES.length; i++) {
            interned.message(INTERNED_ANNOTATION_NAMES, entry(i + 1, ANNOTATION_NAMES[i]));
        }
        packet(new Proto()
                .number(PACKET_SEQUENCE_FLAGS >> 3, INCREMENTAL_STATE_CLEARED)
                .message(PACKET_INTERNED_DATA, interned));
        packet(new Proto().message(PACKET_TRACK_DESCRIPTOR, track));
    }

    @Override
    public void defineTrack(int track, String group, String name) {
        trackUuids = room(trackUuids, track);
        trackUuids[track] = newTrack(group, name, track);
    }

    @Override
    public void defineName(int name, String text) {
        Check.that(name == names.size(), "name %d comes after %d", name, names.size());
        names.add(text);
        packet(new Proto()
                .number(PACKET_SEQUENCE_FLAGS >> 3, NEEDS_INCREMENTAL_STATE)
                .message(
                        PACKET_INTERNED_DATA,
                        new Proto().message(INTERNED_EVENT_NAMES, entry(FIRST_NAME_IID + name, text))));
    }

    @Override
    public void begin(long timePicos, int track, int name, long transfer, long argument) {
        boolean flows = transfer != 0 && firstOn(track, transfer);
        event(SLICE_BEGIN, timePicos, trackUuids[track], name + FIRST_NAME_IID, transfer, flows, ARGUMENT, argument);
    }

    @Override
    public void end(long timePicos, int track) {
        event(SLICE_END, timePicos, trackUuids[track], 0, 0, false, NONE, 0);
    }

    @Override
    public void instant(long timePicos, int track, int name, long transfer, long argument) {
        event(INSTANT, timePicos, trackUuids[track], name + FIRST_NAME_IID, transfer, false, ARGUMENT, argument);
    }

    @Override
    public void counter(long timePicos, int track, int name, long value) {
        event(COUNTER, timePicos, counterUuid(track, name), 0, 0, false, NONE, value);
    }

    @Override
    public void transferBegin(long timePicos, long transfer, int phase, long byteCount) {
        int lane = lanes.open(transfer);
        if (lane >= laneCount) {
            addLane(lane);
        }
        lanePhases[lane] = phase;
        laneTracks[lane] = 0;
        event(SLICE_BEGIN, timePicos, laneUuids[lane], TRANSFER_NAME_IID, transfer, true, BYTES, byteCount);
        event(SLICE_BEGIN, timePicos, laneUuids[lane], phase + FIRST_NAME_IID, 0, false, NONE, 0);
    }

    @Override
    public void phase(long timePicos, long transfer, int phase) {
        int lane = lanes.find(transfer);
        if (lane < 0) {
            throw Check.bug("transfer %d is not open", transfer);
        }
        if (lanePhases[lane] != phase) {
            lanePhases[lane] = phase;
            event(SLICE_END, timePicos, laneUuids[lane], 0, 0, false, NONE, 0);
            event(SLICE_BEGIN, timePicos, laneUuids[lane], phase + FIRST_NAME_IID, 0, false, NONE, 0);
        }
    }

    @Override
    public void transferEnd(long timePicos, long transfer) {
        int lane = lanes.close(transfer);
        event(SLICE_END, timePicos, laneUuids[lane], 0, 0, false, NONE, 0);
        event(SLICE_END, timePicos, laneUuids[lane], 0, 0, false, NONE, 0);
    }

    /// Hands what is buffered to the stream. Slices still open stay open: Perfetto shows them as unfinished.
    @Override
    public void close() {
        flush();
        try {
            stream.flush();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private void flush() {
        try {
            stream.write(buffer, 0, size);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        size = 0;
    }

    /// Writes one TracePacket with one TrackEvent, and allocates nothing.
    ///
    /// Lengths come before contents in protobuf: their places are left free and filled in afterwards, always two
    /// bytes long, as Perfetto's own writer (protozero) does it with four.
    private void event(
            byte type,
            long timePicos,
            long uuid,
            int nameIid,
            long transfer,
            boolean flows,
            byte extraName,
            long extraValue) {
        if (buffer.length - size < RECORD_BYTES_MAX) {
            flush();
        }
        long nanos = (timePicos + 500) / 1_000;
        boolean isExact = nanos * 1_000 == timePicos;
        buffer[size++] = TRACE_PACKET;
        int packet = size;
        size += 2;
        buffer[size++] = PACKET_TIMESTAMP;
        varint(nanos);
        buffer[size++] = PACKET_SEQUENCE_ID;
        varint(run);
        buffer[size++] = PACKET_SEQUENCE_FLAGS;
        buffer[size++] = NEEDS_INCREMENTAL_STATE;
        buffer[size++] = PACKET_TRACK_EVENT;
        int event = size;
        size += 2;
        buffer[size++] = EVENT_TYPE;
        buffer[size++] = type;
        buffer[size++] = EVENT_TRACK_UUID;
        varint(uuid);
        if (nameIid != 0) {
            buffer[size++] = EVENT_NAME_IID;
            varint(nameIid);
        }
        if (transfer != 0) {
            annotation(TRANSFER, ANNOTATION_UINT, transfer);
        }
        if (extraName != NONE) {
            annotation(extraName, extraName == ARGUMENT ? ANNOTATION_POINTER : ANNOTATION_UINT, extraValue);
        }
        if (!isExact) {
            annotation(type == SLICE_END ? END_PS : PS, ANNOTATION_UINT, timePicos);
        }
        if (type == COUNTER) {
            varint(EVENT_COUNTER_VALUE);
            varint(extraValue);
        }
        if (flows) {
            varint(EVENT_FLOW_IDS);
            long flow = flowId(run, transfer);
            for (int shift = 0; shift < 64; shift += 8) {
                buffer[size++] = (byte) (flow >>> shift);
            }
        }
        length(event);
        length(packet);
    }

    private void annotation(byte name, byte kind, long value) {
        buffer[size++] = EVENT_ANNOTATION;
        int length = size++;
        buffer[size++] = ANNOTATION_NAME_IID;
        buffer[size++] = name;
        buffer[size++] = kind;
        varint(value);
        buffer[length] = (byte) (size - length - 1);
    }

    /// A base-128 number: seven bits a byte, the lowest first, the top bit set in all but the last.
    private void varint(long value) {
        long rest = value;
        while ((rest & ~0x7FL) != 0) {
            buffer[size++] = (byte) (rest | 0x80);
            rest >>>= 7;
        }
        buffer[size++] = (byte) rest;
    }

    /// Fills in the two bytes at `place` with the length of what follows them.
    private void length(int place) {
        int count = size - place - 2;
        buffer[place] = (byte) (count | 0x80);
        buffer[place + 1] = (byte) (count >> 7);
    }

    /// The flow of a transfer: unique in the file, as the transfers of two runs have the same numbers.
    static long flowId(int run, long transfer) {
        return ((long) run << 48) + transfer;
    }

    private boolean firstOn(int track, long transfer) {
        int lane = lanes.find(transfer);
        if (lane < 0) {
            return false;
        }
        long bit = 1L << Math.min(track, 63);
        boolean isFirst = (laneTracks[lane] & bit) == 0;
        laneTracks[lane] |= bit;
        return isFirst;
    }

    private void addLane(int lane) {
        laneUuids = room(laneUuids, lane);
        laneTracks = room(laneTracks, lane);
        if (lane >= lanePhases.length) {
            lanePhases = Arrays.copyOf(lanePhases, lane * 2);
        }
        laneUuids[lane] = newTrack("transfers", "lane " + (lane + 1), lane);
        laneCount = lane + 1;
    }

    private long counterUuid(int track, int name) {
        long key = (long) track << 32 | name;
        for (int i = 0; i < counterCount; i++) {
            if (counterKeys[i] == key) {
                return counterUuids[i];
            }
        }
        counterKeys = room(counterKeys, counterCount);
        counterUuids = room(counterUuids, counterCount);
        long uuid = ++lastUuid;
        packet(new Proto()
                .message(
                        PACKET_TRACK_DESCRIPTOR,
                        new Proto()
                                .number(TRACK_UUID, uuid)
                                .text(TRACK_NAME, names.get(name))
                                .number(TRACK_PARENT, trackUuids[track])
                                .message(TRACK_COUNTER, new Proto())));
        counterKeys[counterCount] = key;
        counterUuids[counterCount++] = uuid;
        return uuid;
    }

    private long newTrack(String group, String name, int rank) {
        Check.that(run > 0, "track %s comes before the first run", name);
        Long groupUuid = groupUuids.get(group);
        if (groupUuid == null) {
            groupUuid = ++lastUuid;
            describe(groupUuid, group, processUuid, groupUuids.size());
            groupUuids.put(group, groupUuid);
        }
        long uuid = ++lastUuid;
        describe(uuid, name, groupUuid, rank);
        return uuid;
    }

    private void describe(long uuid, String name, long parent, int rank) {
        packet(new Proto()
                .message(
                        PACKET_TRACK_DESCRIPTOR,
                        new Proto()
                                .number(TRACK_UUID, uuid)
                                .text(TRACK_NAME, name)
                                .number(TRACK_PARENT, parent)
                                .number(TRACK_CHILD_ORDERING, ORDERING_EXPLICIT)
                                .number(TRACK_SIBLING_RANK, rank)));
    }

    private void packet(Proto body) {
        body.number(PACKET_SEQUENCE_ID >> 3, run);
        flush();
        try {
            stream.write(new Proto().message(TRACE_PACKET >> 3, body).encoded());
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static Proto entry(int iid, String name) {
        return new Proto().number(1, iid).text(2, name);
    }

    private static long[] room(long[] array, int index) {
        return index < array.length ? array : Arrays.copyOf(array, Math.max(index + 1, array.length * 2));
    }
}
