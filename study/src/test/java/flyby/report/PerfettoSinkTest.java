package flyby.report;

import static org.assertj.core.api.Assertions.assertThat;

import com.sun.management.ThreadMXBean;
import flyby.report.PerfettoReader.Message;
import flyby.trace.TraceSink;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.lang.management.ManagementFactory;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.NullUnmarked;
import org.junit.jupiter.api.Test;

/// The protobuf that the sink writes, field by field; [PerfettoJudgeTest] has Perfetto read it.
@NullUnmarked // A null where none belongs fails the test all the same.
final class PerfettoSinkTest {
    /// What a sink is told, written down as plainly as can be.
    private static final class Log implements TraceSink {
        private int begins;
        private int ends;
        private int instants;
        private int counters;

        @Override
        public void begin(long timePicos, int track, int name, long transfer, long argument) {
            begins++;
        }

        @Override
        public void end(long timePicos, int track) {
            ends++;
        }

        @Override
        public void instant(long timePicos, int track, int name, long transfer, long argument) {
            instants++;
        }

        @Override
        public void counter(long timePicos, int track, int name, long value) {
            counters++;
        }
    }

    @Test
    void randomTracesAreWellFormed() throws IOException {
        for (long seed = 1; seed <= 40; seed++) {
            ByteArrayOutputStream bytes = new ByteArrayOutputStream();
            Log log = new Log();
            try (PerfettoSink sink = new PerfettoSink(bytes)) {
                for (int run = 0; run < 3; run++) {
                    sink.startRun("random", "run " + run);
                    RandomTrace.tell(seed * 10 + run, 800, List.of(sink, log));
                }
            }
            int[] types = check(PerfettoReader.decode(bytes.toByteArray()));
            assertThat(types[3]).as("instants, seed %d", seed).isEqualTo(log.instants);
            assertThat(types[4]).as("counters, seed %d", seed).isEqualTo(log.counters);
            assertThat(types[1]).as("begins, seed %d", seed).isEqualTo(types[2]).isGreaterThanOrEqualTo(log.begins);
            assertThat(log.begins).isEqualTo(log.ends);
        }
    }

    /// Names are interned before use, tracks described before use and unique, slices balanced, time monotonic.
    private static int[] check(Message trace) throws IOException {
        assertThat(trace.fields()).containsOnlyKeys(1);
        int[] types = new int[5];
        Map<Long, Set<Long>> names = new LinkedHashMap<>();
        Set<Long> tracks = new LinkedHashSet<>();
        Map<Long, Integer> depths = new LinkedHashMap<>();
        Map<Long, Long> times = new LinkedHashMap<>();
        for (Message packet : trace.messages(1)) {
            long sequence = packet.number(10);
            assertThat(sequence).isPositive();
            if (packet.number(13) == 1) {
                assertThat(names.put(sequence, new LinkedHashSet<>())).isNull();
            }
            for (Message interned : packet.messages(12)) {
                for (Message name : interned.messages(2)) {
                    assertThat(names.get(sequence).add(name.number(1))).isTrue();
                    assertThat(name.text(2)).isNotNull();
                }
            }
            for (Message track : packet.messages(60)) {
                assertThat(tracks.add(track.number(1))).isTrue();
                assertThat(track.number(5) == 0 || tracks.contains(track.number(5)))
                        .isTrue();
            }
            for (Message event : packet.messages(11)) {
                long nanos = packet.number(8);
                assertThat(nanos).isGreaterThanOrEqualTo(times.getOrDefault(sequence, 0L));
                times.put(sequence, nanos);
                long uuid = event.number(11);
                assertThat(tracks).contains(uuid);
                int type = (int) event.number(9);
                types[type]++;
                if (type == 1 || type == 3) {
                    assertThat(names.get(sequence)).contains(event.number(10));
                }
                int depth = depths.merge(uuid, type == 1 ? 1 : type == 2 ? -1 : 0, Integer::sum);
                assertThat(depth).isNotNegative();
            }
        }
        assertThat(depths.values()).allMatch(depth -> depth == 0);
        return types;
    }

    @Test
    void keepsThePicosecondsThatRoundingLost() throws IOException {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        PerfettoSink sink = new PerfettoSink(bytes);
        sink.startRun("s", "r");
        sink.defineTrack(0, "cpu", "core");
        sink.defineName(0, "work");
        sink.begin(1_499, 0, 0, 0, 0x8000);
        sink.end(3_000, 0);
        sink.close();
        Deque<Message> packets =
                new ArrayDeque<>(PerfettoReader.decode(bytes.toByteArray()).messages(1));
        Message end = packets.removeLast();
        assertThat(end.number(8)).isEqualTo(3);
        assertThat(end.message(11).has(4))
                .as("an exact time needs no annotation")
                .isFalse();
        Message begin = packets.removeLast();
        assertThat(begin.number(8)).isEqualTo(1);
        List<Message> annotations = begin.message(11).messages(4);
        assertThat(annotations).hasSize(2);
        assertThat(annotations.getFirst().number(7))
                .as("argument, as a pointer")
                .isEqualTo(0x8000);
        assertThat(annotations.getLast().number(3)).as("ps").isEqualTo(1_499);
    }

    @Test
    void linksTheFirstSliceOfATransferOnEachTrack() throws IOException {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        PerfettoSink sink = new PerfettoSink(bytes);
        for (int run = 1; run <= 2; run++) {
            sink.startRun("s", "r" + run);
            sink.defineTrack(0, "cpu", "core");
            sink.defineTrack(1, "bus", "owner");
            sink.defineName(0, "work");
            sink.transferBegin(0, 7, 0, 512);
            for (int i = 0; i < 3; i++) {
                sink.begin(i * 1_000L, 0, 0, 7, 0);
                sink.begin(i * 1_000L, 1, 0, 7, 0);
                sink.end(i * 1_000L + 500, 1);
                sink.end(i * 1_000L + 500, 0);
            }
            sink.transferEnd(9_000, 7);
        }
        sink.close();
        Map<Long, Integer> flows = new LinkedHashMap<>();
        for (Message packet : PerfettoReader.decode(bytes.toByteArray()).messages(1)) {
            for (Message event : packet.messages(11)) {
                if (event.has(47)) {
                    flows.merge(event.number(47), 1, Integer::sum);
                }
            }
        }
        assertThat(flows).isEqualTo(Map.of(PerfettoSink.flowId(1, 7), 3, PerfettoSink.flowId(2, 7), 3));
    }

    @Test
    void recordsAllocateNothing() {
        PerfettoSink sink = new PerfettoSink(OutputStream.nullOutputStream());
        sink.startRun("s", "r");
        sink.defineTrack(0, "cpu", "core");
        sink.defineName(0, "work");
        records(sink, 100_000);
        ThreadMXBean threads = (ThreadMXBean) ManagementFactory.getThreadMXBean();
        long before = threads.getCurrentThreadAllocatedBytes();
        records(sink, 1_000_000);
        assertThat(threads.getCurrentThreadAllocatedBytes() - before).isLessThan(100_000);
    }

    private static void records(PerfettoSink sink, int count) {
        for (int i = 0; i < count; i += 5) {
            long now = i * 333L;
            sink.transferBegin(now, i + 1, 0, 512);
            sink.begin(now, 0, 0, i + 1, 0x8000 + i);
            sink.counter(now, 0, 0, i);
            sink.end(now + 100, 0);
            sink.transferEnd(now + 200, i + 1);
        }
    }
}
