package flyby.vectors;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import flyby.base.LabException;
import flyby.choice.Property;
import flyby.trace.Trace;
import flyby.trace.TraceSink;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.SequenceInputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/// The test bench of the 8237A, as a user meets it: text in, text out.
final class VectorRunTest {
    private static final long PERIOD_PICOS = 200_000;

    private final List<String> lines = new ArrayList<>();

    private VectorResult run(String text) {
        return run(text.getBytes(StandardCharsets.UTF_8), Trace.off());
    }

    private VectorResult run(byte[] bytes, Trace trace) {
        lines.clear();
        try {
            return VectorRun.run("v.txt", new ByteArrayInputStream(bytes), trace, PERIOD_PICOS, lines::add);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /// The shipped examples were read line by line against the data sheet's timing diagrams.
    @ParameterizedTest
    @ValueSource(strings = {"single", "block", "memory-to-memory"})
    void theShippedExamplesComeBackAsTheyAre(String name) throws IOException {
        String text = Files.readString(Path.of("../docs/vectors/" + name + ".txt"));
        VectorResult result = run(text);
        assertThat(String.join("\n", lines) + "\n").isEqualTo(text);
        assertThat(result.mismatches()).isZero();
        assertThat(result.transfers()).isGreaterThan(1);
    }

    @Test
    void everyMismatchIsFoundInItsHalfOfTheClock() {
        String text = """
                A DB CS IOW DREQ HLDA | STATE HRQ
                b 40 0 0 0000 0
                0 zz 1 1 0000 0 | SI 0
                a 00 0 0 0000 0
                0 zz 1 1 0001 0 | si 0>1   # channel 0 asks
                2* 0 zz 1 1 0001 0 | S1 -
                0 zz 1 1 0001 0 | S0 0
                """;
        VectorResult result = run(text);
        assertThat(result.firstMismatches())
                .containsExactly(
                        new Mismatch(6, 5, "STATE", "S1", "S0"),
                        new Mismatch(6, 6, "STATE", "S1", "S0"),
                        new Mismatch(7, 7, "HRQ", "0", "1"));
        assertThat(result.mismatches()).isEqualTo(3);
        assertThat(result.ok()).isFalse();
        assertThat(lines.get(4)).endsWith("| SI    0>1 # channel 0 asks");
    }

    @Test
    void aByteOrderMarkIsNoColumn() {
        assertThat(run("\ufeffDREQ | STATE\n0000 | SI\n").ok()).isTrue();
    }

    @Test
    void aRepeatedLineIsSplitWhereTheOutputsChange() {
        run("DREQ CS IOW A DB | STATE\n0000 0 0 a 00\n5* 0001 1 1 0 zz # five\n");
        assertThat(lines.subList(2, lines.size()))
                .containsExactly("     0001 1  1   0 zz | SI    # five", "  4* 0001 1  1   0 zz | S0");
    }

    /// The first/last flip-flop moves when the access ends, and so a byte may be read for as long as one likes.
    @Test
    void readingHasItsEffectAtTheTrailingEdge() {
        run("""
                CS IOR IOW A DB | DB
                0 1 0 0 34
                1 1 1 0 zz
                0 1 0 0 12
                1 1 1 0 zz
                3* 0 0 1 0 zz
                1 1 1 0 zz
                0 0 1 0 zz
                0 1 1 0 zz
                """);
        assertThat(lines.subList(5, lines.size()))
                .extracting(line -> line.substring(line.indexOf('|') + 1).strip())
                .containsExactly("34", "zz", "12", "zz");
    }

    @Test
    void nothingIsProgrammedWhileHldaIsHigh() {
        run("CS IOR IOW A DB HLDA | DB\n0 1 0 0 77 1\n1 1 1 0 zz 0\n0 0 1 0 zz 0\n0 0 1 0 zz 1\n");
        assertThat(lines.get(3)).endsWith("| 00");
        assertThat(lines.get(4)).endsWith("| zz");
    }

    @Test
    void inputsThatAreLeftOutAreInactive() {
        String all = "RESET CS IOR IOW A DB DREQ HLDA READY EOP\n20* 0 1 1 1 0 zz 0000 0 1 1\n";
        run(all);
        String levels = lines.getLast().substring(lines.getLast().indexOf('|'));
        run("DREQ\n20* 0000\n");
        assertThat(lines.getLast()).endsWith(levels);
    }

    @Test
    void aLongFileIsReadAsItComes() throws IOException {
        byte[] line = "9* 0 0\n".getBytes(StandardCharsets.UTF_8);
        long wanted = 200_000;
        InputStream many = new InputStream() {
            private long left = wanted * line.length;

            @Override
            public int read(byte[] into, int offset, int count) {
                int taken = (int) Math.min(count, left);
                for (int i = 0; i < taken; i++) {
                    into[offset + i] = line[(int) ((wanted * line.length - left + i) % line.length)];
                }
                left -= taken;
                return taken == 0 ? -1 : taken;
            }

            @Override
            public int read() {
                byte[] one = new byte[1];
                return read(one, 0, 1) < 0 ? -1 : one[0];
            }
        };
        InputStream head = new ByteArrayInputStream("CS IOW | STATE\n".getBytes(StandardCharsets.UTF_8));
        InputStream stream = new SequenceInputStream(head, many);
        long[] count = new long[1];
        VectorResult result = VectorRun.run("v.txt", stream, Trace.off(), PERIOD_PICOS, _ -> count[0]++);
        assertThat(result.clocks()).isEqualTo(9 * wanted);
        assertThat(count[0]).isEqualTo(wanted + 1);
    }

    @Test
    void theTraceHasEveryEdgeWhereItBelongs() {
        List<String> edges = new ArrayList<>();
        TraceSink sink = new TraceSink() {
            private final List<String> names = new ArrayList<>();

            @Override
            public boolean wantsSignals() {
                return true;
            }

            @Override
            public void defineSignal(int signal, String scope, String name, int widthBits) {
                names.add(name);
            }

            @Override
            public void signal(long timePicos, int signal, long value) {
                if (names.get(signal).equals("HRQ") || names.get(signal).equals("IOW")) {
                    edges.add(timePicos + " " + names.get(signal) + " " + value);
                }
            }
        };
        String text = "DREQ CS IOW A DB\n0001 0 0 a 00\n3* 0001 1 1 0 zz\n";
        run(text.getBytes(StandardCharsets.UTF_8), Trace.to(List.of(sink)));
        assertThat(edges).containsExactly("50000 HRQ 0", "50000 IOW 0", "250000 IOW 1", "400000 HRQ 1");
    }

    private void refuses(String text, String message) {
        assertThatThrownBy(() -> run(text)).isInstanceOf(LabException.class).hasMessageStartingWith(message);
    }

    @Test
    void whatIsWrongHasItsPlace() {
        refuses("", "v.txt:1:1: found the end of the file, expected a line that names the columns");
        refuses("# only this\n\n", "v.txt:2:1: found the end of the file");
        refuses("| STATE\n", "v.txt:1:1: found no input column");
        refuses("CS DRQ\n", "v.txt:1:4: found \"DRQ\", expected an input: RESET CS IOR IOW A DB");
        refuses("CS | HLDA\n", "v.txt:1:6: found \"HLDA\", expected an output: STATE HRQ");
        refuses("CS | STATE | HRQ\n", "v.txt:1:12: found \"|\", expected an output");
        refuses("CS IOW CS\n", "v.txt:1:8: found a second column CS, expected each column once");
        refuses("CS | A A\n", "v.txt:1:8: found a second column A");
        refuses("CS IOW\n1 2\n", "v.txt:2:3: found \"2\", expected for IOW 0 or 1");
        refuses("A\ng\n", "v.txt:2:1: found \"g\", expected for A one hexadecimal digit");
        refuses("DB\n123\n", "v.txt:2:1: found \"123\", expected for DB two hexadecimal digits, or zz");
        refuses("DREQ\n\n  1012\n", "v.txt:3:3: found \"1012\", expected for DREQ four digits 0 or 1");
        refuses("CS IOW\n1 # 1\n", "v.txt:2:3: found 1 value, expected 2, the next for IOW");
        refuses("CS IOW\n1 1 1\n", "v.txt:2:5: found \"1\", expected no more than 2 values there");
        refuses("CS | STATE\n1 |\n", "v.txt:2:4: found 0 values, expected 1, the next for STATE");
        refuses("CS | STATE\n1 | S5\n", "v.txt:2:5: found \"S5\", expected for STATE a state: SI, S0");
        refuses("CS | HRQ\n1 | 1>0>1\n", "v.txt:2:5: found \"1>0>1\", expected for HRQ 0 or 1");
        refuses("CS\n0* 1\n", "v.txt:2:1: found \"0*\", expected a repeat count from 1* to 1000000*");
        refuses("CS\n1000001* 1\n", "v.txt:2:1: found \"1000001*\"");
        refuses("CS\n99999999999999999999* 1\n", "v.txt:2:1: found \"99999999999999999999*\"");
        refuses("CS\n-1* 1\n", "v.txt:2:1: found \"-1*\"");
        refuses("CS\n3*\n", "v.txt:2:3: found 0 values, expected 1, the next for CS");
        refuses("\0\0\0", "v.txt:1:1: found the control character 0x00, expected text");
        refuses("x".repeat(5000), "v.txt:1:1001: found a line of more than 1000 bytes, expected shorter lines");
        assertThatThrownBy(() -> run(new byte[] {'C', 'S', '\n', '1', (byte) 0x89}, Trace.off()))
                .hasMessage("v.txt:2:2: found a byte that is not UTF-8 text, expected text");
    }

    /// Legal words in any order give a result or a refusal, and what is printed is a fixed point.
    @Test
    void anyWordsAreUsedOrRefused() {
        List<String> words = List.of(
                "CS", "IOW", "DREQ", "A", "DB", "HLDA", "|", "STATE", "-", "0", "1", "1111", "zz", "a", "ff", "7*",
                "0*", "1>0", "S1", "#", "\n", "\n", "\t", "\u00e9", "\r");
        Property.check(500, choices -> {
            StringBuilder text = new StringBuilder(choices.chance(1, 2) ? "CS IOW A DB DREQ HLDA\n" : "");
            int count = (int) choices.between(0, 60);
            for (int i = 0; i < count; i++) {
                text.append(choices.pick(words)).append(' ');
            }
            try {
                run(text.toString());
                List<String> printed = List.copyOf(lines);
                run(String.join("\n", printed) + "\n");
                assertThat(lines).isEqualTo(printed);
            } catch (LabException refusal) {
                assertThat(refusal).hasMessageMatching("v\\.txt:[0-9]+:[0-9]+: found .*, expected .*");
            }
        });
    }
}
