package flyby.record;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import flyby.base.LabException;
import flyby.base.LittleEndian;
import flyby.bus.Device;
import flyby.bus.DeviceHost;
import flyby.choice.Choices;
import flyby.choice.Property;
import flyby.trace.HashSink;
import flyby.trace.Trace;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.List;
import java.util.Objects;
import java.util.SplittableRandom;
import java.util.function.Function;
import java.util.zip.CRC32C;
import org.junit.jupiter.api.Test;

/// A device that lived is recorded; made anew, it does the same, and where its recording was changed, it is seen to do
/// something else there and nowhere before.
final class ReplayTest {
    private static final RecordingHeader HEADER = new RecordingHeader("scramble", "a=1\nb=2 µs", "");

    /// What a life leaves: memory, levels, answers, hash of the trace.
    private record Life(String memory, String interrupts, List<Long> answers, String hash) {}

    private static Life live(Choices choices, Function<DeviceHost, Device> maker) {
        HashSink hash = new HashSink();
        SplittableRandom random = new SplittableRandom(choices.below(1_000));
        long most = choices.pick(1L, 0L, 300L);
        MemoryHost host = new MemoryHost(() -> most == 0 ? 0 : random.nextLong(most), Trace.to(List.of(hash)));
        new SplittableRandom(3).nextBytes(host.memory());
        Arrays.fill(host.memory(), 0, 1024, (byte) 0);
        Device device = maker.apply(host);
        List<Long> answers = new ArrayList<>();
        long steps = choices.between(1, 60);
        for (int i = 0; i < steps; i++) {
            switch ((int) choices.below(8)) {
                case 0, 1, 2 -> device.writeRegister(0, ScrambleDevice.GO, 8, choices.below(MemoryHost.MEMORY_BYTES));
                case 3, 4 -> answers.add(device.readRegister(0, 8 * choices.below(5), choices.pick(8, 4, 2)));
                case 5 -> device.writeRegister(0, ScrambleDevice.CLEAR, 4, 1);
                case 6 -> host.simulation().runUntil(host.nowPicos() + choices.below(500));
                default -> {
                    if (choices.chance(1, 4)) {
                        device.reset();
                    }
                }
            }
        }
        host.simulation().run();
        return new Life(HexFormat.of().formatHex(host.memory()), host.interrupts(), answers, hash.text());
    }

    private static byte[] record(Choices choices) {
        Tape tape = new Tape();
        try (Recorder recorder = new Recorder(tape, HEADER)) {
            live(choices, recorder.around(ScrambleDevice::new));
        }
        return tape.bytes();
    }

    private static List<RecordedEvent> events(byte[] recording) {
        RecordingReader reader = new RecordingReader("test", RecordingSource.of(recording));
        List<RecordedEvent> events = new ArrayList<>();
        for (RecordedEvent event = reader.next(); event != null; event = reader.next()) {
            events.add(event);
        }
        return events;
    }

    @Test
    void aReplayIsIdentical() {
        Property.check(500, choices -> {
            byte[] recording = record(choices);
            ReplayResult result = Replay.of(recording, ScrambleDevice::new).run();
            result.check();
            assertThat(result.isWhole()).isTrue();
            assertThat(result.counts().events()).isEqualTo(events(recording).size());
        });
    }

    @Test
    void recordingChangesNothing() {
        Property.check(300, choices -> {
            Tape tape = new Tape();
            Life plain = live(choices, ScrambleDevice::new);
            Recorder recorder = new Recorder(tape, HEADER);
            Life recorded = live(Choices.of(choices.values()), recorder.around(ScrambleDevice::new));
            assertThat(recorded).isEqualTo(plain);
        });
    }

    @Test
    void aChangedEventIsTheFirstDifference() {
        Property.check(500, choices -> {
            byte[] recording = record(choices);
            List<RecordedEvent> actions = events(recording).stream()
                    .filter(each -> each.event() instanceof SeamEvent.Action)
                    .toList();
            RecordedEvent changed = actions.get((int) choices.below(actions.size()));
            change(recording, changed);
            Difference difference =
                    Replay.of(recording, ScrambleDevice::new).run().difference();
            assertThat(difference).isNotNull();
            Difference found = Objects.requireNonNull(difference);
            assertThat(found.byteOffset()).isEqualTo(changed.byteOffset());
            assertThat(found.eventNumber()).isEqualTo(changed.number());
            assertThat(found.timePicos()).isEqualTo(changed.timePicos());
            assertThat(found.expected()).isNotEqualTo(found.seen());
            assertThat(found.before()).hasSize((int) Math.min(16, changed.number() - 1));
        });
    }

    /// Flips the lowest bit of the last byte of `event`, and mends the check of its block.
    private static void change(byte[] recording, RecordedEvent event) {
        int last = recording.length;
        for (RecordedEvent each : events(recording)) {
            if (each.number() == event.number() + 1) {
                last = (int) each.byteOffset();
            }
        }
        recording[last - 1] ^= 1;
        int at = 9;
        while (at < recording.length) {
            int byteCount = (int) LittleEndian.get(recording, at, 4);
            CRC32C check = new CRC32C();
            check.update(recording, at, 8 + byteCount);
            LittleEndian.put(check.getValue(), recording, at + 8 + byteCount, 4);
            at += byteCount + 12;
        }
    }

    @Test
    void aCutRecordingIsPlayedUpToItsLastWholeEvent() {
        Property.check(500, choices -> {
            byte[] recording = record(choices);
            List<RecordedEvent> all = events(recording);
            int first = (int) all.getFirst().byteOffset();
            int length = first + (int) choices.below(recording.length - first);
            byte[] cut = Arrays.copyOf(recording, length);
            ReplayResult result = Replay.of(cut, ScrambleDevice::new).run();
            result.check();
            // The end of the block is its check, behind all events.
            boolean isWhole = length >= recording.length - 4;
            assertThat(result.isWhole()).isEqualTo(isWhole);
            long events = all.stream()
                    .filter(each -> endOf(all, each, recording.length - 4) <= length)
                    .count();
            assertThat(result.counts().events()).isEqualTo(events);
            assertThat(result.cutAt()).isLessThanOrEqualTo(length);
        });
    }

    private static long endOf(List<RecordedEvent> all, RecordedEvent event, int end) {
        return event.number() == all.size()
                ? end
                : all.get((int) event.number()).byteOffset();
    }

    @Test
    void aDamagedRecordingIsRefusedWithTheByte() {
        Property.check(2_000, choices -> {
            byte[] recording = record(choices);
            int at = (int) choices.below(recording.length);
            recording[at] ^= (byte) (1 << choices.below(8));
            assertThatThrownBy(() -> Replay.of(recording, ScrambleDevice::new).run())
                    .isInstanceOf(LabException.class)
                    .hasMessageMatching("(?s)recording, byte \\d+: found .*, expected .*");
        });
    }

    @Test
    void nothingWaitsLongForTheSink() {
        Tape tape = new Tape();
        MemoryHost host = new MemoryHost(() -> 100, Trace.off());
        Recorder recorder = new Recorder(tape, HEADER).flushedWithin(1_000);
        Device device = recorder.around(ScrambleDevice::new).apply(host);
        host.simulation().runUntil(5_000);
        device.writeRegister(0, ScrambleDevice.GO, 8, 0);
        int before = tape.bytes().length;
        host.simulation().runUntil(6_500);
        assertThat(tape.bytes().length).isGreaterThan(before);
        ReplayResult result = Replay.of(tape.bytes(), ScrambleDevice::new).run();
        result.check();
        assertThat(result.isWhole()).isFalse();
        assertThat(result.counts().events()).isEqualTo(recorder.eventCount());
    }

    @Test
    void saysWhatItIs() {
        byte[] recording = record(Choices.seeded(1));
        RecordingReader reader = new RecordingReader("test", RecordingSource.of(recording));
        assertThat(reader.header()).isEqualTo(HEADER);
        List<String> lines = new ArrayList<>();
        reader.list(lines::add);
        assertThat(lines.getFirst()).isEqualTo("       1  0.000000 us  <- a new alarm: job 0");
        assertThat(lines.getLast()).endsWith("end of the recording");
    }

    @Test
    void anotherDeviceIsFoundOut() {
        byte[] recording = record(Choices.seeded(2));
        ReplayResult result = Replay.of(recording, host -> {
                    Device device = new ScrambleDevice(host);
                    host.interrupt(1, true);
                    return device;
                })
                .run();
        assertThat(Objects.requireNonNull(result.difference()).seen()).isEqualTo("interrupt 1 asserted");
        assertThatThrownBy(result::check).isInstanceOf(AssertionError.class).hasMessageContaining("interrupt 1");
    }

    @Test
    void whatTheDeviceThrowsIsWhatItDid() {
        byte[] recording = record(Choices.seeded(3));
        ReplayResult result = Replay.of(recording, host -> {
                    throw new IllegalStateException("broken");
                })
                .run();
        assertThat(Objects.requireNonNull(result.difference()).seen()).contains("throws", "broken");
        assertThatThrownBy(result::check).hasRootCauseInstanceOf(IllegalStateException.class);
    }
}
