package flyby.validate.pcie;

import static flyby.validate.bench.BenchReferences.DATA;

import flyby.validate.Facts;
import flyby.validate.Grade;
import flyby.validate.Row;
import flyby.validate.Tolerance;
import flyby.validate.bench.BenchRuns;
import java.util.ArrayList;
import java.util.List;

/// Bandwidths of pcie-bench: the table of section 2.4, cell by cell, and rows 2.10 to 2.17.
///
/// Hosts are set from their latencies and limits; bandwidths follow. What a cell of the table is graded is what the
/// row says that it belongs to; the others are held to their shape.
final class MeasuredRates {
    private static final List<String> HOSTS =
            List.of("server-hsw-a", "server-hsw-b", "server-bdw", "server-ib", "server-snb");
    private static final String HSW = "server-hsw-a";
    private static final String BDW = "server-bdw";
    private static final String HOW = "pcie-bench runs on the host's profile, 20,000 operations after 2,000.";
    private static final Tolerance SHAPE = Tolerance.percent("25");

    private static final String SIZES = "16 32 64 128 129 256 257 384 512 768 1024 1280 1536 2048";
    private static final String BOTH_SIZES = "32 64 128 256 512 1024 1536 2048";

    private final BenchRuns runs;

    private MeasuredRates(BenchRuns runs) {
        this.runs = runs;
    }

    static List<Row> rows(BenchRuns runs) {
        MeasuredRates rates = new MeasuredRates(runs);
        List<Row> rows = new ArrayList<>();
        String writes = "6.09 12.17 24.27 42.35 27.16 50.49 37.38 48.97 53.01 52.14 53.01 52.45 53.01 53.01";
        rates.table(rows, "a", HSW, "wr", SIZES, writes);
        rates.table(
                rows,
                "b",
                HSW,
                "rd",
                SIZES,
                "8.61 16.94 32.02 43.73 35.61 47.78 40.23 46.44 55.04 48.63 49.83 50.19 55.36 55.28");
        rates.table(rows, "c", HSW, "rw", BOTH_SIZES, "11.57 22.98 33.74 42.16 42.67 43.83 47.75 49.14");
        rates.table(rows, "d", BDW, "wr", SIZES, writes);
        rates.table(
                rows,
                "e",
                BDW,
                "rd",
                SIZES,
                "8.58 16.91 31.91 43.77 37.87 47.67 49.97 53.24 55.03 55.25 55.41 55.42 55.58 55.58");
        rates.table(rows, "f", BDW, "rw", BOTH_SIZES, "11.61 23.08 33.86 42.09 42.68 43.56 50.84 52.00");
        rates.saturation(rows);
        rates.limits(rows);
        rates.cacheStates(rows);
        return rows;
    }

    private void table(List<Row> rows, String letter, String host, String operation, String sizes, String published) {
        List<String> columns = List.of(sizes.split(" ", -1));
        List<String> values = List.of(published.split(" ", -1));
        for (int i = 0; i < columns.size(); i++) {
            int byteCount = Integer.parseInt(columns.get(i));
            Grade grade = grade(operation, byteCount, Double.parseDouble(values.get(i)));
            Tolerance tolerance = grade == Grade.B ? tolerance(operation, byteCount) : SHAPE;
            rows.add(Row.of("2.4" + letter + (char) ('a' + i), operation + " " + byteCount + " B, " + host)
                    .under("%s, %s %d B, random in 8 KiB, host-warm, no IOMMU".formatted(host, operation, byteCount))
                    .figure(values.get(i), "Gb/s", tolerance, () -> rate(host, operation, byteCount))
                    .from(grade, DATA.at("DMA bandwidth, HWarm"), HOW));
        }
    }

    /// Saturated writes (2.10), saturated reads (2.11), both at 2,048 B (2.12), and writes (2.14) and reads (2.15)
    /// of 64 B.
    private static Grade grade(String operation, int byteCount, double published) {
        boolean isGraded = switch (operation) {
            case "wr" -> byteCount == 64 || byteCount % 512 == 0;
            case "rd" -> byteCount == 64 || (byteCount >= 512 && published >= 55);
            default -> byteCount == 2_048;
        };
        return isGraded ? Grade.B : Grade.C;
    }

    private static Tolerance tolerance(String operation, int byteCount) {
        return switch (operation) {
            case "wr" -> Tolerance.percent(byteCount == 64 ? "1" : "3");
            case "rd" -> Tolerance.percent("3");
            default -> Tolerance.percent("5");
        };
    }

    private void saturation(List<Row> rows) {
        rows.add(Row.of("2.10", "write saturation")
                .under("five hosts; 512, 1,024 and 2,048 B")
                .rule(
                        "53.0 to 54.4 Gb/s, give or take 3 %, on every host",
                        facts -> {
                            for (String host : HOSTS) {
                                for (int byteCount : new int[] {512, 1_024, 2_048}) {
                                    range(
                                            facts,
                                            host + " " + byteCount + " B",
                                            53.0,
                                            54.4,
                                            3,
                                            rate(host, "wr", byteCount));
                                }
                            }
                        })
                .from(Grade.B, DATA.at("DMA bandwidth, writes"), HOW));
        for (int i = 0; i < HOSTS.size(); i++) {
            String host = HOSTS.get(i);
            rows.add(Row.of("2.11" + (char) ('a' + i), "read saturation, " + host)
                    .under("2,048 B")
                    .rule(
                            "55.0 to 55.7 Gb/s, give or take 3 %",
                            facts -> range(facts, host, 55.0, 55.7, 3, rate(host, "rd", 2_048)))
                    .from(Grade.B, DATA.at("DMA bandwidth, reads"), HOW));
            rows.add(Row.of("2.12" + (char) ('a' + i), "reads and writes, each way, " + host)
                    .under("2,048 B")
                    .rule(
                            "49 to 52 Gb/s, give or take 5 %",
                            facts -> range(facts, host, 49, 52, 5, rate(host, "rw", 2_048)))
                    .from(Grade.B, DATA.at("DMA bandwidth, reads and writes"), HOW));
        }
        rows.add(Row.of("2.13", "saw-tooth behind a multiple of the largest payload")
                .under("writes of 129, 257 and 513 B")
                .rule("one byte more costs a tenth of the rate or more, and the less the longer the write", facts -> {
                    double at129 = drop(128, 129);
                    double at257 = drop(256, 257);
                    double at513 = drop(512, 513);
                    facts.holds("513 B: less by %.1f %%".formatted(at513), at513 > 10);
                    facts.holds("257 B: less by %.1f %%, more than that".formatted(at257), at257 > at513);
                    facts.holds("129 B: less by %.1f %%, more than that".formatted(at129), at129 > at257);
                })
                .from(Grade.B, DATA.at("DMA bandwidth, writes"), HOW));
    }

    private void limits(List<Row> rows) {
        for (int i = 0; i < HOSTS.size(); i++) {
            String host = HOSTS.get(i);
            rows.add(Row.of("2.14" + (char) ('a' + i), "writes of 64 B, " + host)
                    .under("warm, cold and remote alike")
                    .figure("24.27", "Gb/s", Tolerance.percent("1"), () -> rate(host, "wr", 64))
                    .from(Grade.B, DATA.at("DMA bandwidth, writes"), HOW));
        }
        rows.add(small("2.14f", "wr", HSW, "24.27", "1", "bench.cache=cold"));
        rows.add(small("2.14g", "wr", HSW, "24.27", "1", "bench.node=remote"));
        rows.add(small("2.15a", "rd", HSW, "32.4", "3", "bench.cache=host-warm"));
        rows.add(small("2.15b", "rd", HSW, "28.2", "3", "bench.cache=cold"));
        rows.add(small("2.15c", "rd", HSW, "25.3", "3", "bench.node=remote"));
        rows.add(small("2.15d", "rd", "server-ib", "32.4", "3", "bench.cache=host-warm"));
        rows.add(small("2.15e", "rd", "server-ib", "28.2", "3", "bench.cache=cold"));
        rows.add(small("2.15f", "rd", "server-snb", "28.2", "3", "bench.cache=cold"));
        rows.add(small("2.15g", "rd", BDW, "28.2", "3", "bench.cache=cold"));
        rows.add(small("2.15h", "rd", "server-hsw-b", "30.0", "3", "bench.cache=host-warm"));
        rows.add(small("2.15i", "rd", "server-hsw-b", "26.4", "3", "bench.cache=cold"));
    }

    private Row small(String id, String operation, String host, String published, String percent, String set) {
        return Row.of(id, operation + " 64 B, " + host + ", " + set.substring(set.indexOf('=') + 1))
                .under("32 tags; " + set)
                .figure(
                        published,
                        "Gb/s",
                        Tolerance.percent(percent),
                        () -> runs.of(host, 64, "bench.operation=" + operation, set)
                                .gigabits())
                .from(Grade.B, DATA.derived("DMA bandwidth: tags over the loop time"), HOW);
    }

    private void cacheStates(List<Row> rows) {
        rows.add(Row.of("2.16", "reads: cold against warm")
                .under("64, 128, 256 and 512 B; within 3 points of the published range")
                .rule(
                        "64 B 12 to 15 % less, 128 B 2 to 4 %, 256 B 2 to 3 %, 512 B the same",
                        facts -> {
                            points(facts, 64, -15, -12);
                            points(facts, 128, -4, -2);
                            points(facts, 256, -3, -2);
                            points(facts, 512, 0, 0);
                        })
                .from(Grade.B, DATA.derived("DMA bandwidth, HWarm and cold"), HOW));
        rows.add(Row.of("2.17", "writes: cold against warm")
                .under("64, 256 and 1,024 B")
                .rule("no effect: writes are posted", facts -> {
                    for (int byteCount : new int[] {64, 256, 1_024}) {
                        double cold = cold(HSW, "wr", byteCount);
                        range(facts, byteCount + " B", cold, cold, 1, rate(HSW, "wr", byteCount));
                    }
                })
                .from(Grade.B, DATA.at("DMA bandwidth, HWarm and cold"), HOW));
    }

    private void points(Facts facts, int byteCount, double low, double high) {
        double change = 100 * (cold(HSW, "rd", byteCount) / rate(HSW, "rd", byteCount) - 1);
        facts.holds("%d B: %.1f %%".formatted(byteCount, change), change > low - 3 && change < high + 3);
    }

    private static void range(Facts facts, String what, double low, double high, double percent, double seen) {
        boolean isInside = seen >= low * (1 - percent / 100) && seen <= high * (1 + percent / 100);
        facts.holds("%s: %.2f Gb/s".formatted(what, seen), isInside);
    }

    private double drop(int before, int after) {
        return 100 * (1 - rate(HSW, "wr", after) / rate(HSW, "wr", before));
    }

    private double cold(String host, String operation, int byteCount) {
        return runs.of(host, byteCount, "bench.operation=" + operation, "bench.cache=cold")
                .gigabits();
    }

    private double rate(String host, String operation, int byteCount) {
        return runs.of(host, byteCount, "bench.operation=" + operation).gigabits();
    }
}
