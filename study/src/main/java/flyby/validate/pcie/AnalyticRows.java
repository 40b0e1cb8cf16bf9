package flyby.validate.pcie;

import static flyby.validate.pcie.PcieReferences.MODEL;

import flyby.pcie.Generation;
import flyby.pcie.LinkWidth;
import flyby.validate.Grade;
import flyby.validate.Row;
import flyby.validate.Tolerance;
import java.util.ArrayList;
import java.util.List;
import java.util.function.ToDoubleFunction;

/// The output of pcie-model. Ids have two letters, one for the table and one for the figure in it: `2.2a` what is
/// left to TLPs; `2.2b` to `2.2i` a configuration each, with writes, reads and both of common sizes; `2.2j` to
/// `2.2l` the same three for odd sizes; `2.2m` what a link carries that has nothing but TLPs.
final class AnalyticRows {
    private static final int[] ODD_SIZES = {1, 8, 16, 32, 65, 128, 192, 255, 257, 384, 512, 513, 1_024, 1_500};

    private static final String HOW =
            "Packets are cut and weighed with the model's own classes; the formula shares out" + " the rest.";

    private AnalyticRows() {}

    static List<Row> rows() {
        List<Row> rows = new ArrayList<>(tlpRates());
        rows.addAll(
                sizes('b', link(Generation.GEN1, LinkWidth.X1, 128, 128), "1.35 1.57 1.57 1.42 1.61 1.61 1.06 1.35"));
        rows.addAll(sizes(
                'c', link(Generation.GEN2, LinkWidth.X4, 128, 512), "10.10 11.70 11.70 10.59 12.02 12.02 7.94 11.26"));
        rows.addAll(sizes(
                'd', link(Generation.GEN3, LinkWidth.X8, 256, 512), "42.10 52.92 52.92 44.10 53.69 53.69 33.08 50.75"));
        rows.addAll(sizes(
                'e',
                link(Generation.GEN3, LinkWidth.X16, 256, 512),
                "82.69 103.95 103.95 86.63 105.46 105.46 64.97 99.68"));
        rows.addAll(sizes(
                'f', link(Generation.GEN4, LinkWidth.X4, 256, 512), "42.28 53.16 53.16 44.30 53.93 53.93 33.22 50.97"));
        rows.addAll(sizes(
                'g',
                link(Generation.GEN4, LinkWidth.X16, 256, 512),
                "165.38 207.91 207.91 173.26 210.92 210.92 129.94 199.36"));
        rows.addAll(sizes(
                'h',
                link(Generation.GEN5, LinkWidth.X16, 256, 512),
                "330.76 415.82 415.82 346.51 421.84 421.84 259.89 398.73"));
        rows.addAll(sizes(
                'i',
                link(Generation.GEN4, LinkWidth.X16, 512, 4_096),
                "166.72 209.60 218.98 174.66 212.63 220.63 131.00 217.76"));
        rows.addAll(oddSizes(
                'j',
                Operation.WRITE,
                "2.32 14.47 23.15 33.08 42.28 48.75 51.45 52.91 48.78 51.45 52.92 50.76 52.92 52.81"));
        rows.addAll(oddSizes(
                'k',
                Operation.READ,
                "2.41 16.54 25.73 35.62 44.26 50.06 52.42 53.67 50.09 52.42 53.69 51.82 53.69 53.60"));
        rows.addAll(oddSizes(
                'l',
                Operation.READ_WRITE,
                "1.18 8.27 14.47 23.15 33.30 42.10 46.31 48.71 45.22 48.75 50.75 46.91 50.75 50.60"));
        AnalyticLink bound = link(Generation.GEN3, LinkWidth.X8, 256, 512);
        rows.add(row(
                'm',
                0,
                "CplD and nothing else",
                bound,
                "58.45",
                link -> link.tlpBoundGigabits(link.completionBytes(256))));
        rows.add(row(
                'm', 1, "MWr and nothing else", bound, "57.61", link -> link.tlpBoundGigabits(link.writeBytes(256))));
        return rows;
    }

    private enum Operation {
        WRITE("wr"),
        READ("rd"),
        READ_WRITE("rdwr");

        private final String word;

        Operation(String word) {
            this.word = word;
        }

        double gigabits(AnalyticLink link, int byteCount) {
            return switch (this) {
                case WRITE -> link.writeGigabits(byteCount);
                case READ -> link.readGigabits(byteCount);
                case READ_WRITE -> link.readWriteGigabits(byteCount);
            };
        }
    }

    private static AnalyticLink link(Generation generation, LinkWidth width, int maxPayload, int maxReadRequest) {
        return AnalyticLink.of(generation, width, maxPayload, maxReadRequest);
    }

    private static List<Row> tlpRates() {
        // What is left to TLPs depends on the payload's limit alone, not on that of read requests.
        List<AnalyticLink> links = List.of(
                link(Generation.GEN1, LinkWidth.X1, 128, 512),
                link(Generation.GEN2, LinkWidth.X4, 128, 512),
                link(Generation.GEN2, LinkWidth.X8, 128, 512),
                link(Generation.GEN3, LinkWidth.X8, 128, 512),
                link(Generation.GEN4, LinkWidth.X4, 128, 512),
                link(Generation.GEN4, LinkWidth.X16, 128, 512),
                link(Generation.GEN5, LinkWidth.X16, 128, 512),
                link(Generation.GEN3, LinkWidth.X8, 256, 512),
                link(Generation.GEN3, LinkWidth.X16, 256, 512),
                link(Generation.GEN4, LinkWidth.X4, 256, 512),
                link(Generation.GEN4, LinkWidth.X16, 256, 512),
                link(Generation.GEN5, LinkWidth.X4, 256, 512),
                link(Generation.GEN5, LinkWidth.X16, 256, 512),
                link(Generation.GEN4, LinkWidth.X16, 512, 512));
        List<String> published = words(
                "1.86 13.89 27.58 56.67 56.89 223.40 446.80 57.885 113.700 58.140 227.400 116.280 454.800 229.247");
        List<Row> rows = new ArrayList<>();
        for (int i = 0; i < published.size(); i++) {
            rows.add(row('a', i, "TLP_bw", links.get(i), published.get(i), AnalyticLink::tlpGigabits));
        }
        return rows;
    }

    /// The table's columns: 64, 256 and 4,096 bytes written, the same read, 64 and 4,096 bytes both at once.
    private static List<Row> sizes(char table, AnalyticLink link, String figures) {
        List<String> published = words(figures);
        return List.of(
                row(table, 0, Operation.WRITE, 64, link, published.get(0)),
                row(table, 1, Operation.WRITE, 256, link, published.get(1)),
                row(table, 2, Operation.WRITE, 4_096, link, published.get(2)),
                row(table, 3, Operation.READ, 64, link, published.get(3)),
                row(table, 4, Operation.READ, 256, link, published.get(4)),
                row(table, 5, Operation.READ, 4_096, link, published.get(5)),
                row(table, 6, Operation.READ_WRITE, 64, link, published.get(6)),
                row(table, 7, Operation.READ_WRITE, 4_096, link, published.get(7)));
    }

    private static List<Row> oddSizes(char table, Operation operation, String figures) {
        AnalyticLink link = link(Generation.GEN3, LinkWidth.X8, 256, 512);
        List<String> published = words(figures);
        List<Row> rows = new ArrayList<>();
        for (int i = 0; i < ODD_SIZES.length; i++) {
            rows.add(row(table, i, operation, ODD_SIZES[i], link, published.get(i)));
        }
        return rows;
    }

    private static Row row(
            char table, int index, Operation operation, int byteCount, AnalyticLink link, String published) {
        String what = operation.word + " " + byteCount + " B";
        return row(table, index, what, link, published, each -> operation.gigabits(each, byteCount));
    }

    private static Row row(
            char table,
            int index,
            String what,
            AnalyticLink link,
            String published,
            ToDoubleFunction<AnalyticLink> simulation) {
        String id = "2.2" + table + (char) ('a' + index);
        return Row.of(id, what + ", " + link.name() + " MPS" + link.limits().maxPayloadBytes())
                .under("%s, MPS %d, MRRS %d, 64-bit addresses, no ECRC"
                        .formatted(
                                link.name(),
                                link.limits().maxPayloadBytes(),
                                link.limits().maxReadRequestBytes()))
                .figure(published, "Gb/s", Tolerance.rounded(), () -> simulation.applyAsDouble(link))
                .from(Grade.A, MODEL.at("output of the program"), HOW);
    }

    private static List<String> words(String text) {
        return List.of(text.split(" "));
    }
}
