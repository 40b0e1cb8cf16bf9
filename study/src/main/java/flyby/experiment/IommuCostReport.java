package flyby.experiment;

import flyby.experiment.RingWork.Measured;
import flyby.study.Figure;
import flyby.study.Figure.Unit;
import flyby.study.RunResult;
import flyby.study.Series;
import java.util.ArrayList;
import java.util.List;
import java.util.function.ToDoubleFunction;
import org.jspecify.annotations.Nullable;

/// Figures and curves of one run of [IommuCost].
final class IommuCostReport {
    private static final Series.Axis BYTES = new Series.Axis("transfer size", Unit.BYTES, true);
    private static final Series.Axis LIVE = new Series.Axis("mappings that live at once", Unit.COUNT, true);
    private static final Series.Axis WINDOW = new Series.Axis("buffers that stay mapped", Unit.BYTES, true);
    private static final int PAGE = 4_096;

    private final List<Measured> sizes = new ArrayList<>();
    private final List<Measured> lives = new ArrayList<>();
    private final List<Measured> pages = new ArrayList<>();
    private final List<Measured> huge = new ArrayList<>();
    private @Nullable Measured standard;
    private @Nullable Measured batched;

    /// The measurement that most figures are of.
    void standard(Measured measured) {
        standard = measured;
    }

    void size(Measured measured) {
        sizes.add(measured);
    }

    void live(Measured measured) {
        lives.add(measured);
    }

    void batched(Measured measured) {
        batched = measured;
    }

    void pages(Measured measured) {
        pages.add(measured);
    }

    void huge(Measured measured) {
        huge.add(measured);
    }

    RunResult result(TracedRun run, RingLoad load, List<Figure> machine) {
        List<Figure> figures = new ArrayList<>(figures());
        figures.addAll(machine);
        return run.result(load.movedBytes(), load.seenSha256(), load.expectedSha256(), List.of(), figures, List.of())
                .withPhases(load.phasesPicos())
                .withSeries(series());
    }

    private List<Figure> figures() {
        List<Figure> figures = new ArrayList<>();
        Measured one = standard;
        if (one != null) {
            figures.add(figure("bitsPerSecond", "rate", one.bitsPerSecond(), Unit.BITS_PER_SECOND, true));
            figures.add(figure("cpuPerTransferPs", "CPU", one.cpuPicosPerTransfer(), Unit.PICOSECONDS, true));
            figures.add(figure("mapPs", "map", one.mapPicosPerCall(), Unit.PICOSECONDS, true));
            figures.add(figure("unmapPs", "unmap", one.unmapPicosPerCall(), Unit.PICOSECONDS, true));
            figures.add(figure("missesPerPage", "IOTLB misses/page", one.missesPerPage(), Unit.COUNT, false));
            figures.add(figure("tableReadsPerPage", "reads of tables/page", one.readsPerPage(), Unit.COUNT, false));
            figures.add(new Figure(
                    "measuredTransferCount",
                    "transfers measured",
                    (long) one.work().count(),
                    Unit.COUNT,
                    false));
            figures.add(new Figure(
                    "measuredInvalidationCount", "invalidations measured", one.invalidations(), Unit.COUNT, false));
        }
        Measured many = batched;
        if (many != null) {
            figures.add(
                    figure("batchedBitsPerSecond", "rate, batched", many.bitsPerSecond(), Unit.BITS_PER_SECOND, false));
            figures.add(figure(
                    "batchedMissesPerPage", "IOTLB misses/page, batched", many.missesPerPage(), Unit.COUNT, false));
            figures.add(figure(
                    "batchedReadsPerPage", "reads of tables/page, batched", many.readsPerPage(), Unit.COUNT, false));
        }
        return figures;
    }

    private List<Series> series() {
        List<Series> series = new ArrayList<>();
        ToDoubleFunction<Measured> bySize = each -> each.work().byteCount();
        ToDoubleFunction<Measured> byLive = each -> each.work().buffers();
        ToDoubleFunction<Measured> byWindow = each -> (double) each.work().buffers() * PAGE;
        add(series, "rateBySize", "Rate by transfer size", sizes, BYTES, bySize, rate(), Measured::bitsPerSecond);
        add(
                series,
                "cpuPerTransferBySize",
                "CPU time of a transfer by its size",
                sizes,
                BYTES,
                bySize,
                time("CPU time"),
                Measured::cpuPicosPerTransfer);
        add(
                series,
                "cpuPerByteBySize",
                "CPU time of a byte by transfer size",
                sizes,
                BYTES,
                bySize,
                time("CPU time of a byte"),
                Measured::cpuPicosPerByte);
        add(series, "mapBySize", "Map by size", sizes, BYTES, bySize, time("map"), Measured::mapPicosPerCall);
        add(series, "unmapBySize", "Unmap by size", sizes, BYTES, bySize, time("unmap"), Measured::unmapPicosPerCall);
        add(series, "rateByLive", "Rate by mappings at once", lives, LIVE, byLive, rate(), Measured::bitsPerSecond);
        add(
                series,
                "missesByLive",
                "IOTLB misses of a page by mappings at once",
                lives,
                LIVE,
                byLive,
                count("misses"),
                Measured::missesPerPage);
        add(
                series,
                "tableReadsByLive",
                "Reads of tables for a page by mappings at once",
                lives,
                LIVE,
                byLive,
                count("reads"),
                Measured::readsPerPage);
        addWindows(series, "4K", "pages of 4 KiB", pages, byWindow);
        addWindows(series, "2M", "pages of 2 MiB", huge, byWindow);
        return series;
    }

    private static void addWindows(
            List<Series> series, String key, String title, List<Measured> all, ToDoubleFunction<Measured> byWindow) {
        add(
                series,
                "latencyByWindow" + key,
                "One transfer at a time by buffers that stay mapped, " + title,
                all,
                WINDOW,
                byWindow,
                time("time of a transfer"),
                Measured::picosPerTransfer);
        add(
                series,
                "missesByWindow" + key,
                "IOTLB misses of a transfer by buffers that stay mapped, " + title,
                all,
                WINDOW,
                byWindow,
                count("misses"),
                Measured::missesPerPage);
    }

    private static Series.Axis rate() {
        return new Series.Axis("rate", Unit.BITS_PER_SECOND, false);
    }

    private static Series.Axis time(String title) {
        return new Series.Axis(title, Unit.PICOSECONDS, false);
    }

    private static Series.Axis count(String title) {
        return new Series.Axis(title, Unit.COUNT, false);
    }

    private static void add(
            List<Series> series,
            String key,
            String title,
            List<Measured> all,
            Series.Axis x,
            ToDoubleFunction<Measured> xOf,
            Series.Axis y,
            ToDoubleFunction<Measured> yOf) {
        if (!all.isEmpty()) {
            List<Series.Point> points = all.stream()
                    .map(each -> new Series.Point(xOf.applyAsDouble(each), round(yOf.applyAsDouble(each))))
                    .toList();
            series.add(new Series(key, title, x, y, points));
        }
    }

    private static Figure figure(String key, String title, double value, Unit unit, boolean inTable) {
        Number shown = unit == Unit.PICOSECONDS || unit == Unit.BITS_PER_SECOND
                ? (Number) Math.round(value)
                : (Number) round(value);
        return new Figure(key, title, shown, unit, inTable);
    }

    private static double round(double value) {
        return Math.round(value * 1_000) / 1_000.0;
    }
}
