package flyby.validate.pcie;

import static flyby.validate.pcie.PcieReferences.BASE6;
import static flyby.validate.pcie.PcieReferences.MODEL;

import flyby.pcie.Generation;
import flyby.pcie.LinkRate;
import flyby.pcie.LinkWidth;
import flyby.validate.Grade;
import flyby.validate.Row;
import flyby.validate.Tolerance;
import java.util.ArrayList;
import java.util.List;

/// Rows 2.1 and 2.2: how fast a link is.
final class RateRows {
    private static final List<LinkWidth> WIDTHS = List.of(LinkWidth.X1, LinkWidth.X4, LinkWidth.X8, LinkWidth.X16);

    private RateRows() {}

    static List<Row> rows() {
        List<Row> rows = new ArrayList<>(List.of(
                transfers("2.1a", Generation.GEN1, "8b/10b", "2.5", 10, 8),
                transfers("2.1b", Generation.GEN2, "8b/10b", "5.0", 10, 8),
                transfers("2.1c", Generation.GEN3, "128b/130b", "8", 130, 128),
                transfers("2.1d", Generation.GEN4, "128b/130b", "16", 130, 128),
                transfers("2.1e", Generation.GEN5, "128b/130b", "32", 130, 128),
                transfers("2.1f", Generation.GEN6, "no block code", "64", 1, 1)));
        addRaw(rows, 'a', Generation.GEN1, "2", "8", "16", "32");
        addRaw(rows, 'e', Generation.GEN2, "4", "16", "32", "64");
        addRaw(rows, 'i', Generation.GEN3, "7.877", "31.508", "63.015", "126.031");
        addRaw(rows, 'm', Generation.GEN4, "15.754", "63.015", "126.031", "252.062");
        addRaw(rows, 'q', Generation.GEN5, "31.508", "126.031", "252.062", "504.123");
        return rows;
    }

    private static Row transfers(
            String id, Generation generation, String coding, String published, int lineBits, int dataBits) {
        return Row.of(id, "transfers a second, " + generation)
                .under("one lane, " + coding)
                .figure(published, "GT/s", Tolerance.exact(), () -> {
                    long byteCount = 1_280_000_000;
                    long transfers = byteCount * 8 * lineBits / dataBits;
                    return 1_000.0 * transfers / new LinkRate(generation, LinkWidth.X1).picosFor(byteCount);
                })
                .from(
                        Grade.A,
                        generation.isFlitMode() ? BASE6.at("section 4.2.3") : MODEL.at("GTs and Gbs"),
                        "1.28 GB cross a lane; their bits with the published coding, by the time.");
    }

    private static void addRaw(List<Row> rows, char letter, Generation generation, String... published) {
        for (int i = 0; i < published.length; i++) {
            LinkWidth width = WIDTHS.get(i);
            rows.add(Row.of("2.2" + (char) (letter + i), "rate after coding, " + AnalyticLink.name(generation, width))
                    .figure(
                            published[i],
                            "Gb/s",
                            Tolerance.rounded(),
                            () -> AnalyticLink.rawGigabits(generation, width))
                    .from(
                            Grade.A,
                            MODEL.at("Raw, as the program prints it"),
                            "1 GB crosses the link; bits by the time."));
        }
    }
}
