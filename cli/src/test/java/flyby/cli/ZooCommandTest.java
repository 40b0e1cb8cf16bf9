package flyby.cli;

import static org.assertj.core.api.Assertions.assertThat;

import flyby.experiment.Experiments;
import flyby.study.ScenarioLibrary;
import flyby.validate.Validation;
import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// `zoo` on a few, and `run --check`.
final class ZooCommandTest {
    @TempDir
    private Path folder = Path.of("");

    private final ByteArrayOutputStream out = new ByteArrayOutputStream();
    private final ByteArrayOutputStream err = new ByteArrayOutputStream();

    private int run(String... args) {
        Terminal terminal = new Terminal(
                new PrintStream(out, true, StandardCharsets.UTF_8),
                new PrintStream(err, true, StandardCharsets.UTF_8),
                false,
                false);
        ScenarioLibrary library = ScenarioLibrary.shipped(Experiments.shipped());
        return new Application(
                        library, new Validation(List.of()), "1.2.3", folder, terminal, new Farewell(terminal.err()))
                .run(args);
    }

    private String out() {
        return out.toString(StandardCharsets.UTF_8);
    }

    private String err() {
        return err.toString(StandardCharsets.UTF_8);
    }

    @Test
    void theTableHasARowForEach() {
        assertThat(run("zoo", "b2", "L1", "--machine", "coherent", "--seeds", "2"))
                .isZero();
        assertThat(out())
                .contains("B2   ", " coherent ", " 2/2 ", " R41 ", "L1   ")
                .contains("1 of 1 caught (1 by rule and line), 0 false alarms in 4 runs of drivers that are right")
                .contains("DMA_API_DEBUG: 0 of 1 as shipped");
    }

    @Test
    void oneIsExplained() {
        assertThat(run("zoo", "B2", "--machine", "coherent", "--seeds", "1", "--explain"))
                .isZero();
        assertThat(out())
                .contains("B2NoSyncBeforeRead.java:")
                .contains("R41")
                .contains("again: ./flyby zoo B2 --machine coherent --seed 1 --seeds 1 --explain");
    }

    @Test
    void programsReadOneDocument() {
        assertThat(run("zoo", "A1", "--machine", "coherent", "--seeds", "1", "--json"))
                .isZero();
        assertThat(out())
                .startsWith("{\n  \"flyby\": \"1.2.3\",\n  \"ok\": true,")
                .contains("\"id\": \"A1\"", "\"rule\": \"R26\"", "\"agrees\": true")
                .endsWith("}\n");
    }

    @Test
    void whatIsNotThereIsRefused() {
        assertThat(run("zoo", "Z9")).isEqualTo(2);
        assertThat(err()).contains("ID: found \"Z9\", expected one of A1 A2");
        assertThat(run("zoo", "--machine", "warm")).isEqualTo(2);
        assertThat(err()).contains("--machine: found \"warm\", expected one of coherent, non-coherent");
        assertThat(run("zoo", "--seeds", "0")).isEqualTo(2);
        assertThat(err()).contains("--seeds: found 0, expected a number of 1 or more");
    }

    @Test
    void aScenarioThatIsRightIsQuiet() {
        assertThat(run("run", "sg-copy", "--check", "--set", "runs=sg")).isZero();
        assertThat(err()).isEmpty();
    }

    @Test
    void aDriversBugIsReportedAndTheTraceIsTheSame() {
        assertThat(run("run", "stale-read", "--check", "--json")).isEqualTo(1);
        assertThat(err())
                .contains("stale-read: run dma: the checker has found")
                .contains("R41 stale: ")
                .contains("CacheTrap.java:");
        assertThat(out()).contains("\"breaches\": [\n", "\"rule\": \"R41\"", "\"evidence\": \"stale\"");
        String checked = out().lines()
                .filter(line -> line.contains("traceHash"))
                .findFirst()
                .orElseThrow();
        out.reset();
        run("run", "stale-read", "--json");
        assertThat(out()).contains(checked).contains("\"breaches\": []");
    }
}
