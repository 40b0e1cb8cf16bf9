package flyby.report;

import static org.assertj.core.api.Assertions.assertThat;

import flyby.study.ScenarioResult;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// Chromium opens the page from disk, with no network, runs its script and complains of nothing.
final class HtmlJudgeTest {
    @TempDir
    private Path folder;

    @BeforeEach
    void needsABrowser() {
        Judges.need("chromium", "chromium");
    }

    @Test
    void chromiumDrawsEveryTimelineWithoutComplaint() throws IOException, InterruptedException {
        String dom = opened(Sample.demo(), Sample.RUNS);
        assertThat(dom).contains("data-timelines=\"4\"");
        assertThat(dom.split("<canvas", -1)).hasSize(5);
        assertThat(dom).contains("All 4 runs as expected");
    }

    @Test
    void chromiumShowsHostileNamesAsText() throws IOException, InterruptedException {
        String dom = opened(Sample.stale(Sample.HOSTILE), List.of(Sample.HOSTILE));
        assertThat(dom).contains("data-timelines=\"1\"").doesNotContain("<b onload");
    }

    private String opened(ScenarioResult result, List<String> runs) throws IOException, InterruptedException {
        List<Timeline> timelines =
                runs.stream().map(run -> Sample.timeline(run, 6, 200)).toList();
        StringBuilder page = new StringBuilder();
        HtmlReport.write(result, timelines, Sample.NOT_MODELLED, "./flyby demo", page);
        Path file = folder.resolve("report.html");
        Files.writeString(file, page, StandardCharsets.UTF_8);
        String dom = Judges.output(
                folder,
                List.of(
                        "chromium",
                        "--headless",
                        "--no-sandbox",
                        "--disable-gpu",
                        "--disable-background-networking",
                        "--host-resolver-rules=MAP * ~NOTFOUND",
                        "--user-data-dir=" + folder.resolve("profile"),
                        "--enable-logging=stderr",
                        "--dump-dom",
                        file.toUri().toString()));
        assertThat(Judges.errors(folder)).doesNotContain("CONSOLE");
        return dom;
    }
}
