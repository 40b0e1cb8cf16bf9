package flyby.validate.pio;

import static flyby.validate.pio.PioReferences.GDRCOPY;

import flyby.validate.Grade;
import flyby.validate.Row;
import java.util.ArrayList;
import java.util.List;
import java.util.function.IntToDoubleFunction;

/// Where programmed I/O and DMA cross: the general rule of section 7 of the list of figures, which has no number, as
/// 7.0.
///
/// Programmed I/O wins while t0p + s/Bp < t0d + s/Bd.
final class CrossingRows {
    private static final int LARGEST = 1 << 20;
    private static final int SMALLEST = 8;

    private final PioRuns runs = new PioRuns();
    private final List<Row> rows = new ArrayList<>();

    private CrossingRows() {}

    static List<Row> rows() {
        CrossingRows all = new CrossingRows();
        all.rule();
        all.places();
        return all.rows;
    }

    /// A cost by size: so many microseconds, and so many for each byte.
    private record Line(double zero, double perByte) {
        static Line of(IntToDoubleFunction at) {
            // The slope is that of large transfers, the rest what a transfer of one line costs.
            double perByte = (at.applyAsDouble(LARGEST) - at.applyAsDouble(LARGEST / 2)) / (LARGEST / 2);
            return new Line(at.applyAsDouble(64) - 64 * perByte, perByte);
        }

        double crossing(Line dma) {
            return (dma.zero - zero) / (perByte - dma.perByte);
        }
    }

    /// The first size at which `second` is less than `first`, and is from there on; between powers of two on a line.
    /// The smallest of all if it is so everywhere.
    private static double crossing(IntToDoubleFunction first, IntToDoubleFunction second) {
        int size = LARGEST;
        while (size >= SMALLEST && second.applyAsDouble(size) < first.applyAsDouble(size)) {
            size /= 2;
        }
        if (size < SMALLEST) {
            return SMALLEST;
        }
        double before = second.applyAsDouble(size) - first.applyAsDouble(size);
        double after = first.applyAsDouble(2 * size) - second.applyAsDouble(2 * size);
        return size + size * before / (before + after);
    }

    private void rule() {
        rows.add(Row.of("7.0a", "where stores and DMA cross by latency")
                .under("write-combined stores, and DMA with doorbell and descriptor; costs as simulated")
                .rule("(t0d - t0p)/(1/Bp - 1/Bd), within a tenth", facts -> {
                    double said = Line.of(this::storesLatency).crossing(Line.of(this::dmaLatency));
                    double seen = crossing(this::storesLatency, this::dmaLatency);
                    facts.holds(
                            "%.0f B by the rule, %.0f B on the curves".formatted(said, seen),
                            Math.abs(said / seen - 1) < 0.1);
                })
                .from(
                        Grade.B,
                        GDRCOPY.derived("costs of a store and of DMA"),
                        "The experiment pio-dma, runs write-wc and write-dma: both lines through their ends."));
    }

    private void places() {
        rows.add(Row.of("7.0b", "where stores and DMA cross by latency, with published costs")
                .under("11 to 67 KB, depending on how fast DMA is")
                .rule("within a factor of two of that", facts -> {
                    double seen = crossing(this::storesLatency, this::dmaLatency);
                    facts.holds("%.0f B".formatted(seen), seen > 5_500 && seen < 134_000);
                })
                .from(
                        Grade.C,
                        GDRCOPY.derived("README, with 0.55 us for a read of memory"),
                        "The experiment pio-dma, until the last byte is in the device."));
        rows.add(Row.of("7.0c", "where stores and DMA cross by CPU time, with published costs")
                .under("1 to 2.5 KB: 0.1 to 0.25 us for a doorbell")
                .rule("within a factor of two of that", facts -> {
                    double seen = crossing(
                            size -> runs.cpuMicros("write-wc", size), size -> runs.cpuMicros("write-dma", size));
                    facts.holds("%.0f B".formatted(seen), seen > 500 && seen < 5_000);
                })
                .from(
                        Grade.C,
                        GDRCOPY.derived("README, and a doorbell of 0.1 to 0.25 us"),
                        "The experiment pio-dma, run write-dma: the CPU posts a descriptor and looks at the report"
                                + " later."
                                + " Its doorbell is a posted store that the CPU does not wait for."));
    }

    private double storesLatency(int byteCount) {
        return runs.latencyMicros("write-wc", byteCount);
    }

    private double dmaLatency(int byteCount) {
        return runs.latencyMicros("write-dma", byteCount);
    }
}
