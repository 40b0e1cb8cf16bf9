package flyby.cli;

import static org.assertj.core.api.Assertions.assertThat;

import flyby.experiment.Experiments;
import flyby.study.ScenarioLibrary;
import flyby.validate.Grade;
import flyby.validate.Reference;
import flyby.validate.Row;
import flyby.validate.Section;
import flyby.validate.Tolerance;
import flyby.validate.Validation;
import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// `validate` on rows whose outcome is known beforehand.
final class ValidateCommandTest {
    private static final Reference BOOK = new Reference("BOOK", "A book", "a shelf");

    private static final Row GOOD =
            Row.of("1.1a", "wheels").exactly(4, "wheels", () -> 4).from(Grade.A, BOOK.at("page 1"), "Counted.");

    private static final Row NEAR = Row.of("1.1b", "speed")
            .figure("1.05", "m/s", Tolerance.rounded(), () -> 1.054)
            .from(Grade.A, BOOK.derived("page 2"), "Timed.");

    private static final Row SAID =
            Row.of("1.2", "colour").context("red").from(Grade.D, BOOK.at("page 3"), "Nothing here has a colour.");

    private static final Row FAR = Row.of("2.1", "weight")
            .under("on Earth")
            .figure("10.0", "kg", Tolerance.percent("5"), () -> 11)
            .from(Grade.B, BOOK.at("page 4"), "Weighed.");

    private static final Row BROKEN = Row.of("2.2", "doors")
            .rule("doors open outwards", facts -> {
                facts.holds("front door", true);
                facts.equal("back door", "outwards", "inwards");
            })
            .from(Grade.A, BOOK.at("page 5"), "Opened.");

    private static final Row DEAF =
            Row.of("2.3", "bell").rule("the bell rings", _ -> {}).from(Grade.A, BOOK.at("page 6"), "Nobody looked.");

    @TempDir
    private Path folder = Path.of("");

    private final ByteArrayOutputStream out = new ByteArrayOutputStream();
    private final ByteArrayOutputStream err = new ByteArrayOutputStream();

    private int run(String... args) {
        Validation validation = new Validation(List.of(
                new Section("right", "what is right", List.of(GOOD, NEAR, SAID)),
                new Section("wrong", "what is wrong", List.of(FAR, BROKEN, DEAF))));
        Terminal terminal = new Terminal(
                new PrintStream(out, true, StandardCharsets.UTF_8),
                new PrintStream(err, true, StandardCharsets.UTF_8),
                false,
                false);
        ScenarioLibrary library = ScenarioLibrary.shipped(Experiments.shipped());
        return new Application(library, validation, "1.2.3", folder, terminal, new Farewell(terminal.err())).run(args);
    }

    private String out() {
        return out.toString(StandardCharsets.UTF_8);
    }

    private String err() {
        return err.toString(StandardCharsets.UTF_8);
    }

    @Test
    void rowsThatPassAreZero() {
        assertThat(run("validate", "right")).isZero();
        assertThat(out())
                .contains("4 wheels", "1.05 m/s", "1.0540 m/s", "+0.0040", "0.005", "BOOK+", "context")
                .contains("not tested  Nothing here has a colour.")
                .endsWith("ok: 2 rows passed, 0 failed, 1 context\n");
        assertThat(err()).isEmpty();
    }

    @Test
    void aRowThatFailsIsOne() {
        assertThat(run("validate")).isEqualTo(1);
        assertThat(out())
                .contains("FAIL", "+10.000 %", "conditions  on Earth", "back door: inwards instead of outwards")
                .endsWith("FAILED: 2 rows passed, 3 failed, 1 context\n");
    }

    @Test
    void aRuleOfWhichNothingWasSeenFails() {
        assertThat(run("validate", "--only", "2.3")).isEqualTo(1);
        assertThat(out()).contains("0 of 0");
    }

    @Test
    void rowsAreChosenByIdOrNumber() {
        assertThat(run("validate", "--only", "1.1")).isZero();
        assertThat(out()).contains("1.1a", "1.1b", "Timed.").doesNotContain("1.2 ", "wrong");
        assertThat(run("validate", "wrong", "--only", "2.2,2.1")).isEqualTo(1);
        assertThat(out()).endsWith("FAILED: 0 rows passed, 2 failed, 0 context\n");
    }

    @Test
    void linesFitTheScreen() {
        assertThat(run("validate")).isEqualTo(1);
        assertThat(run("validate", "--list")).isZero();
        assertThat(out().lines()).allMatch(line -> line.length() <= 120);
    }

    @Test
    void listSimulatesNothing() {
        assertThat(run("validate", "--list")).isZero();
        assertThat(out())
                .contains("published   10.0 kg", "how         Weighed.", "A book, page 4")
                .doesNotContain("FAIL");
    }

    @Test
    void jsonIsOneDocumentWhateverComesOut() {
        assertThat(run("validate", "--json")).isEqualTo(1);
        assertThat(out()).startsWith("{").endsWith("}\n").contains("\"failed\": 3", "\"differencePercent\": 10.0");
        assertThat(err()).isEmpty();
    }

    @Test
    void whatDoesNotExistIsTwoAndSaysWhatDoes() {
        assertThat(run("validate", "rigth")).isEqualTo(2);
        assertThat(err()).contains("\"rigth\"", "one of right, wrong", "did you mean right?");
        assertThat(run("validate", "right", "--only", "2.1")).isEqualTo(2);
        assertThat(err()).contains("\"2.1\"", "1.1a to 1.2 (./flyby validate --list)");
        assertThat(run("validate", "--only", "")).isEqualTo(2);
        assertThat(run("validate", "--json", "--list")).isEqualTo(2);
        assertThat(out()).isEmpty();
    }
}
