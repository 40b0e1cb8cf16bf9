package flyby.report;

import static org.assertj.core.api.Assertions.assertThat;

import flyby.study.ScenarioResult;
import java.util.List;
import java.util.Locale;
import org.junit.jupiter.api.Test;

/// What the page holds and what it must not; [HtmlJudgeTest] has a browser open it.
final class HtmlReportTest {
    @Test
    void asksNothingOfAnyNetwork() {
        String page = page(Sample.demo()).toLowerCase(Locale.ROOT);
        assertThat(page).contains("default-src 'none'");
        for (String outside :
                List.of("http:", "https:", "//www", " src=", " href=", "@import", "url(", "<link", "<img")) {
            assertThat(page).as(outside).doesNotContain(outside);
        }
    }

    @Test
    void hostileNamesStayText() {
        String hostile = Sample.HOSTILE;
        ScenarioResult result = new ScenarioResult(
                hostile,
                hostile,
                hostile,
                hostile,
                hostile,
                1,
                List.of(new ScenarioResult.ParameterValue(hostile, hostile, hostile, hostile, hostile)),
                List.of(Sample.run(hostile, 2, List.of(), true, List.of())));
        StringBuilder out = new StringBuilder();
        HtmlReport.write(result, List.of(Sample.timeline(hostile, 2, 100)), List.of(hostile), hostile, out);
        String page = out.toString();
        assertThat(page).doesNotContain("<b onload").doesNotContain("\u202e").doesNotContain("\u0007");
        assertThat(page).contains("&lt;b onload=&quot;x&quot;&gt;&#39;&amp;").contains("\\{202e}");
        assertThat(page.split("</script>", -1))
                .as("one script each for data and drawing")
                .hasSize(3);
    }

    @Test
    void showsVerdictFiguresBytesAndOmissions() {
        String page = page(Sample.stale("buffer.bin"));
        assertThat(page)
                .contains("</span> Failed</p>")
                .contains("The CPU read 32 stale bytes")
                .contains("<del>6a 75 6d 70 73 20 6f 76</del>")
                .contains("<ins>e4 09 2e 53 78 9d c2 e7</ins>")
                .contains("32 of 92 bytes differ")
                .contains("DRAM refresh takes no bus cycles.")
                .contains("machine.cpu.clock");
        assertThat(page(Sample.demo())).contains("All 4 runs as expected");
    }

    @Test
    void equalResultsGiveEqualPages() {
        assertThat(page(Sample.demo())).isEqualTo(page(Sample.demo()));
    }

    @Test
    void isWholeWithoutTimelinesOrTransfersOrBytes() {
        ScenarioResult empty = new ScenarioResult("0", "s", "t", "a", "i", 0, List.of(), List.of());
        StringBuilder out = new StringBuilder();
        HtmlReport.write(empty, List.of(), List.of(), "", out);
        assertThat(out.toString()).endsWith("</html>\n").doesNotContain("<script");
    }

    private static String page(ScenarioResult result) {
        List<Timeline> timelines = result.runs().stream()
                .map(run -> Sample.timeline(run.name(), 5, 1_000))
                .toList();
        StringBuilder out = new StringBuilder();
        HtmlReport.write(result, timelines, Sample.NOT_MODELLED, "./flyby demo", out);
        return out.toString();
    }
}
