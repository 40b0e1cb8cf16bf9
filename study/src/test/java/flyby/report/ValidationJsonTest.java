package flyby.report;

import static org.assertj.core.api.Assertions.assertThat;

import flyby.study.Progress;
import flyby.validate.Grade;
import flyby.validate.Reference;
import flyby.validate.Row;
import flyby.validate.Section;
import flyby.validate.Tolerance;
import flyby.validate.Validation;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.NullUnmarked;
import org.junit.jupiter.api.Test;

/// The document of `validate`, read back by a parser that is not ours.
@NullUnmarked // A null where none belongs fails the test all the same.
final class ValidationJsonTest {
    private static final Reference BOOK = new Reference("BOOK", "A book", "a shelf");

    private final Map<String, Object> document = document(
            Row.of("1.1", "speed")
                    .under("downhill")
                    .figure("1.05", "m/s", Tolerance.rounded(), () -> 1.25)
                    .from(Grade.A, BOOK.derived("page 2"), "Timed."),
            Row.of("1.2", "doors")
                    .rule("doors open outwards", facts -> {
                        facts.equal("back door", "outwards", "inwards");
                        facts.holds("front door", true);
                    })
                    .from(Grade.A, BOOK.at("page 5"), "Opened."),
            Row.of("1.3", "colour").context("red").from(Grade.D, BOOK.at("page 3"), "No colour here."));

    private static Map<String, Object> document(Row... rows) {
        Section section = new Section("things", "all things", List.of(rows));
        StringBuilder json = new StringBuilder();
        ValidationJson.write("1.2.3", List.of(Validation.Checked.of(section, Progress.silent())), json);
        return Json.object(Json.read(json.toString()));
    }

    private Map<String, Object> row(int index) {
        Map<String, Object> section =
                Json.object(Json.array(document.get("sections")).getFirst());
        return Json.object(Json.array(section.get("rows")).get(index));
    }

    @Test
    void countsTheVerdicts() {
        assertThat(document)
                .containsEntry("flyby", "1.2.3")
                .containsEntry("ok", false)
                .containsEntry("passed", 0)
                .containsEntry("failed", 2)
                .containsEntry("context", 1);
    }

    @Test
    void aFigureHasItsNumbers() {
        assertThat(row(0))
                .containsEntry("id", "1.1")
                .containsEntry("kind", "figure")
                .containsEntry("conditions", "downhill")
                .containsEntry("publishedText", "1.05 m/s")
                .containsEntry("unit", "m/s")
                .containsEntry("published", 1.05)
                .containsEntry("simulated", 1.25)
                .containsEntry("difference", 0.2)
                .containsEntry("tolerance", 0.005)
                .containsEntry("grade", "A")
                .containsEntry("how", "Timed.")
                .containsEntry("verdict", "fail");
        assertThat((double) row(0).get("differencePercent")).isBetween(19.04, 19.05);
        assertThat(Json.object(row(0).get("source")))
                .containsEntry("key", "BOOK")
                .containsEntry("place", "page 2")
                .containsEntry("derived", true);
    }

    @Test
    void aRuleHasItsFacts() {
        assertThat(row(1))
                .containsEntry("kind", "rule")
                .containsEntry("published", 2)
                .containsEntry("simulated", 1)
                .containsEntry("verdict", "fail");
        assertThat(Json.array(row(1).get("broken"))).containsExactly("back door: inwards instead of outwards");
    }

    @Test
    void contextIsNoFailure() {
        assertThat(row(2)).containsEntry("kind", "context").containsEntry("verdict", "context");
    }
}
