package flyby.validate.isa;

import static flyby.validate.isa.IsaReferences.AMPRO;
import static flyby.validate.isa.IsaReferences.FORUM;

import flyby.validate.Grade;
import flyby.validate.Row;
import flyby.validate.Tolerance;
import java.util.List;
import java.util.function.DoubleSupplier;
import java.util.stream.Stream;

/// Rows 1.29 to 1.31: what the hand-over of the bus costs on an AT-compatible board, and the rates that are left.
final class PcRates {
    private static final String BOARD = "at-chipset";
    private static final Tolerance FIVE_PERCENT = Tolerance.percent("5");
    private static final String NO_REFRESH = "machine.refresh.on=false";
    private static final String MHZ_8 = "machine.clock=16MHz";
    private static final String MHZ_6 = "machine.clock=12MHz";
    private static final String REFRESH = "machine.refresh.on=true";
    private static final String PACE = "A card that always asks makes 400 single transfers while the CPU keeps off the"
            + " bus; the time from one to the next is taken.";

    private PcRates() {}

    static List<Row> rows() {
        return Stream.concat(arbitration().stream(), rates().stream()).toList();
    }

    private static List<Row> arbitration() {
        return List.of(
                Row.of("1.29a", "AT single-mode transfer with arbitration")
                        .under("AT-compatible board, DMA clock 8 MHz, no refresh")
                        .figure(
                                "9",
                                "clk",
                                FIVE_PERCENT,
                                () -> transfers(5, NO_REFRESH).periodClocks())
                        .from(Grade.B, AMPRO.at("p. 4-10: 5 + 2.5 + 1.5 clocks"), PACE),
                Row.of("1.29b", "of this, the transfer")
                        .under("AT-compatible board, DMA clock 8 MHz, no refresh")
                        .figure(
                                "5",
                                "clk",
                                FIVE_PERCENT,
                                () -> transfers(5, NO_REFRESH).clocks())
                        .from(Grade.B, AMPRO.at("p. 4-10"), PACE + " Here: from S1 to the end of S4."),
                Row.of("1.29c", "of this, acquiring the bus")
                        .under("AT-compatible board, bus idle, no refresh")
                        .figure("2.5", "clk", FIVE_PERCENT, () -> {
                            PcBench bench = PcBench.singles(BOARD, 5, NO_REFRESH);
                            return bench.dmaClocks(bench.log().acquisitions());
                        })
                        .from(Grade.B, AMPRO.at("p. 4-10"), PACE + " Here: from HOLD to HLDA."),
                Row.of("1.29d", "of this, releasing the bus")
                        .under("AT-compatible board, CPU waiting for the bus, no refresh")
                        .figure("1.5", "clk", FIVE_PERCENT, PcRates::releaseClocks)
                        .from(
                                Grade.B,
                                AMPRO.at("p. 4-10"),
                                "Single transfers are made while the CPU loads from memory all the time; from the fall"
                                        + " of HLDA to the CPU's bus cycle."));
    }

    private static double releaseClocks() {
        PcBench bench = new PcBench(BOARD, NO_REFRESH);
        EagerCard card = bench.card(5);
        bench.run(cpu -> {
            PcBench.program(cpu, 5, PcBench.SINGLE_WRITE, 0x2, 0, PcBench.TRANSFERS);
            card.start();
            while (card.terminalCounts() == 0) {
                var _ = cpu.load16(0x1000);
            }
        });
        return bench.dmaClocks(bench.log().releases());
    }

    private static List<Row> rates() {
        return List.of(
                rate("1.30a", "8 MHz, no refresh", "0.89", "M/s", () -> perMicro(5, NO_REFRESH, MHZ_8)),
                rate("1.30b", "8 MHz, with refresh", "0.84", "M/s", () -> perMicro(5, REFRESH, MHZ_8)),
                rate("1.30c", "8 MHz, 16-bit, with refresh", "1.6", "MB/s", () -> 2 * perMicro(5, REFRESH, MHZ_8)),
                rate("1.30d", "8 MHz, 8-bit, with refresh", "0.8", "MB/s", () -> perMicro(1, REFRESH, MHZ_8)),
                rate("1.30e", "6 MHz, no refresh", "0.67", "M/s", () -> perMicro(5, NO_REFRESH, MHZ_6)),
                rate("1.30f", "6 MHz, with refresh", "0.63", "M/s", () -> perMicro(5, REFRESH, MHZ_6)),
                rate("1.30g", "6 MHz, 16-bit, with refresh", "1.2", "MB/s", () -> 2 * perMicro(5, REFRESH, MHZ_6)),
                rate("1.30h", "6 MHz, 8-bit, with refresh", "0.6", "MB/s", () -> perMicro(1, REFRESH, MHZ_6)),
                Row.of("1.31", "practical rate of ISA DMA")
                        .under("AT-compatible board, DMA clock 8 MHz, with refresh")
                        .rule(
                                "8-bit just shy of 1 MB/s, 16-bit double that (here: more than half of it, and less)",
                                facts -> {
                                    double bytes = perMicro(1, REFRESH, MHZ_8);
                                    double words = perMicro(5, REFRESH, MHZ_8);
                                    facts.holds(
                                            "8-bit is between 0.5 and 1 MB/s, not %.3f".formatted(bytes),
                                            bytes > 0.5 && bytes < 1);
                                    facts.holds(
                                            "16-bit is between 1 and 2 MB/s, not %.3f".formatted(2 * words),
                                            words > 0.5 && words < 1);
                                })
                        .from(Grade.C, FORUM.at("a user's report"), PACE));
    }

    private static Row rate(String id, String what, String published, String unit, DoubleSupplier simulation) {
        return Row.of(id, "AT single mode, DMA clock " + what)
                .under("AT-compatible board")
                .figure(published, unit, FIVE_PERCENT, simulation)
                .from(Grade.B, AMPRO.at("p. 4-10"), PACE);
    }

    private static double perMicro(int channel, String... changes) {
        return 1 / transfers(channel, changes).periodMicros();
    }

    private static CycleTimes transfers(int channel, String... changes) {
        return PcBench.singles(BOARD, channel, changes).times(PcBench.DMA_WRITE);
    }
}
