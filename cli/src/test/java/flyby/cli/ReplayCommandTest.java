package flyby.cli;

import static org.assertj.core.api.Assertions.assertThat;

import flyby.experiment.Experiments;
import flyby.study.ScenarioLibrary;
import flyby.validate.Validation;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// `run` with recordings and faults, and `replay` of what came out.
final class ReplayCommandTest {
    private static final String LATE = "sg0:delay interrupt by 10us every 3rd";

    @TempDir
    private Path folder = Path.of("");

    private final ByteArrayOutputStream out = new ByteArrayOutputStream();
    private final ByteArrayOutputStream err = new ByteArrayOutputStream();

    private int run(String... args) {
        out.reset();
        err.reset();
        Terminal terminal = new Terminal(
                new PrintStream(out, true, StandardCharsets.UTF_8),
                new PrintStream(err, true, StandardCharsets.UTF_8),
                false,
                false);
        return new Application(
                        ScenarioLibrary.shipped(Experiments.shipped()),
                        new Validation(List.of()),
                        "1.2.3",
                        folder,
                        terminal,
                        new Farewell(terminal.err()))
                .run(args);
    }

    private String out() {
        return out.toString(StandardCharsets.UTF_8);
    }

    private String err() {
        return err.toString(StandardCharsets.UTF_8);
    }

    private Path recorded(String name, String... more) {
        Path file = folder.resolve(name);
        String[] first = {"run", "sg-copy", "--set", "runs=sg", "--record", "sg0=" + file};
        String[] all = Arrays.copyOf(first, first.length + more.length);
        System.arraycopy(more, 0, all, first.length, more.length);
        assertThat(run(all)).as(err()).isZero();
        return file;
    }

    @Test
    void whatRunsOnAMachineIsTheSameAgain() {
        String file = recorded("life.flyrec").toString();
        assertThat(run("replay", file)).isZero();
        assertThat(out()).startsWith(file + ": identical\n").contains(" transactions, ", " bytes read, ");
        assertThat(run("replay", file, "--json")).isZero();
        assertThat(out()).contains("\"same\": true", "\"whole\": true", "\"device\": \"sg0\"");
        assertThat(run("replay", file, "--print")).isZero();
        assertThat(out()).startsWith("recording of sg0\n  device=sg-dma\n").endsWith("end of the recording\n");
    }

    @Test
    void faultsAreToldAndReplayedWithout() {
        String file =
                recorded("late.flyrec", "--set", "runs=single", "--fault", LATE).toString();
        assertThat(out()).contains("2 faults were injected", "\"delay interrupt by 10us every 3rd\" 2 of 8");
        assertThat(run("replay", file)).isZero();
        assertThat(run("run", "sg-copy", "--set", "runs=single", "--fault", LATE, "--json"))
                .isZero();
        assertThat(out()).contains("injectedFaults", "interrupt 0 comes 10000000 ps later");
    }

    @Test
    void aRunThatGetsNowhereSaysWhichFaultsThereWere() {
        assertThat(run("run", "sg-copy", "--set", "runs=sg", "--fault", "sg0:drop interrupt"))
                .isEqualTo(1);
        assertThat(err()).contains("gets nowhere", "faults injected: sg0: \"drop interrupt\" 1 of 1");
    }

    @Test
    void eachRunHasAFileOfItsOwn() {
        String file = folder.resolve("both.flyrec").toString();
        assertThat(run("run", "sg-copy", "--set", "runs=sg,single", "--record", "sg0=" + file))
                .isZero();
        assertThat(run("replay", folder.resolve("both-sg.flyrec").toString())).isZero();
        assertThat(run("replay", folder.resolve("both-single.flyrec").toString()))
                .isZero();
    }

    @Test
    void aCutRecordingIsPlayedAndADamagedOneRefused() throws IOException {
        Path file = recorded("whole.flyrec");
        byte[] bytes = Files.readAllBytes(file);
        Path cut = Files.write(folder.resolve("cut.flyrec"), Arrays.copyOf(bytes, bytes.length / 2));
        assertThat(run("replay", cut.toString())).isZero();
        assertThat(out()).contains("identical", "the recording was cut short; all up to byte ");
        bytes[bytes.length / 3] ^= 1;
        Path damaged = Files.write(folder.resolve("damaged.flyrec"), bytes);
        assertThat(run("replay", damaged.toString())).isEqualTo(2);
        assertThat(err()).contains(damaged + ", byte ", "found ", "expected ");
        Path text = Files.writeString(folder.resolve("text"), "hello");
        assertThat(run("replay", text.toString())).isEqualTo(2);
        assertThat(err()).contains("no recording");
        assertThat(run("replay", folder.resolve("absent").toString())).isEqualTo(2);
        assertThat(run("replay", folder.toString())).isEqualTo(2);
    }

    @Test
    void badOptionsAreRefusedBeforeAnythingIsMade() {
        Path file = folder.resolve("never.flyrec");
        assertThat(run("run", "sg-copy", "--record", "nic7=" + file)).isEqualTo(2);
        assertThat(err()).contains("--record: found \"nic7\", expected a device of this machine: sg0");
        assertThat(file).doesNotExist();
        assertThat(run("run", "sg-copy", "--record", "sg0")).isEqualTo(2);
        assertThat(err()).contains("expected device=file");
        assertThat(run("run", "sg-copy", "--fault", "nic7:drop read")).isEqualTo(2);
        assertThat(err()).contains("--fault: found \"nic7\"");
        assertThat(run("run", "sg-copy", "--fault", "drop read")).isEqualTo(2);
        assertThat(err()).contains("expected device:rule");
        assertThat(run("run", "sg-copy", "--fault", "sg0:drop disk")).isEqualTo(2);
        assertThat(err()).contains("--fault sg0, \"drop disk\", word 2: found \"disk\"");
        assertThat(run("run", "demo", "--fault", "sg0:drop read")).isEqualTo(2);
        assertThat(err()).contains("expected a scenario on a machine with PCI Express, which demo is not");
    }
}
