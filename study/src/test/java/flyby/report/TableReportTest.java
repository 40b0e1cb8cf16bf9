package flyby.report;

import static org.assertj.core.api.Assertions.assertThat;

import flyby.study.RunResult;
import flyby.study.ScenarioResult;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

final class TableReportTest {
    @Test
    void fitsATerminalInPlainAscii() {
        for (ScenarioResult result : List.of(Sample.demo(), Sample.stale("x"), Sample.stale(Sample.HOSTILE))) {
            String text = TableReport.text(result, false);
            assertThat(text).matches("[\\n\\x20-\\x7e]*");
            assertThat(text.lines()).allMatch(line -> line.length() <= TableReport.WIDTH);
        }
    }

    @Test
    void colourChangesNothingButColour() {
        String coloured = TableReport.text(Sample.stale("x"), true);
        assertThat(coloured).contains("\u001b[");
        assertThat(coloured.replaceAll("\u001b\\[[0-9;]*m", "")).isEqualTo(TableReport.text(Sample.stale("x"), false));
    }

    /// 65,537 bytes in 131,074 us: two microseconds a byte, 500 kB/s.
    @Test
    void writesTheWorkedExample() {
        RunResult run = new RunResult(
                "burst",
                65_537,
                131_074_000_000L,
                Sample.SHA,
                true,
                "00000000000000ff",
                Map.of("transfer", 131_074_000_000L),
                List.of(),
                List.of(),
                List.of());
        ScenarioResult result =
                new ScenarioResult("0.1.0", "demo", "One run", "", "letter.txt", 7, List.of(), List.of(run));
        assertThat(TableReport.text(result, false)).isEqualTo("""
                demo: One run
                input letter.txt, seed 7, Flyby 0.1.0

                run     bytes   elapsed  throughput  data
                burst  65,537  131.1 ms    500 kB/s    ok

                where the time went
                  burst, 131.1 ms
                    transfer  100.0 %    131.1 ms  ########################################

                ok: 1 run as expected, trace 99423fc5cb3198eb
                """);
    }

    @Test
    void marksTheBytesThatDiffer() {
        String text = TableReport.text(Sample.stale("x"), false);
        assertThat(text)
                .contains("FAILED stale-read: The CPU read 32 stale bytes")
                .contains("6a*75*6d*70*73*20*6f*76*")
                .contains("DIFFERS")
                .contains("... 16 equal bytes")
                .contains("missing: cpu.cache().invalidate");
    }
}
