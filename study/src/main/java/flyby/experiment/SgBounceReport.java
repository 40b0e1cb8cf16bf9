package flyby.experiment;

import com.google.errorprone.annotations.FormatMethod;
import com.google.errorprone.annotations.FormatString;
import flyby.experiment.ScatteredLoad.Measured;
import flyby.study.Figure;
import flyby.study.Figure.Unit;
import flyby.study.RunResult;
import flyby.study.Series;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.function.ToDoubleFunction;
import org.jspecify.annotations.Nullable;

/// Figures, curves and conclusions of [SgBounce].
final class SgBounceReport {
    private static final Series.Axis PIECES = new Series.Axis("pieces of a message", Unit.COUNT, true);
    private static final Series.Axis PIECE = new Series.Axis("bytes of a piece", Unit.BYTES, true);
    private static final double PICOS_PER_MICRO = 1e6;

    private final List<Measured> counts = new ArrayList<>();
    private final List<Measured> sizes = new ArrayList<>();
    private @Nullable Measured standard;

    void standard(Measured measured) {
        standard = measured;
    }

    void count(Measured measured) {
        counts.add(measured);
    }

    void size(Measured measured) {
        sizes.add(measured);
    }

    RunResult result(TracedRun run, ScatteredLoad load, List<Figure> machine) {
        List<Figure> figures = new ArrayList<>(figures());
        figures.addAll(machine);
        return run.result(load.movedBytes(), load.seenSha256(), load.expectedSha256(), List.of(), figures, List.of())
                .withPhases(load.phasesPicos())
                .withSeries(series());
    }

    private List<Figure> figures() {
        Measured one = standard;
        if (one == null) {
            return List.of();
        }
        return List.of(
                new Figure("messagePs", "message", Math.round(one.picos()), Unit.PICOSECONDS, true),
                new Figure("cpuPerMessagePs", "CPU", Math.round(one.cpuPicos()), Unit.PICOSECONDS, true),
                new Figure("mapPerMessagePs", "map and unmap", Math.round(one.mapPicos()), Unit.PICOSECONDS, true),
                new Figure("copiedBytes", "copied", Math.round(one.copiedBytes()), Unit.BYTES, true),
                new Figure("segmentCount", "segments", Math.round(one.segments()), Unit.COUNT, true));
    }

    private List<Series> series() {
        List<Series> series = new ArrayList<>();
        add(series, "ByCount", " by pieces", counts, PIECES, Measured::count);
        add(series, "BySize", " by bytes of a piece", sizes, PIECE, Measured::byteCount);
        return series;
    }

    private static void add(
            List<Series> series,
            String key,
            String title,
            List<Measured> all,
            Series.Axis x,
            ToDoubleFunction<Measured> xOf) {
        curve(series, "message" + key, "Time of a message" + title, all, x, xOf, Unit.PICOSECONDS, Measured::picos);
        curve(series, "cpu" + key, "CPU time of a message" + title, all, x, xOf, Unit.PICOSECONDS, Measured::cpuPicos);
        curve(series, "copied" + key, "Bytes copied" + title, all, x, xOf, Unit.BYTES, Measured::copiedBytes);
        curve(series, "segments" + key, "Segments" + title, all, x, xOf, Unit.COUNT, Measured::segments);
    }

    private static void curve(
            List<Series> series,
            String key,
            String title,
            List<Measured> all,
            Series.Axis x,
            ToDoubleFunction<Measured> xOf,
            Unit unit,
            ToDoubleFunction<Measured> yOf) {
        if (!all.isEmpty()) {
            List<Series.Point> points = all.stream()
                    .map(each -> new Series.Point(xOf.applyAsDouble(each), yOf.applyAsDouble(each)))
                    .toList();
            series.add(new Series(key, title, x, new Series.Axis(title, unit, false), points));
        }
    }

    static List<String> conclusions(List<RunResult> runs) {
        List<String> sentences = new ArrayList<>();
        Optional<RunResult> list =
                runs.stream().filter(each -> each.name().equals(SgBounce.LIST)).findFirst();
        for (RunResult run : runs) {
            if (list.isPresent() && !run.name().equals(SgBounce.LIST)) {
                compare(sentences, list.get(), run);
            }
        }
        if (!runs.isEmpty()) {
            sentences.add(
                    "swiotlb has the geometry of Linux's swiotlb.rst: slots of 2 KiB, segments of 128 slots, so that"
                            + " a mapping is 256 KiB at most. Nobody has published these curves; what each way has"
                            + " to copy and"
                            + " how many segments it gives the device follow from the Linux documentation.");
        }
        return sentences;
    }

    private static void compare(List<String> sentences, RunResult list, RunResult other) {
        double cpu = IommuCostConclusions.figure(other, "cpuPerMessagePs");
        double listCpu = IommuCostConclusions.figure(list, "cpuPerMessagePs");
        say(
                sentences,
                "%s: %.0f segments, %,.0f bytes copied and %.2f us of CPU time a message, where a list has %.0f"
                        + " segments, none and %.2f us; a message takes %.2f us against %.2f us.",
                other.name(),
                IommuCostConclusions.figure(other, "segmentCount"),
                IommuCostConclusions.figure(other, "copiedBytes"),
                cpu / PICOS_PER_MICRO,
                IommuCostConclusions.figure(list, "segmentCount"),
                listCpu / PICOS_PER_MICRO,
                IommuCostConclusions.figure(other, "messagePs") / PICOS_PER_MICRO,
                IommuCostConclusions.figure(list, "messagePs") / PICOS_PER_MICRO);
        crossover(sentences, list, other);
    }

    /// From which size of pieces on the list takes less of the CPU.
    private static void crossover(List<String> sentences, RunResult list, RunResult other) {
        List<Series.Point> ours = IommuCostConclusions.points(list, "cpuBySize");
        List<Series.Point> theirs = IommuCostConclusions.points(other, "cpuBySize");
        if (ours.isEmpty() || ours.size() != theirs.size()) {
            return;
        }
        int from = ours.size();
        while (from > 0 && ours.get(from - 1).y() < theirs.get(from - 1).y()) {
            from--;
        }
        if (from == ours.size()) {
            say(sentences, "%s takes no more CPU time than the list even with the largest pieces.", other.name());
        } else if (from == 0) {
            say(sentences, "%s takes more CPU time than the list at every size of pieces.", other.name());
        } else {
            say(
                    sentences,
                    "%s takes more CPU time than the list from pieces of %,.0f B on, and no more below.",
                    other.name(),
                    ours.get(from).x());
        }
    }

    @FormatMethod
    private static void say(List<String> sentences, @FormatString String format, Object... arguments) {
        sentences.add(String.format(Locale.ROOT, format, arguments));
    }
}
