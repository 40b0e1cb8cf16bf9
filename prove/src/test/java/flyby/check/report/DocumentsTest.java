package flyby.check.report;

import static org.assertj.core.api.Assertions.assertThat;

import flyby.check.CallSite;
import flyby.check.Evidence;
import flyby.check.Finding;
import flyby.check.Rule;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.snakeyaml.engine.v2.api.Load;
import org.snakeyaml.engine.v2.api.LoadSettings;
import org.snakeyaml.engine.v2.schema.JsonSchema;

/// What programs read, by a parser that is not ours: YAML 1.2 with its JSON schema contains JSON.
final class DocumentsTest {
    @TempDir
    private Path folder;

    private static Object read(String text) {
        LoadSettings settings = LoadSettings.builder()
                .setSchema(new JsonSchema())
                .setAllowDuplicateKeys(false)
                .build();
        return new Load(settings).loadFromString(text);
    }

    private Object json(CheckResult result) {
        StringBuilder text = new StringBuilder();
        JsonReport.write(result, Sample.tree(folder), text);
        return read(text.toString());
    }

    private Object sarif(CheckResult result) {
        StringBuilder text = new StringBuilder();
        SarifReport.write(result, Sample.tree(folder), text);
        return read(text.toString());
    }

    /// What lies at `path` of a document: names and indices with dots between.
    private static Object at(Object document, String path) {
        Object value = document;
        for (String step : path.split("\\.", -1)) {
            value = value instanceof List<?> list
                    ? list.get(Integer.parseInt(step))
                    : java.util.Objects.requireNonNull(((Map<?, ?>) value).get(step), path);
        }
        return value;
    }

    @Test
    void jsonSaysWhatTheFindingsSay() {
        Object document = json(Sample.result(Sample.early(), Sample.leak()));

        assertThat(((Map<?, ?>) document).keySet().toString())
                .isEqualTo("[flyby, subject, command, ok, complete, cutShort, findings]");
        assertThat(at(document, "ok")).isEqualTo(false);
        assertThat(((Map<?, ?>) at(document, "findings.0")).keySet().toString())
                .isEqualTo("[rule, sentence, evidence, what, party, timePs, site, life, story, expected, seen,"
                        + " advice]");
        assertThat(at(document, "findings.0.timePs")).isEqualTo(12_345_678);
        assertThat(at(document, "findings.0.site.file")).isEqualTo("zoo/src/main/java/toy/ToyDriver.java");
        assertThat(at(document, "findings.0.site.source")).isEqualTo("int length = cpu.load8(buffer); // BUG");
        assertThat(at(document, "findings.0.life.0.site.line")).isEqualTo(5);
        assertThat(at(document, "findings.0.story.0.timePs")).isEqualTo(2_000_000);
        assertThat(at(document, "findings.0.site.callers.0.line")).isEqualTo(10);
        assertThat(at(document, "findings.1.site.line")).isEqualTo(0);
        assertThat(at(document, "findings.1.evidence")).isEqualTo("leak");
    }

    @Test
    void jsonIsWholeWhenTheCheckWasNot() {
        Object document = json(new CheckResult("0.1.0", "toy", "", "killed", List.of()));

        assertThat(at(document, "ok")).isEqualTo(false);
        assertThat(at(document, "complete")).isEqualTo(false);
        assertThat(at(document, "cutShort")).isEqualTo("killed");
        assertThat(at(json(Sample.result()), "ok")).isEqualTo(true);
    }

    @Test
    void sarifKeepsToItsSpecification() {
        Object log = sarif(Sample.result(Sample.early(), Sample.leak(), Sample.leak()));

        SarifRules.check(log);
        assertThat(at(log, "runs.0.tool.driver.rules.0.id")).isEqualTo("R22");
        assertThat(at(log, "runs.0.results.0.ruleId")).isEqualTo("R41");
        assertThat(at(log, "runs.0.results.0.ruleIndex")).isEqualTo(1);
        String place = "runs.0.results.0.locations.0.physicalLocation.";
        assertThat(at(log, place + "artifactLocation.uri")).isEqualTo("zoo/src/main/java/toy/ToyDriver.java");
        assertThat(at(log, place + "region.startLine")).isEqualTo(9);
        assertThat(at(log, "runs.0.results.0.codeFlows.0.threadFlows.0.locations.1.location.message.text"))
                .isEqualTo(Sample.early().what());
        assertThat((List<?>) at(log, "runs.0.results.0.stacks.0.frames")).hasSize(2);
        assertThat((List<?>) at(log, "runs.0.results.1.locations"))
                .as("no line")
                .isEmpty();
        assertThat(at(log, "runs.0.results.2.partialFingerprints.flybyFinding/v1"))
                .isNotEqualTo(at(log, "runs.0.results.1.partialFingerprints.flybyFinding/v1"));
    }

    @Test
    void sarifTellsThatACheckWasCutShort() {
        Object log = sarif(new CheckResult("0.1.0", "toy", "./flyby check toy", "killed", List.of()));

        SarifRules.check(log);
        assertThat(at(log, "runs.0.invocations.0.executionSuccessful")).isEqualTo(false);
        assertThat(at(log, "runs.0.invocations.0.toolExecutionNotifications.0.message.text"))
                .isEqualTo("The check was cut short: killed");
    }

    @Test
    void pathsBecomeUris() {
        CallSite odd = new CallSite("A", "b", "my driver/50%/Ä.java", 1);
        Finding finding = new Finding(Rule.R3, Evidence.MAP, "w", "cpu0", odd, 0, List.of(), List.of(), "", "", "");
        Object log = sarif(Sample.result(finding));

        SarifRules.check(log);
        assertThat(at(log, "runs.0.results.0.locations.0.physicalLocation.artifactLocation.uri"))
                .isEqualTo("my%20driver/50%25/%C3%84.java");
    }
}
