package flyby.report;

import static org.assertj.core.api.Assertions.assertThat;

import flyby.trace.TraceSink;
import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.NullUnmarked;
import org.junit.jupiter.api.Test;

/// What the waveform says, read by a second reader; [VcdJudgeTest] has GTKWave's tools read it.
@NullUnmarked // A null where none belongs fails the test all the same.
final class VcdSinkTest {
    private final ByteArrayOutputStream bytes = new ByteArrayOutputStream();

    @Test
    void writesTheWorkedExample() {
        VcdSink sink = new VcdSink(bytes);
        sink.defineClock("bus", "CLK", 10, true);
        sink.defineSignal(0, "bus", "HOLD", 1);
        sink.defineSignal(1, "bus", "DATA", 8);
        sink.signal(7, 0, 1);
        sink.signal(7, 1, 0xA5);
        sink.signal(12, 0, 1);
        sink.signal(20, 1, TraceSink.HIGH_IMPEDANCE);
        sink.close();
        assertThat(text()).isEqualTo("""
                $version Flyby $end
                $timescale 1 ps $end
                $scope module bus $end
                $var wire 1 ! CLK $end
                $var wire 1 " HOLD $end
                $var wire 8 # DATA [7:0] $end
                $upscope $end
                $enddefinitions $end
                #0
                $dumpvars
                1!
                x"
                bx #
                $end
                #5
                0!
                #7
                1"
                b10100101 #
                #10
                1!
                #15
                0!
                #20
                1!
                bz #
                """);
    }

    @Test
    void startsAWindowWithTheValuesOfThatMoment() {
        VcdSink sink = new VcdSink(bytes, 100, 200);
        sink.defineSignal(0, "s", "a", 4);
        sink.signal(50, 0, 3);
        sink.signal(150, 0, 4);
        sink.signal(200, 0, 5);
        sink.close();
        assertThat(VcdReader.read(text()).get("s.a").changes()).containsExactly("100 11", "150 100");
    }

    @Test
    void isADumpEvenIfNothingHappens() {
        VcdSink sink = new VcdSink(bytes);
        sink.defineSignal(0, "s", "a", 64);
        sink.close();
        assertThat(VcdReader.read(text()).get("s.a").changes()).containsExactly("0 x");
    }

    @Test
    void randomSignalsComeBack() {
        for (long seed = 1; seed <= 60; seed++) {
            bytes.reset();
            SignalLog log = new SignalLog();
            long from = seed % 3 == 0 ? 1_000 * seed : 0;
            long until = seed % 4 == 0 ? from + 1_000_000 * seed : VcdSink.FOREVER;
            VcdSink sink = new VcdSink(bytes, from, until);
            RandomTrace.tell(seed, 2_000, List.of(sink, log));
            sink.close();
            List<List<String>> seen = new ArrayList<>();
            VcdReader.read(text()).values().forEach(signal -> seen.add(signal.changes()));
            List<List<String>> expected = log.expected(from, until, false);
            // The reader finds signals by scope, the log by number: compared as sets of histories.
            assertThat(seen).as("seed %d", seed).containsExactlyInAnyOrderElementsOf(expected);
        }
    }

    private String text() {
        return bytes.toString(StandardCharsets.US_ASCII);
    }
}
