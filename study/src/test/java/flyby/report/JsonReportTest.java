package flyby.report;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import flyby.base.JsonWriter;
import flyby.sim.Prng;
import flyby.study.Figure;
import flyby.study.RunResult;
import flyby.study.ScenarioResult;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.NullUnmarked;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// The document, read back by a parser that is not ours.
@NullUnmarked // A null where none belongs fails the test all the same.
final class JsonReportTest {
    @TempDir
    private Path folder;

    @Test
    void saysWhatTheResultSays() {
        ScenarioResult result = Sample.demo();
        Map<String, Object> document = Json.object(Json.read(text(result)));
        assertThat(document.keySet())
                .containsExactly(
                        "flyby",
                        "scenario",
                        "title",
                        "seed",
                        "ok",
                        "traceHash",
                        "input",
                        "parameters",
                        "runs",
                        "conclusions");
        assertThat(document.get("seed")).isEqualTo(42);
        assertThat(document.get("ok")).isEqualTo(true);
        assertThat(document.get("traceHash")).isEqualTo(result.traceHash());
        List<Object> runs = Json.array(document.get("runs"));
        assertThat(runs).hasSize(4);
        for (int i = 0; i < runs.size(); i++) {
            RunResult run = result.runs().get(i);
            Map<String, Object> seen = Json.object(runs.get(i));
            assertThat(seen.get("name")).isEqualTo(run.name());
            assertThat(number(seen.get("bytes"))).isEqualTo(run.bytes());
            assertThat(number(seen.get("elapsedPs"))).isEqualTo(run.elapsedPicos());
            assertThat(seen.get("sha256")).isEqualTo(run.sha256());
            assertThat(seen.get("dataOk")).isEqualTo(true);
            long phases = Json.object(seen.get("phasesPs")).values().stream()
                    .mapToLong(JsonReportTest::number)
                    .sum();
            assertThat(phases).isEqualTo(run.elapsedPicos());
            for (Figure figure : run.figures()) {
                assertThat(((Number) seen.get(figure.key())).doubleValue())
                        .isEqualTo(figure.value().doubleValue());
            }
            assertThat(Json.array(seen.get("transfers"))).hasSize(24);
        }
    }

    @Test
    void givesTheBytesOfAFinding() {
        Map<String, Object> document = Json.object(Json.read(text(Sample.stale("f"))));
        assertThat(document.get("ok")).isEqualTo(false);
        Map<String, Object> run = Json.object(Json.array(document.get("runs")).getFirst());
        Map<String, Object> finding =
                Json.object(Json.array(run.get("findings")).getFirst());
        Map<String, Object> bytes = Json.object(Json.array(finding.get("bytes")).getFirst());
        assertThat(bytes.get("address")).isEqualTo("0x8004");
        assertThat(bytes.get("seen").toString()).startsWith("546865").hasSize(184);
    }

    /// 2^53 - 1 is the last number without a gap after it in JavaScript.
    @Test
    void writesSeedsThatJavaScriptWouldRoundAsStrings() {
        for (long seed : new long[] {0, -1, (1L << 53) - 1, -(1L << 53) + 1}) {
            assertThat(text(seeded(seed))).contains("\"seed\": " + seed + ",");
        }
        for (long seed : new long[] {1L << 53, -(1L << 53), Long.MAX_VALUE, Long.MIN_VALUE}) {
            assertThat(text(seeded(seed))).contains("\"seed\": \"" + seed + "\",");
        }
    }

    @Test
    void anyStringComesBack() {
        Prng prng = new Prng(5);
        for (int round = 0; round < 2_000; round++) {
            StringBuilder text = new StringBuilder();
            for (int i = 0; i < prng.below(20); i++) {
                text.append((char) (prng.chance(1, 2) ? prng.below(0x80) : prng.below(0xD800)));
                text.append(prng.chance(1, 5) ? "\ud83d\ude80" : "");
            }
            StringBuilder json = new StringBuilder();
            new JsonWriter(json, false)
                    .beginArray()
                    .value(text.toString())
                    .value(prng.nextLong())
                    .endArray();
            assertThat(Json.array(Json.read(json.toString())).getFirst()).isEqualTo(text.toString());
        }
    }

    @Test
    void nodeReadsTheSame() throws IOException, InterruptedException {
        Judges.need("node", "nodejs");
        Path file = folder.resolve("hostile.json");
        Files.writeString(file, text(Sample.stale(Sample.HOSTILE)), StandardCharsets.UTF_8);
        String script = "const d = JSON.parse(require('fs').readFileSync(process.argv[1], 'utf8'));"
                + "console.log([...d.input].map(c => c.codePointAt(0).toString(16)).join(' '));"
                + "console.log(typeof d.seed, BigInt(d.seed), d.runs[0].findings[0].bytes[0].right.length)";
        String[] lines = Judges.output(folder, List.of("node", "-e", script, file.toString()))
                .split("\n", -1);
        StringBuilder expected = new StringBuilder();
        Sample.HOSTILE
                .codePoints()
                .forEach(c -> expected.append(Integer.toHexString(c)).append(' '));
        assertThat(lines[0]).isEqualTo(expected.toString().trim());
        assertThat(lines[1]).isEqualTo("string -9223372036854775808n 184");
    }

    @Test
    void refusesAFigureThatHidesAnother() {
        RunResult run = Sample.run("burst", 1, List.of(), true, List.of());
        RunResult twice = new RunResult(
                "burst",
                0,
                0,
                Sample.SHA,
                true,
                run.traceHash(),
                Map.of(),
                List.of(new Figure("elapsedPs", "x", 1L, Figure.Unit.PICOSECONDS, true)),
                List.of(),
                List.of());
        ScenarioResult result = new ScenarioResult("0", "s", "t", "a", "i", 0, List.of(), List.of(twice));
        assertThatThrownBy(() -> text(result)).hasMessageContaining("elapsedPs");
    }

    @Test
    void equalResultsGiveEqualDocuments() {
        assertThat(text(Sample.demo())).isEqualTo(text(Sample.demo()));
    }

    private static ScenarioResult seeded(long seed) {
        return new ScenarioResult("0", "s", "t", "a", "i", seed, List.of(), List.of());
    }

    private static String text(ScenarioResult result) {
        StringBuilder text = new StringBuilder();
        JsonReport.write(result, text);
        return text.toString();
    }

    private static long number(Object value) {
        return ((Number) value).longValue();
    }
}
