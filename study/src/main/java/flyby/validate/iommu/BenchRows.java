package flyby.validate.iommu;

import static flyby.validate.bench.BenchReferences.DATA;

import flyby.validate.Grade;
import flyby.validate.Row;
import flyby.validate.Tolerance;
import flyby.validate.bench.BenchFigures;
import flyby.validate.bench.BenchRuns;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/// What an IOMMU costs a device: pcie-bench's table of section 2.6, cell by cell, and rows 2.31 to 2.36.
///
/// Windows are mapped once, page by page, and nothing is unmapped. Cells of 256 KiB (row 2.31) and of 16 MiB (row
/// 2.35) are graded as these rows are; the others are held to their shape.
final class BenchRows {
    private static final String BDW = "server-bdw";
    private static final String ON = "machine.iommu.mode=on";
    private static final String HOW = "pcie-bench runs on the host's profile, with tables that a CPU has written.";
    private static final String[] WINDOWS = {"256KiB", "512KiB", "1MiB", "2MiB", "4MiB", "16MiB", "64MiB"};

    private final BenchRuns runs;
    private final List<Row> rows = new ArrayList<>();

    private BenchRows(BenchRuns runs) {
        this.runs = runs;
    }

    static List<Row> rows() {
        BenchRows all = new BenchRows(new BenchRuns());
        all.table('a', "rd", 64, "32.5", "32.4 22.3 15.2 12.1 10.9 10.1 9.8");
        all.table('b', "rd", 128, "43.8", "43.7 38.8 29.2 23.7 21.5 20.1 19.5");
        all.table('c', "rd", 256, "47.7", "47.8 46.0 41.8 39.1 36.5 34.4 33.6");
        all.table('d', "rd", 512, "55.0", "55.0 55.0 54.8 54.7 54.6 54.4 53.6");
        all.table('e', "wr", 64, "24.3", "24.3 24.3 19.4 13.6 12.0 11.2 11.1");
        all.table('f', "wr", 128, "42.4", "42.4 42.4 40.6 29.0 25.3 23.3 23.1");
        all.table('g', "wr", 256, "50.5", "50.5 50.5 50.5 50.5 49.9 46.3 45.3");
        all.table('h', "wr", 512, "53.0", "54.4 54.4 54.4 54.4 54.4 54.4 54.4");
        all.hits();
        all.misses();
        all.superpages();
        return all.rows;
    }

    /// @param without the rate without an IOMMU, of which ten points are the tolerance
    private void table(char letter, String operation, int byteCount, String without, String published) {
        List<String> values = List.of(published.split(" ", -1));
        for (int i = 0; i < WINDOWS.length; i++) {
            String window = WINDOWS[i];
            boolean isGraded = window.equals("256KiB") || window.equals("16MiB");
            int points = isGraded ? 10 : 25;
            String amount = String.format(Locale.ROOT, "%.2f", Double.parseDouble(without) * points / 100);
            rows.add(Row.of("2.6" + letter + (char) ('a' + i), operation + " " + byteCount + " B in " + window)
                    .under(BDW + ", pages of 4 KiB, random, host-warm; without an IOMMU " + without + " Gb/s")
                    .figure(
                            values.get(i),
                            "Gb/s",
                            Tolerance.within(amount, points + " % of the rate without an IOMMU"),
                            () -> with(BDW, operation, byteCount, window).gigabits())
                    .from(isGraded ? Grade.B : Grade.C, DATA.at("DMA bandwidth, IOMMU"), HOW));
        }
    }

    private void hits() {
        rows.add(Row.of("2.31", "what a hit of the IOTLB costs")
                .under("a window of 64 pages, reads of 64 B and 512 B, writes of 64 B")
                .rule("no time and no bandwidth", facts -> {
                    double latency = latency(BDW, "256KiB", true) - latency(BDW, "256KiB", false);
                    facts.holds("latency %+.1f ns".formatted(latency), Math.abs(latency) < 1);
                    for (int byteCount : new int[] {64, 512}) {
                        double change = change("rd", byteCount, "256KiB");
                        facts.holds("rd %d B %+.2f %%".formatted(byteCount, change), Math.abs(change) < 0.5);
                    }
                    double change = change("wr", 64, "256KiB");
                    facts.holds("wr 64 B %+.2f %%".formatted(change), Math.abs(change) < 0.5);
                })
                .from(Grade.B, DATA.at("latency and DMA bandwidth, IOMMU"), HOW));
        rows.add(Row.of("2.32", "how far the IOTLB reaches")
                .under("reads of 64 B in 64 and in 128 pages")
                .rule("the full rate in 64 pages, less in 128", facts -> {
                    facts.holds("64 pages", Math.abs(change("rd", 64, "256KiB")) < 0.5);
                    facts.holds("128 pages", change("rd", 64, "512KiB") < -10);
                })
                .from(Grade.B, DATA.at("DMA bandwidth, IOMMU"), HOW));
    }

    private void misses() {
        miss("2.33a", BDW, "280");
        miss("2.33b", "server-hsw-b", "260");
        miss("2.33c", "server-ib", "286");
        plateau("2.34a", "rd", BDW, "19.75", "19.2 to 20.3 M/s");
        plateau("2.34b", "wr", BDW, "21.9", "21.3 to 22.5 M/s");
        plateau("2.34c", "rd", "server-hsw-a", "19.75", "19.2 to 20.3 M/s");
        plateau("2.34d", "rd", "server-ib", "18.2", "17.6 to 18.8 M/s");
        drop("2.35a", "rd", 64, "-66.5");
        drop("2.35b", "wr", 64, "-57");
        drop("2.35c", "rd", 128, "-55");
        drop("2.35d", "wr", 128, "-49");
        drop("2.35e", "rd", 256, "-28");
        drop("2.35f", "wr", 256, "-12");
        drop("2.35g", "rd", 512, "-3.5");
        rows.add(Row.of("2.35h", "writes of 512 B, every one a miss")
                .under("16 MiB")
                .rule(
                        "nothing is lost",
                        facts -> facts.holds(
                                "%+.1f %%".formatted(change("wr", 512, "16MiB")), change("wr", 512, "16MiB") > -1))
                .from(Grade.B, DATA.derived("DMA bandwidth, IOMMU"), HOW));
    }

    private void miss(String id, String host, String published) {
        rows.add(Row.of(id, "what a miss adds, " + host)
                .under("64 B read in 16 MiB, unloaded, medians")
                .figure(
                        published,
                        "ns",
                        Tolerance.percent("10"),
                        () -> latency(host, "16MiB", true) - latency(host, "16MiB", false))
                .from(Grade.B, DATA.at("latency, IOMMU"), HOW));
    }

    private void plateau(String id, String operation, String host, String published, String range) {
        rows.add(Row.of(id, operation + " of 64 B when all miss, " + host)
                .under("64 MiB; published as " + range)
                .figure(
                        published,
                        "M/s",
                        Tolerance.percent("10"),
                        () -> with(host, operation, 64, "64MiB").megaOperations())
                .from(Grade.B, DATA.derived("DMA bandwidth, IOMMU"), HOW));
    }

    private void drop(String id, String operation, int byteCount, String published) {
        rows.add(Row.of(id, operation + " of " + byteCount + " B: what the IOMMU takes")
                .under(BDW + ", 16 MiB; the middle of what was published for three hosts")
                .figure(
                        published,
                        "%",
                        Tolerance.within("10", "10 points"),
                        () -> change(operation, byteCount, "16MiB"))
                .from(Grade.B, DATA.derived("DMA bandwidth, IOMMU"), HOW));
    }

    private void superpages() {
        rows.add(Row.of("2.36", "pages of 2 MiB")
                .under("server-hsw-a, reads and writes of 64 B in 1, 16 and 64 MiB")
                .rule("nothing is lost", facts -> {
                    for (String window : new String[] {"1MiB", "16MiB", "64MiB"}) {
                        for (String operation : new String[] {"rd", "wr"}) {
                            String[] off = {"bench.operation=" + operation, "bench.window=" + window};
                            String[] on = {off[0], off[1], ON, "machine.iommu.page-size=2M"};
                            double change = percent(runs.of("server-hsw-a", 64, on), runs.of("server-hsw-a", 64, off));
                            facts.holds("%s in %s %+.2f %%".formatted(operation, window, change), change > -1);
                        }
                    }
                })
                .from(Grade.B, DATA.at("DMA bandwidth, IOMMU with 2 MiB pages"), HOW));
    }

    private double latency(String host, String window, boolean isOn) {
        return runs.of(
                        host,
                        64,
                        "bench.operation=latency-rd",
                        "bench.window=" + window,
                        isOn ? ON : "machine.iommu.mode=off")
                .medianNanos();
    }

    /// What the IOMMU changes, in percent of the rate without it.
    private double change(String operation, int byteCount, String window) {
        return percent(
                with(BDW, operation, byteCount, window),
                runs.of(BDW, byteCount, "bench.operation=" + operation, "bench.window=" + window));
    }

    private static double percent(BenchFigures with, BenchFigures without) {
        return 100 * (with.gigabits() / without.gigabits() - 1);
    }

    private BenchFigures with(String host, String operation, int byteCount, String window) {
        return runs.of(host, byteCount, "bench.operation=" + operation, "bench.window=" + window, ON);
    }
}
