package flyby.validate.isa;

import static flyby.validate.isa.IsaReferences.DATA_SHEET;
import static flyby.validate.isa.IsaReferences.MAME;

import flyby.i8237.layout.I8237Registers;
import flyby.validate.Facts;
import flyby.validate.Grade;
import flyby.validate.Row;
import flyby.validate.Tolerance;
import java.util.List;
import java.util.stream.Stream;

/// Rows 1.8 to 1.11: what the clocks of the chip come to.
final class ChipRates {
    private static final int COMPRESSED = 0x08;
    private static final int BYTES = 256;
    private static final Tolerance RATE = Tolerance.percent("0.1");
    private static final String HELD = "zero wait states, HLDA held";

    private ChipRates() {}

    static List<Row> rows() {
        return Stream.of(memoryToMemory(), blocks(), singles())
                .flatMap(List::stream)
                .toList();
    }

    private static List<Row> memoryToMemory() {
        return List.of(
                Row.of("1.8a", "memory-to-memory, a byte")
                        .under(HELD)
                        .exactly(8, "clk", ChipRates::clocksPerCopiedByte)
                        .from(
                                Grade.A,
                                DATA_SHEET.at("Memory-to-Memory"),
                                "256 bytes are copied; the clocks from S11 to the last S24 are counted."),
                copyRate("1.8b", "375", 3),
                copyRate("1.8c", "500", 4),
                copyRate("1.8d", "625", 5),
                Row.of("1.8e", "memory-to-memory, start and end")
                        .rule(
                                "a software request on channel 0 starts it; channel 1's word count ends it; the byte"
                                        + " goes through the temporary register",
                                ChipRates::startAndEnd)
                        .from(
                                Grade.A,
                                DATA_SHEET.at("Memory-to-Memory"),
                                "10 bytes are copied by channel 1's count while channel 0's says 100; memory and the"
                                        + " temporary register are read afterwards."));
    }

    private static Row copyRate(String id, String published, int megahertz) {
        return Row.of(id, "memory-to-memory at " + megahertz + " MHz")
                .under(HELD)
                .figure(published, "kB/s", RATE, () -> 1_000.0 * megahertz / clocksPerCopiedByte())
                .from(
                        Grade.A,
                        DATA_SHEET.derived("Memory-to-Memory"),
                        "256 bytes are copied clock by clock; bytes by counted clocks, times the clock.");
    }

    private static double clocksPerCopiedByte() {
        ChipBench bench = ChipBench.copying(0, BYTES).runUntilIdle();
        return (double) bench.serviceClocks() / bench.copied(BYTES);
    }

    private static void startAndEnd(Facts facts) {
        ChipBench bench = ChipBench.copying(0, 100);
        bench.program(1, 0x84, 0x8000, 9).runUntilIdle();
        facts.equal("bytes copied", 10, bench.copied(100));
        facts.equal("temporary register", bench.memory[0x1009] & 0xff, bench.chip.read(I8237Registers.TEMPORARY));
        facts.equal("services", 1, bench.holds());
    }

    private static List<Row> blocks() {
        return List.of(
                blockRate("1.9a", "normal", 0, "0.9987", 3),
                blockRate("1.9b", "normal", 0, "1.3316", 4),
                blockRate("1.9c", "normal", 0, "1.6645", 5),
                blockRate("1.10a", "compressed", COMPRESSED, "1.4971", 3),
                blockRate("1.10b", "compressed", COMPRESSED, "1.9961", 4),
                blockRate("1.10c", "compressed", COMPRESSED, "2.4951", 5));
    }

    private static Row blockRate(String id, String timing, int command, String published, int megahertz) {
        return Row.of(id, "block rate, " + timing + " timing, at " + megahertz + " MHz")
                .under(HELD + ", 256 bytes within a 256-byte page")
                .figure(published, "MB/s", RATE, () -> {
                    ChipBench bench = ChipBench.block(command);
                    return (double) megahertz * bench.transfers().size() / bench.serviceClocks();
                })
                .from(
                        Grade.A,
                        DATA_SHEET.derived("Active Cycle; its headline says \"up to 1.6M bytes/second\" at 5 MHz"),
                        "256 bytes are moved clock by clock; bytes by counted clocks, times the clock.");
    }

    private static List<Row> singles() {
        return List.of(
                Row.of("1.11a", "single mode, floor")
                        .under("DREQ held, HLDA within the clock of HRQ")
                        .exactly(6, "clk", () -> clocksPerSingle(0))
                        .from(
                                Grade.A,
                                DATA_SHEET.derived("Single Transfer Mode"),
                                "256 single transfers are clocked; all clocks, by the transfers."),
                Row.of("1.11b", "single mode gives the bus back")
                        .rule("HRQ drops after every byte", facts -> {
                            ChipBench bench = ChipBench.singles(0, BYTES);
                            facts.equal("transfers", BYTES, bench.transfers().size());
                            facts.equal("rises of HRQ", BYTES, bench.holds());
                        })
                        .from(
                                Grade.A,
                                MAME.at("SINGLE goes to SI; data sheet, Single Transfer Mode"),
                                "256 single transfers are made with DREQ held; the rises of HRQ are counted."),
                Row.of("1.11c", "single mode with HLDA late")
                        .rule("each clock by which HLDA is late costs one clock a byte", facts -> {
                            for (int late = 1; late <= 8; late++) {
                                facts.equal("clocks, HLDA late by " + late, 6.0 + late, clocksPerSingle(late));
                            }
                        })
                        .from(
                                Grade.A,
                                DATA_SHEET.derived("Single Transfer Mode, Active Cycle"),
                                "256 single transfers are clocked with HLDA 1 to 8 clocks late."));
    }

    private static double clocksPerSingle(int lateClocks) {
        ChipBench bench = ChipBench.singles(lateClocks, BYTES);
        // The last clock is the idle one that ends the run.
        return (bench.states().size() - 1.0) / bench.transfers().size();
    }
}
