package flyby.report;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.NullUnmarked;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// GTKWave's tools read the dump into their own format and write it back; every value must have survived.
///
/// `vcd2fst` accepts nearly anything, so that only the comparison judges.
@NullUnmarked // A null where none belongs fails the test all the same.
final class VcdJudgeTest {
    @TempDir
    private Path folder;

    @Test
    void gtkwaveReadsBackEveryValue() throws IOException, InterruptedException {
        Judges.need("vcd2fst", "gtkwave");
        Judges.need("fst2vcd", "gtkwave");
        for (long seed = 1; seed <= 8; seed++) {
            long number = seed;
            SignalLog log = new SignalLog();
            Path vcd = folder.resolve("in.vcd");
            try (OutputStream stream = Files.newOutputStream(vcd);
                    VcdSink sink = new VcdSink(stream)) {
                RandomTrace.tell(number, 3_000, List.of(sink, log));
            }
            List<List<String>> seen = new ArrayList<>();
            roundTrip(vcd).values().forEach(signal -> seen.add(SignalLog.states(signal.changes())));
            assertThat(seen)
                    .as("seed %d", seed)
                    .containsExactlyInAnyOrderElementsOf(log.expected(0, VcdSink.FOREVER, true));
        }
    }

    @Test
    void gtkwaveSeesTheClock() throws IOException, InterruptedException {
        Judges.need("vcd2fst", "gtkwave");
        Judges.need("fst2vcd", "gtkwave");
        Path vcd = folder.resolve("in.vcd");
        try (OutputStream stream = Files.newOutputStream(vcd);
                VcdSink sink = new VcdSink(stream)) {
            sink.defineClock("bus", "CLK", 125_000, true);
            Sample.trace("burst", 2, List.of(sink));
        }
        Map<String, VcdReader.Signal> signals = roundTrip(vcd);
        assertThat(signals).containsOnlyKeys("bus.CLK", "bus.ADDR", "bus.DATA", "bus.HOLD");
        List<String> clock = signals.get("bus.CLK").changes();
        for (int i = 0; i < clock.size(); i++) {
            assertThat(clock.get(i)).isEqualTo(i * 62_500L + " " + (1 - i % 2));
        }
        assertThat(clock.size()).isGreaterThan(1_000);
    }

    private Map<String, VcdReader.Signal> roundTrip(Path vcd) throws IOException, InterruptedException {
        Path fst = folder.resolve("out.fst");
        Judges.output(folder, List.of("vcd2fst", vcd.toString(), fst.toString()));
        return VcdReader.read(Judges.output(folder, List.of("fst2vcd", fst.toString())));
    }
}
