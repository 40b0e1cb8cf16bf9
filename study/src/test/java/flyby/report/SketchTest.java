package flyby.report;

import static org.assertj.core.api.Assertions.assertThat;

import flyby.machine.MachineLibrary;
import flyby.study.ScenarioResult;
import flyby.topology.Sketch;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;

/// Pictures of machines. The expected ones are drawn by hand.
final class SketchTest {
    private static final Sketch SMALL = new Sketch(
            "small",
            "for a test",
            List.of(
                    new Sketch.Box("socket 0", List.of("2 cores", "a long line of facts")),
                    new Sketch.Box("socket 1", List.of("4 cores"))),
            new Sketch.Box("root complex", List.of("IOMMU off")),
            List.of(
                    new Sketch.Node("", new Sketch.Box("slot0", List.of("root port")), List.of()),
                    new Sketch.Node(
                            "",
                            new Sketch.Box("slot1", List.of("root port")),
                            List.of(new Sketch.Node(
                                    "Gen3 x4", new Sketch.Box("copy0", List.of("one", "two")), List.of())))));

    @Test
    void lettersDrawBoxesAndATree() {
        assertThat(SketchText.of(SMALL, false)).isEqualTo("""
                small: for a test

                +- socket 0 -----------+  +- socket 1 -+
                | 2 cores              |  | 4 cores    |
                | a long line of facts |  |            |
                +----------------------+  +------------+
                  |
                  +== root complex
                  |   IOMMU off
                  |
                  +-- slot0  root port
                  |
                  +-- slot1  root port
                      |
                      | Gen3 x4
                      +-- copy0  one; two
                """);
    }

    @Test
    void jsonHasThePictureAndEveryValueWithItsSource() {
        StringBuilder out = new StringBuilder();
        SketchJson.write("9.9", MachineLibrary.show("desktop-switch", List.of()), out);
        Map<String, Object> root = Json.object(Json.read(out.toString()));
        assertThat(root).containsEntry("flyby", "9.9").containsEntry("machine", "desktop-switch");
        Map<String, Object> slot = Json.object(Json.array(root.get("below")).getFirst());
        Map<String, Object> crossing = Json.object(Json.array(slot.get("below")).getFirst());
        assertThat(crossing).containsEntry("name", "switch0").containsKey("link");
        assertThat(Json.array(crossing.get("below"))).hasSize(2);
        Map<String, Object> parameters = Json.object(root.get("parameters"));
        assertThat(Json.object(parameters.get("machine.switches.switch0.ports.left.link.width")))
                .containsEntry("value", "x4")
                .containsEntry("origin", "profile desktop-switch");
        assertThat(parameters.values())
                .allSatisfy(each -> assertThat(Json.object(each).get("source")).isNotEqualTo(""));
    }

    @Test
    void theReportHasThePictureOfItsMachine() {
        ScenarioResult demo = Sample.demo();
        assertThat(page(demo, Optional.empty())).doesNotContain("The machine</h2>");
        assertThat(page(demo, Optional.of(SMALL)))
                .contains("<h2>The machine</h2>", "<span class=\"link\">Gen3 x4</span>", "<b>copy0</b>");
        Sketch hostile = new Sketch(
                Sample.HOSTILE,
                Sample.HOSTILE,
                List.of(new Sketch.Box(Sample.HOSTILE, List.of(Sample.HOSTILE))),
                new Sketch.Box(Sample.HOSTILE, List.of()),
                List.of());
        assertThat(page(demo, Optional.of(hostile))).doesNotContain("<b onload");
    }

    static String page(ScenarioResult like, Optional<Sketch> machine) {
        ScenarioResult result = new ScenarioResult(
                like.version(),
                like.scenario(),
                like.title(),
                like.about(),
                like.input(),
                like.seed(),
                like.parameters(),
                like.runs(),
                machine);
        StringBuilder out = new StringBuilder();
        HtmlReport.write(result, List.of(), List.of(), "", out);
        return out.toString();
    }
}
