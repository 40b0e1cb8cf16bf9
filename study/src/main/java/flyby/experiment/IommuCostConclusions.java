package flyby.experiment;

import com.google.errorprone.annotations.FormatMethod;
import com.google.errorprone.annotations.FormatString;
import flyby.study.Figure;
import flyby.study.RunResult;
import flyby.study.Series;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;

/// What the runs of [IommuCost] show, side by side, and what others have measured.
final class IommuCostConclusions {
    private static final double PICOS_PER_NANO = 1_000;
    private static final double BITS_PER_GIGABIT = 1e9;

    private final List<RunResult> runs;
    private final List<String> sentences = new ArrayList<>();

    private IommuCostConclusions(List<RunResult> runs) {
        this.runs = runs;
    }

    static List<String> of(List<RunResult> runs) {
        IommuCostConclusions all = new IommuCostConclusions(runs);
        all.throughput();
        all.smallTransfers();
        all.calls();
        all.lazily();
        all.batches();
        all.windows();
        return all.sentences;
    }

    private Optional<RunResult> run(String name) {
        return runs.stream().filter(each -> each.name().equals(name)).findFirst();
    }

    @FormatMethod
    private void say(@FormatString String format, Object... arguments) {
        sentences.add(String.format(Locale.ROOT, format, arguments));
    }

    static double figure(RunResult run, String key) {
        return run.figures().stream()
                .filter(each -> each.key().equals(key))
                .map(Figure::value)
                .mapToDouble(Number::doubleValue)
                .findFirst()
                .orElse(0);
    }

    static List<Series.Point> points(RunResult run, String key) {
        return run.series().stream()
                .filter(each -> each.key().equals(key))
                .flatMap(each -> each.points().stream())
                .toList();
    }

    private static double lossPercent(double without, double with) {
        return 100 * (1 - with / without);
    }

    private void throughput() {
        Optional<RunResult> off = run(IommuCost.OFF);
        Optional<RunResult> strict = run(IommuCost.STRICT);
        if (off.isPresent() && strict.isPresent()) {
            double before = figure(off.get(), "bitsPerSecond");
            double after = figure(strict.get(), "bitsPerSecond");
            double loss = lossPercent(before, after);
            say(
                    "With a mapping for each transfer, strict protection takes %.0f %% of the rate: %.1f Gb/s without an"
                            + " IOMMU, %.1f Gb/s with. Published: 20 to 65 %% of 100 Gb/s with 4 KiB packets on several"
                            + " cores (Fast & Safe, SOSP 2024), which %s.",
                    loss,
                    before / BITS_PER_GIGABIT,
                    after / BITS_PER_GIGABIT,
                    loss >= 20 && loss <= 65 ? "has this in it" : "this is outside of");
        }
    }

    private void smallTransfers() {
        Optional<RunResult> off = run(IommuCost.OFF);
        Optional<RunResult> strict = run(IommuCost.STRICT);
        if (off.isEmpty() || strict.isEmpty()) {
            return;
        }
        List<Series.Point> before = points(off.get(), "rateBySize");
        List<Series.Point> after = points(strict.get(), "rateBySize");
        if (before.isEmpty() || before.size() != after.size()) {
            return;
        }
        int worst = 0;
        for (int i = 1; i < before.size(); i++) {
            if (after.get(i).y() / before.get(i).y()
                    < after.get(worst).y() / before.get(worst).y()) {
                worst = i;
            }
        }
        say(
                "It costs most with transfers of %,.0f B, %.0f %% of the rate, and with those of %,.0f B %.0f %%: an unmap"
                        + " takes the same whatever it unmaps. Published: as much as 80 %% of a network's throughput for"
                        + " synchronous invalidation (Thunderclap, NDSS 2019, section IX); there a network stack takes"
                        + " its time beside the driver, here nothing does unless driver.stack says so.",
                before.get(worst).x(),
                lossPercent(before.get(worst).y(), after.get(worst).y()),
                before.getLast().x(),
                lossPercent(before.getLast().y(), after.getLast().y()));
    }

    private void calls() {
        run(IommuCost.STRICT)
                .ifPresent(strict -> say(
                        "A strict unmap keeps the core for %.0f ns, a map for %.0f ns; nearly all of the"
                                + " difference is one synchronous invalidation. Published: some 2,000 cycles, 0.6 to 0.7 us, for that, and"
                                + " 3,000 to 4,000 cycles for all of an unmap on Haswell (rIOMMU, ASPLOS 2015). What the"
                                + " kernel computes between its memory accesses, and its locks, are not modelled.",
                        figure(strict, "unmapPs") / PICOS_PER_NANO, figure(strict, "mapPs") / PICOS_PER_NANO));
    }

    private void lazily() {
        Optional<RunResult> lazy = run(IommuCost.LAZY);
        Optional<RunResult> strict = run(IommuCost.STRICT);
        if (lazy.isEmpty() || strict.isEmpty()) {
            return;
        }
        double transfers = figure(lazy.get(), "measuredTransferCount");
        // Each invalidation is a descriptor that says what to forget and one that waits.
        say(
                "For %,.0f transfers, strict invalidates %,.0f times and lazy %,.0f times: a flush queue of 256 entries"
                        + " is emptied at once, or after 10 ms (Linux, drivers/iommu/dma-iommu.c). Lazy unmaps take"
                        + " %.0f ns instead of %.0f ns.",
                transfers,
                figure(strict.get(), "measuredInvalidationCount") / 2,
                figure(lazy.get(), "measuredInvalidationCount") / 2,
                figure(lazy.get(), "unmapPs") / PICOS_PER_NANO,
                figure(strict.get(), "unmapPs") / PICOS_PER_NANO);
    }

    private void batches() {
        Optional<RunResult> off = run(IommuCost.OFF);
        Optional<RunResult> strict = run(IommuCost.STRICT);
        if (off.isPresent() && strict.isPresent() && figure(strict.get(), "batchedBitsPerSecond") > 0) {
            double change = -lossPercent(
                    figure(off.get(), "batchedBitsPerSecond"), figure(strict.get(), "batchedBitsPerSecond"));
            say(
                    "When transfers of 4 KiB share a mapping that is contiguous and unmapped at once, strict protection"
                            + " changes the rate by %+.1f %%, with %.2f reads of tables for a page. Published: as fast as"
                            + " without an IOMMU (Fast & Safe, SOSP 2024, section 4).",
                    change, figure(strict.get(), "batchedReadsPerPage"));
        }
    }

    private void windows() {
        Optional<RunResult> strict = run(IommuCost.STRICT);
        if (strict.isEmpty()) {
            return;
        }
        List<Series.Point> small = points(strict.get(), "latencyByWindow4K");
        List<Series.Point> large = points(strict.get(), "latencyByWindow2M");
        if (small.size() < 2 || large.isEmpty()) {
            return;
        }
        say(
                "Buffers that stay mapped cost nothing but misses of the IOTLB: from %,.0f KiB to %,.0f KiB in pages of"
                        + " 4 KiB the time of a transfer grows by %.0f ns, in pages of 2 MiB by %.0f ns. Published: 280 ns for a"
                        + " miss on this host, none in 64 pages, and none with pages of 2 MiB (pcie-bench, SIGCOMM"
                        + " 2018).",
                small.getFirst().x() / 1_024,
                small.getLast().x() / 1_024,
                (small.getLast().y() - small.getFirst().y()) / PICOS_PER_NANO,
                (large.getLast().y() - large.getFirst().y()) / PICOS_PER_NANO);
    }
}
