package flyby.report;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import flyby.sim.Prng;
import flyby.trace.TraceSink;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.NullUnmarked;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// Perfetto's own trace processor loads the file and answers SQL about it. It is of 2021 and ignores flow ids,
/// which [PerfettoSinkTest] checks by decoding.
@NullUnmarked // A null where none belongs fails the test all the same.
final class PerfettoJudgeTest {
    private static final Path JUDGE = Path.of("..", "judge", "perfetto");

    /// How many slices and instants a trace asks for, those of transfers and their phases included.
    private static final class SliceCount implements TraceSink {
        private final Map<Long, Integer> phases = new LinkedHashMap<>();
        private long slices;

        @Override
        public void begin(long timePicos, int track, int name, long transfer, long argument) {
            slices++;
        }

        @Override
        public void instant(long timePicos, int track, int name, long transfer, long argument) {
            slices++;
        }

        @Override
        public void transferBegin(long timePicos, long transfer, int phase, long byteCount) {
            slices += 2;
            phases.put(transfer, phase);
        }

        @Override
        public void phase(long timePicos, long transfer, int phase) {
            slices += Integer.valueOf(phase).equals(phases.put(transfer, phase)) ? 0 : 1;
        }
    }

    @TempDir
    private Path folder;

    @BeforeEach
    void needsTheTraceProcessor() {
        Judges.need("node", "nodejs");
        boolean isThere = Files.isDirectory(JUDGE.resolve("node_modules"));
        assumeTrue(isThere, "the trace processor is missing: run npm ci in judge/perfetto");
    }

    @Test
    void answersForEveryRunTrackAndSlice() throws IOException, InterruptedException {
        Path trace = folder.resolve("demo.perfetto-trace");
        try (OutputStream stream = Files.newOutputStream(trace);
                PerfettoSink sink = new PerfettoSink(stream)) {
            for (String run : List.of("pio", "burst")) {
                sink.startRun("demo", run);
                Sample.trace(run, 4, List.of(sink));
            }
        }
        Timeline pio = Sample.timeline("pio", 4, 10_000);
        List<List<Map<String, Object>>> answers = ask(
                trace,
                "select name, value from stats where severity in ('error', 'data_loss') and value > 0",
                "select name from process where pid > 0 order by pid",
                "select s.ts ts, s.dur dur, s.depth depth, s.name name, t.name track from slice s"
                        + " join process_track t on s.track_id = t.id join process p using (upid)"
                        + " where p.name = 'demo / pio' and s.dur > 0 order by s.id",
                "select count(*) n from slice s where dur = 0",
                "select c.ts ts, cast(c.value as int) value from counter c join process_counter_track t"
                        + " on c.track_id = t.id join process p using (upid)"
                        + " where p.name = 'demo / pio' and t.name = 'bytes in FIFO' order by c.ts, c.id",
                "select count(*) n from args where key = 'debug.argument' and int_value = 31744");
        assertThat(answers.get(0)).as("import errors").isEmpty();
        assertThat(answers.get(1)).extracting(row -> row.get("name")).containsExactly("demo / pio", "demo / burst");

        List<String> expected = new ArrayList<>();
        for (Timeline.Row row : pio.rows()) {
            for (Timeline.Slice slice : row.slices()) {
                long from = (slice.beginPicos() + 500) / 1_000;
                long length = (slice.endPicos() + 500) / 1_000 - from;
                expected.add(row.name() + " " + from + " " + length + " " + slice.depth() + " " + slice.name());
            }
        }
        List<String> seen = answers.get(2).stream()
                .map(row -> row.get("track") + " " + row.get("ts") + " " + row.get("dur") + " " + row.get("depth") + " "
                        + row.get("name"))
                .toList();
        assertThat(seen).containsExactlyInAnyOrderElementsOf(expected);
        assertThat(number(answers.get(3).getFirst().get("n"))).as("instants").isEqualTo(8);

        Timeline.Counter counter = pio.counters().getFirst();
        List<String> values = new ArrayList<>();
        for (int i = 0; i < counter.values().size(); i++) {
            values.add((counter.timesPicos().get(i) + 500) / 1_000 + " "
                    + counter.values().get(i));
        }
        assertThat(answers.get(4))
                .extracting(row -> row.get("ts") + " " + row.get("value"))
                .containsExactlyElementsOf(values);
        assertThat(number(answers.get(5).getFirst().get("n")))
                .as("argument 0x7c00")
                .isPositive();
    }

    @Test
    void loadsRandomTracesWhole() throws IOException, InterruptedException {
        for (long seed = 1; seed <= 3; seed++) {
            Path trace = folder.resolve("random.perfetto-trace");
            SliceCount count = new SliceCount();
            TimelineSink kept = new TimelineSink(100_000);
            try (OutputStream stream = Files.newOutputStream(trace);
                    PerfettoSink sink = new PerfettoSink(stream)) {
                sink.startRun("random", Sample.HOSTILE);
                RandomTrace.tell(new Prng(seed).nextLong(), 5_000, List.of(sink, count, kept));
            }
            Timeline timeline = kept.timeline("random");
            List<List<Map<String, Object>>> answers = ask(
                    trace,
                    "select name, value from stats where severity in ('error', 'data_loss') and value > 0",
                    "select count(*) n from slice",
                    "select count(*) n from counter");
            long values = timeline.counters().stream()
                    .mapToLong(counter -> counter.values().size())
                    .sum();
            assertThat(answers.get(0)).isEmpty();
            assertThat(number(answers.get(1).getFirst().get("n"))).isEqualTo(count.slices);
            assertThat(number(answers.get(2).getFirst().get("n"))).isEqualTo(values);
        }
    }

    @SuppressWarnings({"unchecked", "rawtypes"})
    private List<List<Map<String, Object>>> ask(Path trace, String... queries)
            throws IOException, InterruptedException {
        List<String> command =
                new ArrayList<>(List.of("node", JUDGE.resolve("query.js").toString(), trace.toString()));
        command.addAll(List.of(queries));
        return (List) Json.array(Json.read(Judges.output(folder, command)));
    }

    private static long number(Object value) {
        return ((Number) value).longValue();
    }
}
