package flyby.validate.isa;

import static flyby.i8237.layout.I8237Registers.ALL_MASK;
import static flyby.i8237.layout.I8237Registers.CLEAR_FLIP_FLOP;
import static flyby.i8237.layout.I8237Registers.CLEAR_MASK;
import static flyby.i8237.layout.I8237Registers.MASTER_CLEAR;
import static flyby.i8237.layout.I8237Registers.REQUEST;
import static flyby.i8237.layout.I8237Registers.SINGLE_MASK;
import static flyby.i8237.layout.I8237Registers.STATUS;
import static flyby.i8237.layout.I8237Registers.TEMPORARY;
import static flyby.validate.isa.IsaReferences.DATA_SHEET;
import static flyby.validate.isa.IsaReferences.LINUX;
import static flyby.validate.isa.IsaReferences.MAME;

import flyby.i8237.I8237A;
import flyby.validate.Facts;
import flyby.validate.Grade;
import flyby.validate.Row;
import java.util.List;
import java.util.stream.Stream;

/// Rows 1.19 and 1.22 to 1.25: where the registers are, the flip-flop, master clear, software requests.
final class ChipRegisters {
    private static final int SINGLE_WRITE = 0x44;
    private static final int BLOCK_WRITE = 0x84;
    private static final int COMPRESSED = 0x08;
    private static final int ADDRESS_HOLD = 0x02;
    private static final int A_WHILE = 50;

    private ChipRegisters() {}

    static List<Row> rows() {
        return Stream.of(offsets(), clears(), requests()).flatMap(List::stream).toList();
    }

    private static List<Row> offsets() {
        return List.of(
                Row.of("1.19a", "registers 0 to 7")
                        .rule("address and word count of channels 0 to 3 in turn", ChipRegisters::addressesAndCounts)
                        .from(
                                Grade.A,
                                LINUX.at("DMA_ADDR_n, DMA_CNT_n"),
                                "Each pair is written with values of its own; the transfers that each channel then"
                                        + " makes, and what is read back, are compared."),
                Row.of("1.19b", "registers 8 to F")
                        .rule(
                                "8 status and command, 9 request, A single mask, B mode, C clear byte pointer,"
                                        + " D temporary and master clear, E clear mask, F all masks",
                                ChipRegisters::control)
                        .from(
                                Grade.A,
                                LINUX.at("DMA1_CMD_REG to DMA1_MASK_ALL_REG"),
                                "Each is written or read at its offset, and what the chip then does is compared."));
    }

    private static void addressesAndCounts(Facts facts) {
        ChipBench bench = new ChipBench();
        for (int channel = 0; channel < I8237A.CHANNELS; channel++) {
            bench.chip.write(0xb, SINGLE_WRITE | channel);
            bench.writeWord(2 * channel, 0x1110 * (channel + 1));
            bench.writeWord(2 * channel + 1, channel + 3);
        }
        for (int channel = 0; channel < I8237A.CHANNELS; channel++) {
            facts.equal("address " + channel, 0x1110 * (channel + 1), bench.readWord(2 * channel));
            facts.equal("count " + channel, channel + 3, bench.readWord(2 * channel + 1));
            int before = bench.transfers().size();
            bench.chip.write(0xa, channel);
            bench.dreq(channel).runUntilIdle().chip.dreq(channel, false);
            List<ChipBench.Transfer> made =
                    bench.transfers().subList(before, bench.transfers().size());
            facts.equal("transfers of channel " + channel, channel + 4, made.size());
            facts.equal(
                    "first address of channel " + channel,
                    0x1110 * (channel + 1),
                    made.getFirst().address());
            facts.holds(
                    "all are channel " + channel,
                    made.stream()
                            .allMatch(each -> each.channel() == bench.services().getLast()));
        }
    }

    private static void control(Facts facts) {
        ChipBench bench = new ChipBench();
        bench.chip.write(0x8, COMPRESSED);
        bench.program(1, BLOCK_WRITE, 0x1000, 0);
        bench.chip.write(0x9, 0x04 | 1);
        facts.equal(
                "a request at 9 is served, compressed by 8",
                "SI S0 S1 S2 S4 SI",
                bench.runUntilIdle().stateLine());
        facts.equal("status at 8", 0b0010, bench.chip.read(0x8));

        ChipBench masks = ready(0xf, 0b1011);
        facts.equal("F leaves channel 2 unmasked", List.of(2), masks.services());
        facts.equal("A unmasks channel 3", List.of(3), ready(0xa, 3).services());
        facts.equal("E unmasks all", List.of(0, 1, 2, 3), ready(0xe, 0).services());

        ChipBench modes = new ChipBench().program(1, SINGLE_WRITE, 0x1000, 0);
        modes.chip.write(0xb, 0x48 | 1);
        facts.equal(
                "B sets the mode",
                "READ",
                modes.dreq(1).runUntilIdle().transfers().getFirst().type().name());

        ChipBench pointer = new ChipBench().program(1, SINGLE_WRITE, 0x1234, 0);
        pointer.chip.read(2);
        pointer.chip.write(0xc, 0);
        facts.equal("C clears the byte pointer", 0x34, pointer.chip.read(2));

        ChipBench copy = ChipBench.copying(0, 3).runUntilIdle();
        facts.equal("temporary at D", copy.memory[0x1002] & 0xff, copy.chip.read(0xd));
        copy.chip.write(0xd, 0);
        facts.equal("D is master clear", 0, copy.chip.read(0xd));
    }

    /// All channels ask for one transfer and all are masked; then `value` is written to `register`.
    private static ChipBench ready(int register, int value) {
        ChipBench bench = new ChipBench();
        for (int channel = 0; channel < I8237A.CHANNELS; channel++) {
            bench.program(channel, SINGLE_WRITE, 0x1000, 0).dreq(channel);
            bench.chip.write(SINGLE_MASK, 0x04 | channel);
        }
        bench.chip.write(register, value);
        return bench.runUntilIdle();
    }

    private static List<Row> clears() {
        return List.of(
                Row.of("1.22a", "first/last flip-flop")
                        .rule(
                                "one for all channels; low byte first; toggles on each access of an address or count",
                                ChipRegisters::flipFlop)
                        .from(
                                Grade.A,
                                MAME.at("m_msb; data sheet, Register Description"),
                                "Bytes are written and read at registers of different channels in turn."),
                Row.of("1.22b", "what clears the flip-flop")
                        .rule("offset C, master clear and reset", facts -> {
                            facts.equal("left at the high byte", 0x12, lowAfter(_ -> {}));
                            facts.equal("offset C", 0x34, lowAfter(chip -> chip.write(CLEAR_FLIP_FLOP, 0)));
                            facts.equal("master clear", 0x34, lowAfter(chip -> chip.write(MASTER_CLEAR, 0)));
                            facts.equal("reset", 0x34, lowAfter(I8237A::reset));
                        })
                        .from(
                                Grade.A,
                                MAME.at("m_msb; data sheet, Software Commands"),
                                "An address of 1234h is read after an odd number of accesses and each clear."),
                Row.of("1.23", "master clear and reset")
                        .rule(
                                "command, status, request and temporary are cleared, the flip-flop too; all four masks"
                                        + " are set",
                                facts -> {
                                    cleared(facts, "master clear", chip -> chip.write(MASTER_CLEAR, 0));
                                    cleared(facts, "reset", I8237A::reset);
                                })
                        .from(
                                Grade.A,
                                MAME.at("device_reset, mask 0fh; data sheet, Master Clear"),
                                "After a copy, with a request pending and compressed timing set, the chip is cleared"
                                        + " and asked by its registers and by what it then does."));
    }

    private interface Clear {
        void apply(I8237A chip);
    }

    /// Which byte of 0x1234 is read after one byte of it was, and `clear`.
    private static int lowAfter(Clear clear) {
        ChipBench bench = new ChipBench().program(1, SINGLE_WRITE, 0x1234, 0);
        bench.chip.read(2);
        clear.apply(bench.chip);
        return bench.chip.read(2);
    }

    private static void flipFlop(Facts facts) {
        ChipBench bench = new ChipBench();
        bench.program(0, SINGLE_WRITE, 0, 0).program(3, SINGLE_WRITE, 0, 0);
        bench.chip.write(0, 0x11);
        bench.chip.write(6, 0x22);
        bench.chip.write(1, 0x33);
        bench.chip.write(7, 0x44);
        facts.equal("address 0 got the low byte", 0x0011, bench.readWord(0));
        facts.equal("address 3 got the high byte", 0x2200, bench.readWord(6));
        facts.equal("count 0 got the low byte", 0x0033, bench.readWord(1));
        facts.equal("count 3 got the high byte", 0x4400, bench.readWord(7));
        bench.chip.read(0);
        facts.equal("after a read, the high byte of another", 0x22, bench.chip.read(6));
        bench.chip.read(0);
        bench.chip.read(STATUS);
        facts.equal("status does not toggle it", 0x22, bench.chip.read(6));
    }

    private static void cleared(Facts facts, String how, Clear clear) {
        ChipBench bench = ChipBench.copying(COMPRESSED, 3).runUntilIdle();
        facts.holds(how + ": the copy left something to clear", bench.chip.read(TEMPORARY) != 0);
        for (int channel = 0; channel < I8237A.CHANNELS; channel++) {
            bench.program(channel, BLOCK_WRITE, 0x1000, 0);
        }
        bench.request(2).chip.read(0);
        clear.apply(bench.chip);
        facts.equal(how + ": status", 0, bench.chip.read(STATUS));
        facts.equal(how + ": temporary", 0, bench.chip.read(TEMPORARY));
        facts.equal(how + ": flip-flop", 0x1000, bench.readWord(0));
        int before = bench.services().size();
        bench.dreq(0).dreq(1).dreq(2).dreq(3).run(A_WHILE);
        facts.equal(
                how + ": services with all masked and no request",
                before,
                bench.services().size());
        bench.chip.write(CLEAR_MASK, 0);
        int clocks = bench.states().size();
        bench.runUntilIdle();
        facts.equal(
                how + ": timing is normal again",
                "[SI, S0, S1, S2, S3, S4]",
                bench.states().subList(clocks, clocks + 6).toString());
    }

    private static List<Row> requests() {
        return List.of(
                Row.of("1.24", "software requests")
                        .rule(
                                "honoured in block mode (memory-to-memory: in single mode too), and not maskable",
                                ChipRegisters::softwareRequests)
                        .from(
                                Grade.A,
                                DATA_SHEET.at("Request Register; MAME for single mode"),
                                "Masked channels in each mode get a request; their services are counted."),
                Row.of("1.25", "channel 0 address hold")
                        .under("memory-to-memory, 64 bytes")
                        .rule("the source address does not move: the block is filled", facts -> {
                            ChipBench bench =
                                    ChipBench.copying(ADDRESS_HOLD, 64).runUntilIdle();
                            for (int i = 0; i < 64; i++) {
                                facts.equal("byte " + i, bench.memory[0x1000], bench.memory[0x8000 + i]);
                            }
                            facts.equal("byte 64", (byte) 0, bench.memory[0x8040]);
                            facts.equal("source address", 0x1000, bench.readWord(0));
                        })
                        .from(
                                Grade.A,
                                MAME.at("dma_advance; data sheet, Memory-to-Memory"),
                                "64 different bytes are at the source; all bytes of the destination are compared."));
    }

    private static void softwareRequests(Facts facts) {
        facts.equal("demand", 0, served(0x04, 0));
        facts.equal("single", 0, served(0x44, 0));
        facts.equal("block", 1, served(BLOCK_WRITE, 0));
        facts.equal("single, memory-to-memory", 1, served(0x48, 0x01));
        facts.equal("block, memory-to-memory", 1, served(0x88, 0x01));
    }

    /// How many services a software request of masked channel 0 gets.
    private static int served(int mode, int command) {
        ChipBench bench = new ChipBench().command(command).program(0, mode, 0x1000, 0);
        bench.program(1, BLOCK_WRITE, 0x8000, 0).chip.write(ALL_MASK, 0xf);
        bench.chip.write(REQUEST, 0x04);
        return bench.run(A_WHILE).holds();
    }
}
