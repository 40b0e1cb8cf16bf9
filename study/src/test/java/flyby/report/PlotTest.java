package flyby.report;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import flyby.study.Figure.Unit;
import flyby.study.RunResult;
import flyby.study.ScenarioResult;
import flyby.study.Series;
import java.util.List;
import org.junit.jupiter.api.Test;

/// Curves in the report, the JSON document and the table.
final class PlotTest {
    @Test
    void ticksAreRoundAndEncloseAllValues() {
        assertThat(ticks(Unit.COUNT, false, 3, 97)).containsExactly("0", "20", "40", "60", "80", "100");
        assertThat(ticks(Unit.COUNT, false, 0, 0)).containsExactly("0", "0.2", "0.4", "0.6", "0.8", "1");
        assertThat(ticks(Unit.PICOSECONDS, false, 0, 450_000))
                .containsExactly("0", "100 ns", "200 ns", "300 ns", "400 ns", "500 ns");
        assertThat(ticks(Unit.PICOSECONDS, true, 88_000, 430_000))
                .containsExactly("50 ns", "100 ns", "200 ns", "500 ns");
        assertThat(ticks(Unit.PICOSECONDS, true, 88_000, 103_800_000_000L))
                .containsExactly("10 ns", "100 ns", "1 us", "10 us", "100 us", "1 ms", "10 ms", "100 ms", "1 s");
        assertThat(ticks(Unit.BYTES, true, 64, 1 << 20))
                .containsExactly("64 B", "256 B", "1 KiB", "4 KiB", "16 KiB", "64 KiB", "256 KiB", "1 MiB");
        assertThat(ticks(Unit.BYTES, true, 100, 100)).containsExactly("64 B", "128 B");
        assertThat(ticks(Unit.BYTES_PER_SECOND, false, 1e9, 9.7e9))
                .containsExactly("0", "2 GB/s", "4 GB/s", "6 GB/s", "8 GB/s", "10 GB/s");
        assertThat(ticks(Unit.COUNT, false, -5, 5)).first().isEqualTo("-6");
    }

    @Test
    void aSizeReadsInPowersOf1024WhereItIsOne() {
        PlotAxis axis = PlotAxis.of(new Series.Axis("size", Unit.BYTES, true), 1, 10_000);
        assertThat(axis.text(1_500)).isEqualTo("1,500 B");
        assertThat(axis.text(8_192)).isEqualTo("8 KiB");
        assertThat(axis.place(1)).isEqualTo(0);
        assertThat(axis.place(128) - axis.place(64)).isCloseTo(axis.place(2) - axis.place(1), within(1e-12));
    }

    @Test
    void whatHasNoPlaceOnALogarithmicAxisIsAFault() {
        Series.Axis axis = new Series.Axis("size", Unit.BYTES, true);
        assertThatThrownBy(() -> PlotAxis.of(axis, 0, 1)).isInstanceOf(AssertionError.class);
    }

    @Test
    void aPageHasAPlotForEachKeyWithACurveForEachRun() {
        String page = page(Sample.sweep());
        assertThat(page.split("<figure>", -1)).as("two plots").hasSize(3);
        assertThat(page.split("<path class=\"curve\" d=\"M\\d+\\.", -1))
                .as("two curves each, beside those of the legends")
                .hasSize(5);
        assertThat(page)
                .contains("<h2>What is seen</h2>")
                .contains("<li>By latency DMA is faster from 70.6 KiB on.</li>")
                .contains("<title>pio: 64 B, 91.34 ns</title>")
                .contains("<th scope=\"row\">1 MiB</th><td>103.9 us</td><td>87.76 us</td>")
                .contains("aria-label=\"Latency by size: latency over transfer size. Curves: pio, burst.")
                .doesNotContain("<script");
    }

    @Test
    void aPageWithoutCurvesHasNoPlots() {
        assertThat(page(Sample.stale("a"))).doesNotContain("<h2>Plots</h2>").doesNotContain("What is seen");
    }

    @Test
    void theTableSaysWhatIsSeen() {
        assertThat(TableReport.text(Sample.sweep(), false))
                .contains("what is seen\n  By latency DMA is faster from 70.6 KiB on.\n  Published: 11 to 67 KB");
    }

    @Test
    void theDocumentHasThePoints() {
        StringBuilder out = new StringBuilder();
        JsonReport.write(Sample.sweep(), out);
        assertThat(out.toString().replaceAll("\\s+", ""))
                .contains("\"series\":[{\"key\":\"latencyBySize\",\"title\":\"Latencybysize\","
                        + "\"x\":{\"title\":\"transfersize\",\"unit\":\"bytes\",\"logarithmic\":true},"
                        + "\"y\":{\"title\":\"latency\",\"unit\":\"picoseconds\","
                        + "\"logarithmic\":true},\"points\":[[64,91336],[128,97672]")
                .contains("\"conclusions\":[\"BylatencyDMAisfasterfrom70.6KiBon.\",");
    }

    @Test
    void runsThatDrawTheSameKeyAgreeAboutItsAxes() {
        RunResult first = Sample.sweep().runs().getFirst();
        Series series = first.series().getFirst();
        Series other = new Series(series.key(), series.title(), series.y(), series.x(), series.points());
        assertThatThrownBy(() -> Plot.of(List.of(first, first.withSeries(List.of(other)))))
                .isInstanceOf(AssertionError.class);
        assertThatThrownBy(() -> Plot.of(List.of(first.withSeries(List.of(series, series)))))
                .isInstanceOf(AssertionError.class);
    }

    private static List<String> ticks(Unit unit, boolean isLogarithmic, double least, double most) {
        PlotAxis axis = PlotAxis.of(new Series.Axis("a", unit, isLogarithmic), least, most);
        assertThat(axis.place(axis.ticks().getFirst())).isZero();
        assertThat(axis.place(axis.ticks().getLast())).isEqualTo(1);
        assertThat(axis.place(most)).isLessThanOrEqualTo(1);
        return axis.ticks().stream().map(axis::text).toList();
    }

    private static String page(ScenarioResult result) {
        StringBuilder out = new StringBuilder();
        HtmlReport.write(result, List.of(), List.of(), "", out);
        return out.toString();
    }
}
