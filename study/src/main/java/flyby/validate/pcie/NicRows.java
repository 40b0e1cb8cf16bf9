package flyby.validate.pcie;

import static flyby.validate.pcie.PcieReferences.NIC_MODEL;
import static flyby.validate.pcie.PcieReferences.PAPER;

import flyby.pcie.Generation;
import flyby.pcie.LinkWidth;
import flyby.validate.Facts;
import flyby.validate.Grade;
import flyby.validate.Row;
import flyby.validate.Tolerance;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.List;
import java.util.Queue;
import java.util.function.IntToDoubleFunction;

/// NICs over the analytic link, and row 2.28. Ids have two letters, one for the column and one for the frame's
/// size: `2.3a` the network itself; `2.3b` to `2.3d` packets both ways, as the program prints them, of the three
/// NICs; `2.3e` to `2.3g` the same with its slip repaired; `2.3h` to `2.3m` likewise packets received; `2.3n` to
/// `2.3p` packets sent; `2.3q` where the network is the limit.
final class NicRows {
    private static final AnalyticLink LINK = AnalyticLink.of(Generation.GEN3, LinkWidth.X8, 256, 512);

    private static final int[] SIZES = {64, 128, 256, 512, 1_024, 1_500};
    /// The program's last line is of 1,499 bytes; the figures of packets sent are from there.
    private static final int[] SIZES_SENT = {64, 128, 256, 512, 1_024, 1_499};

    private static final int FRAME_BYTES_MIN = 64;
    private static final int FRAME_BYTES_MAX = 1_499;

    private static final String CONDITIONS =
            "Gen3 x8, MPS 256, MRRS 512, 64-bit addresses; 40 Gb/s Ethernet; sizes include the FCS, which stays behind";
    private static final String HOW =
            "Descriptors, write-backs, pointers, interrupts and data of one packet are cut and weighed.";
    private static final String REPAIRED =
            "The same, with the requests for receive descriptors that the program's `=` for `+=` loses.";

    private NicRows() {}

    static List<Row> rows() {
        List<Row> rows = new ArrayList<>();
        add(
                rows,
                'a',
                "40 Gb/s Ethernet",
                "28.57 34.44 37.06 38.48 39.23 39.47",
                SIZES,
                "The program asks for the frame without its FCS as if it were a whole frame.",
                Ethernet::gigabits);
        addPairs(
                rows,
                'b',
                "both ways",
                NicModel::bothGigabits,
                List.of(
                        "12.58 21.11 31.17 39.31 44.33 46.06",
                        "17.63 27.51 37.50 43.96 47.12 48.08",
                        "20.65 30.91 40.50 45.93 48.23 48.86"),
                List.of(
                        "11.58 19.72 29.65 38.09 43.54 45.48",
                        "15.72 25.19 35.32 42.44 46.24 47.45",
                        "18.07 28.02 37.97 44.27 47.30 48.21"));
        addPairs(
                rows,
                'h',
                "received",
                NicModel::receiveGigabits,
                List.of(
                        "19.73 29.91 39.64 45.38 48.88 50.00",
                        "27.16 37.41 45.60 49.02 50.90 51.43",
                        "28.01 38.18 46.16 49.34 51.07 51.55"),
                List.of(
                        "17.37 27.19 37.21 43.76 47.92 49.31",
                        "22.87 33.25 42.42 47.13 49.87 50.70",
                        "23.47 33.86 42.90 47.43 50.04 50.82"));
        addTransmit(rows, 'n', Nic.SIMPLE, "20.67 30.94 40.52 46.24 49.70 50.81");
        addTransmit(rows, 'o', Nic.KERNEL, "23.23 33.62 42.71 47.62 50.49 51.37");
        addTransmit(rows, 'p', Nic.DPDK, "35.30 44.20 50.23 51.92 52.79 52.98");
        rows.add(crossover("2.3qa", Nic.SIMPLE, 583));
        rows.add(crossover("2.3qb", Nic.KERNEL, 300));
        rows.add(crossover("2.3qc", Nic.DPDK, 182));
        rows.add(Row.of("2.28a", "128 B packets at 40 Gb/s, one every")
                .figure("29.6", "ns", Tolerance.exact(), () -> Ethernet.frameNanos(128))
                .from(Grade.A, NIC_MODEL.at("eth.py, us_ex(128)"), "Preamble, frame and gap, by the rate."));
        rows.add(Row.of("2.28b", "128 B packets at 40 Gb/s, DMAs in flight")
                .under("900 ns each")
                .rule("at least 30 are in flight at once", NicRows::inFlight)
                .from(
                        Grade.A,
                        PAPER.at("section 2"),
                        "Packets come at that rate and each is over 900 ns later; those under way are counted."));
        return rows;
    }

    private record Nic(String title, NicModel model) {
        static final Nic SIMPLE = new Nic("simple NIC", NicModel.SIMPLE);
        static final Nic KERNEL = new Nic("82599 with ixgbe", NicModel.KERNEL);
        static final Nic DPDK = new Nic("82599 with DPDK", NicModel.DPDK);
        static final List<Nic> ALL = List.of(SIMPLE, KERNEL, DPDK);
    }

    @FunctionalInterface
    private interface Direction {
        double gigabits(NicModel model, AnalyticLink link, int byteCount, boolean countsFetch);
    }

    private static void addPairs(
            List<Row> rows,
            char column,
            String words,
            Direction direction,
            List<String> asCoded,
            List<String> repaired) {
        char next = column;
        for (Nic nic : Nic.ALL) {
            add(
                    rows,
                    next,
                    nic.title + ", " + words,
                    asCoded.get(next - column),
                    SIZES,
                    HOW,
                    byteCount -> direction.gigabits(nic.model, LINK, byteCount, false));
            next++;
        }
        for (Nic nic : Nic.ALL) {
            String figures = repaired.get(next - column - asCoded.size());
            add(
                    rows,
                    next,
                    nic.title + ", " + words + ", repaired",
                    figures,
                    SIZES,
                    REPAIRED,
                    byteCount -> direction.gigabits(nic.model, LINK, byteCount, true));
            next++;
        }
    }

    private static void addTransmit(List<Row> rows, char column, Nic nic, String figures) {
        add(
                rows,
                column,
                nic.title + ", sent",
                figures,
                SIZES_SENT,
                HOW,
                byteCount -> nic.model.transmitGigabits(LINK, byteCount));
    }

    private static void add(
            List<Row> rows,
            char column,
            String what,
            String figures,
            int[] sizes,
            String how,
            IntToDoubleFunction simulation) {
        List<String> published = List.of(figures.split(" "));
        for (int i = 0; i < sizes.length; i++) {
            int byteCount = sizes[i] - Ethernet.FCS_BYTES;
            rows.add(Row.of("2.3" + column + (char) ('a' + i), what + ", " + sizes[i] + " B")
                    .under(CONDITIONS)
                    .figure(published.get(i), "Gb/s", Tolerance.rounded(), () -> simulation.applyAsDouble(byteCount))
                    .from(Grade.A, NIC_MODEL.at("output of the program"), how));
        }
    }

    private static Row crossover(String id, Nic nic, int published) {
        return Row.of(id, nic.title + ", both ways, from where on Ethernet is the limit")
                .under(CONDITIONS)
                .exactly(published, "B", () -> crossover(nic.model))
                .from(
                        Grade.A,
                        NIC_MODEL.derived("output of the program"),
                        "All sizes up to 1499 B are tried, with the two decimals that the program prints.");
    }

    private static int crossover(NicModel model) {
        int size = FRAME_BYTES_MAX;
        while (size >= FRAME_BYTES_MIN && isAsFastAsEthernet(model, size - Ethernet.FCS_BYTES)) {
            size--;
        }
        return size + 1;
    }

    /// In hundredths, as the program prints them: at 583 B they are equal, though what they stand for is not.
    private static boolean isAsFastAsEthernet(NicModel model, int byteCount) {
        return Math.round(100 * model.bothGigabits(LINK, byteCount, false))
                >= Math.round(100 * Ethernet.gigabits(byteCount));
    }

    private static void inFlight(Facts facts) {
        long intervalPicos = Math.round(1_000 * Ethernet.frameNanos(128));
        long flightPicos = 900_000;
        Queue<Long> ends = new ArrayDeque<>();
        for (int packet = 0; packet < 1_000; packet++) {
            long now = packet * intervalPicos;
            while (!ends.isEmpty() && ends.element() <= now) {
                ends.remove();
            }
            ends.add(now + flightPicos);
            if (now >= flightPicos) {
                facts.holds(ends.size() + " in flight at " + now + " ps", ends.size() >= 30);
            }
        }
    }
}
