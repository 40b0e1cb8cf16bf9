package flyby.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// `./flyby 8237`: what it prints, what it writes, how it ends.
final class ChipCommandTest {
    private static final String SINGLE = "../docs/vectors/single.txt";

    @TempDir
    private Path folder = Path.of("");

    private final ByteArrayOutputStream out = new ByteArrayOutputStream();
    private final ByteArrayOutputStream err = new ByteArrayOutputStream();

    private int run(String... args) {
        out.reset();
        err.reset();
        String[] all = Stream.concat(Stream.of("8237"), Stream.of(args)).toArray(String[]::new);
        return Main.run(
                all,
                new PrintStream(out, true, StandardCharsets.UTF_8),
                new PrintStream(err, true, StandardCharsets.UTF_8));
    }

    private String out() {
        return out.toString(StandardCharsets.UTF_8);
    }

    private String err() {
        return err.toString(StandardCharsets.UTF_8);
    }

    private String file(String name, String text) throws IOException {
        return Files.writeString(folder.resolve(name), text).toString();
    }

    @Test
    void printsTheFileWithItsOutputs() throws IOException {
        assertThat(run("--vectors", SINGLE)).isZero();
        assertThat(out()).isEqualTo(Files.readString(Path.of(SINGLE)));
        assertThat(run("--vectors", SINGLE, "--quiet")).isZero();
        assertThat(out()).isEqualTo("40 clocks, 2 transfers, 0 mismatches\n");
    }

    @Test
    void theDumpReplacesNeitherTheVectorsNorALink() throws IOException {
        String vectors = file("v.txt", "DREQ | STATE\n0000 | SI\n");
        assertThat(run("--vectors", vectors, "--vcd", vectors)).isEqualTo(2);
        assertThat(err()).contains("--vcd: found", "expected another file than that of --vectors");
        assertThat(Path.of(vectors)).hasContent("DREQ | STATE\n0000 | SI\n");

        Path target = Files.writeString(folder.resolve("target"), "mine");
        Path link = Files.createSymbolicLink(folder.resolve("link.vcd"), target);
        assertThat(run("--vectors", vectors, "--vcd", link.toString())).isEqualTo(2);
        assertThat(err()).contains("link.vcd: this is a link or a device, and a file is to be written");
        assertThat(link).isSymbolicLink();
        assertThat(target).hasContent("mine");
    }

    @Test
    void aMismatchIsOneAndHasItsPlace() throws IOException {
        String wrong = file("v.txt", "DREQ | STATE HRQ\n30* 0000 | S4 -\n");
        assertThat(run("--vectors", wrong)).isEqualTo(1);
        assertThat(out()).isEqualTo("     DREQ | STATE HRQ\n 30* 0000 | SI    0\n");
        assertThat(err())
                .startsWith("flyby: " + wrong + ":2: STATE in clock 1: expected S4, found SI\n")
                .endsWith("flyby: and 10 more\n")
                .hasLineCount(21);
        assertThat(run("--vectors", wrong, "--json")).isEqualTo(1);
        assertThat(out()).contains("\"ok\": false", "\"mismatches\": 30", "\"expected\": \"S4\"");
    }

    @Test
    void saysWhyNothingHappens() throws IOException {
        String masked = file("v.txt", "DREQ | HRQ\n9* 0100\n");
        assertThat(run("--vectors", masked, "--explain")).isZero();
        assertThat(out()).contains(" 9* 0100 | 0\n", "\n# channel 2 is masked: its DREQ is active and is not seen\n");
    }

    @Test
    void theDumpAppearsWholeOrNotAtAll() throws IOException {
        Path dump = folder.resolve("pins.vcd");
        assertThat(run("--vectors", SINGLE, "--quiet", "--vcd", dump.toString(), "--clock", "4 MHz"))
                .isZero();
        // The last change is that of AEN, in the middle of the 37th clock of 250 ns.
        assertThat(Files.readString(dump)).contains("$var wire 1 ! CLK $end", "\n#9125000\n0!\n", "\n#9250000\n1!\n");
        Files.delete(dump);
        String bad = file("v.txt", "DREQ\n0000\n2222\n");
        assertThat(run("--vectors", bad, "--vcd", dump.toString())).isEqualTo(2);
        try (Stream<Path> left = Files.list(folder)) {
            assertThat(left).hasSize(1);
        }
    }

    @Test
    void badInputIsTwo() throws IOException {
        assertThat(run()).isEqualTo(2);
        assertThat(err()).contains("--vectors");
        assertThat(run("--vectors", folder.resolve("nosuch").toString())).isEqualTo(2);
        assertThat(err()).contains("nosuch: there is no such file");
        assertThat(run("--vectors", folder.toString())).isEqualTo(2);
        assertThat(err()).contains("this is a folder");
        assertThat(run("--vectors", SINGLE, "--clock", "5")).isEqualTo(2);
        assertThat(err()).startsWith("flyby: --clock: found 5 without a unit");
        assertThat(run("--vectors", SINGLE, "--vcd", "/")).isEqualTo(2);
        assertThat(run("--vectors", file("bad.txt", "CS HRQ\n"))).isEqualTo(2);
        assertThat(err()).contains("bad.txt:1:4: found \"HRQ\", expected an input");
        assertThat(out()).isEmpty();
    }
}
