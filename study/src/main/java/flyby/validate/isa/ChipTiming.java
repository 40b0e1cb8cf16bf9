package flyby.validate.isa;

import static flyby.validate.isa.IsaReferences.DATA_SHEET;
import static flyby.validate.isa.IsaReferences.MAME;

import flyby.i8237.State;
import flyby.validate.Facts;
import flyby.validate.Grade;
import flyby.validate.Row;
import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/// Rows 1.1 to 1.7: the states of the chip, clock by clock.
final class ChipTiming {
    private static final int VERIFY_BLOCK = 0x80;
    private static final int WRITE_SINGLE = 0x44;
    private static final int WRITE_BLOCK = 0x84;
    private static final int READ_BLOCK = 0x88;
    private static final int COMPRESSED = 0x08;
    private static final int EXTENDED = 0x20;

    private static final String NO_WAITS = "zero wait states, HLDA held";
    private static final String CLOCKED = "The chip is clocked state by state; ";

    private ChipTiming() {}

    static List<Row> rows() {
        return Stream.of(states(), transfers(), waits()).flatMap(List::stream).toList();
    }

    private static List<Row> states() {
        return List.of(
                Row.of("1.1a", "states of a fly-by transfer")
                        .under("one byte in single mode, READY low for one clock")
                        .rule("SI, S0, S1, S2, S3, SW, S4, each one clock", ChipTiming::flyByStates)
                        .from(Grade.A, MAME.at("enum of states"), CLOCKED + "the states seen are compared in order."),
                Row.of("1.1b", "states of a memory-to-memory transfer")
                        .rule(
                                "S11 to S14 read, S21 to S24 write, each one clock",
                                facts -> facts.equal(
                                        "states",
                                        "SI S0 S11 S12 S13 S14 S21 S22 S23 S24 SI",
                                        ChipBench.copying(0, 1).runUntilIdle().stateLine()))
                        .from(
                                Grade.A,
                                DATA_SHEET.at("Memory-to-Memory"),
                                CLOCKED + "the states seen are compared in order."),
                Row.of("1.2", "SI samples DREQ every clock, S0 waits for HLDA")
                        .rule(
                                "in SI DREQ is sampled every clock and the CPU may program; in S0 HRQ is up until HLDA",
                                ChipTiming::idleAndHold)
                        .from(
                                Grade.A,
                                DATA_SHEET.at("Idle Cycle, Active Cycle"),
                                "DREQ comes after 1 to 4 idle clocks and HLDA 0 to 5 clocks late; registers are"
                                        + " written and read back in SI and in S0."));
    }

    private static void flyByStates(Facts facts) {
        ChipBench bench = new ChipBench().waiting(1).program(1, WRITE_SINGLE, 0x1000, 0);
        facts.equal(
                "states",
                "SI S0 S1 S2 S3 SW S4 SI",
                bench.dreq(1).runUntilIdle().stateLine());
    }

    private static void idleAndHold(Facts facts) {
        for (int idle = 1; idle <= 4; idle++) {
            ChipBench bench = new ChipBench().program(0, WRITE_SINGLE, 0x1000, 0);
            String before = bench.run(idle).stateLine();
            facts.equal("with no DREQ", "SI ".repeat(idle).strip(), before);
            facts.equal(
                    "DREQ after " + idle + " clocks",
                    before + " SI S0 S1",
                    bench.dreq(0).run(3).stateLine());
        }
        for (int late = 0; late <= 5; late++) {
            ChipBench bench = new ChipBench().grantingLate(late).program(0, WRITE_SINGLE, 0x1000, 0);
            facts.equal(
                    "HLDA late by " + late,
                    "SI" + " S0".repeat(1 + late) + " S1",
                    bench.dreq(0).run(3 + late).stateLine());
        }
        ChipBench waiting = new ChipBench().grantingLate(100).program(0, WRITE_SINGLE, 0x1000, 0);
        for (State state : List.of(State.SI, State.S0)) {
            waiting.writeWord(7, 0xa55a);
            facts.equal("count written and read in " + state, 0xa55a, waiting.readWord(7));
            waiting.dreq(0).runUntil(() -> waiting.chip.state().equals(State.S0));
            facts.holds("HRQ is up in S0", waiting.chip.hrq());
        }
    }

    private static List<Row> transfers() {
        String latched = "block mode; the transfer before was at the end of a 256-byte page";
        String same = "block mode; bits 8 to 15 as in the transfer before";
        String counted = CLOCKED + "the clocks between the ends of two transfers of one block are counted.";
        return List.of(
                Row.of("1.3a", "normal transfer that latches A8 to A15")
                        .under(latched)
                        .exactly(4, "clk", () -> clocksBetween(0, 0x10ff))
                        .from(Grade.A, DATA_SHEET.at("Transfer timing"), counted),
                Row.of("1.3b", "normal transfer, A8 to A15 latched already")
                        .under(same)
                        .exactly(3, "clk", () -> clocksBetween(0, 0x1000))
                        .from(Grade.A, DATA_SHEET.at("Transfer timing"), counted),
                Row.of("1.3c", "where S1 is")
                        .rule(
                                "S1 only on the first transfer of a service and when bits 8 to 15 change; single mode"
                                        + " always starts at S1",
                                ChipTiming::latching)
                        .from(
                                Grade.A,
                                MAME.at("get_state1"),
                                CLOCKED + "the states of a block across a page and of single transfers are compared."),
                Row.of("1.4a", "compressed transfer")
                        .under(same)
                        .exactly(2, "clk", () -> clocksBetween(COMPRESSED, 0x1000))
                        .from(Grade.A, DATA_SHEET.at("Compressed Timing"), counted),
                Row.of("1.4b", "compressed transfer that latches A8 to A15")
                        .under(latched)
                        .exactly(3, "clk", () -> clocksBetween(COMPRESSED, 0x10ff))
                        .from(Grade.A, DATA_SHEET.at("Compressed Timing"), counted),
                Row.of("1.4c", "compressed timing and memory-to-memory")
                        .rule("compressed timing is not for memory-to-memory", facts -> {
                            ChipBench normal = ChipBench.copying(0, 1).runUntilIdle();
                            ChipBench compressed =
                                    ChipBench.copying(COMPRESSED, 1).runUntilIdle();
                            facts.equal("clocks of a byte", 8, compressed.serviceClocks());
                            facts.equal("states and strobes", normal.clocks(), compressed.clocks());
                        })
                        .from(
                                Grade.A,
                                DATA_SHEET.at("Command Register"),
                                "A byte is copied with command bit 3 clear and set; states and strobes are compared."),
                Row.of("1.5a", "256 bytes in a block, normal timing")
                        .under(NO_WAITS + ", within one 256-byte page")
                        .exactly(769, "clk", () -> ChipBench.block(0).serviceClocks())
                        .from(
                                Grade.A,
                                DATA_SHEET.derived("Active Cycle"),
                                CLOCKED + "clocks from S1 to S4 are counted."),
                Row.of("1.5b", "256 bytes in a block, compressed timing")
                        .under(NO_WAITS + ", within one 256-byte page")
                        .exactly(513, "clk", () -> ChipBench.block(COMPRESSED).serviceClocks())
                        .from(
                                Grade.A,
                                DATA_SHEET.derived("Active Cycle"),
                                CLOCKED + "clocks from S1 to S4 are counted."),
                Row.of("1.5c", "clocks saved by not latching, 256 transfers")
                        .under(NO_WAITS)
                        .exactly(
                                255,
                                "clk",
                                () -> ChipBench.singles(0, 256).serviceClocks()
                                        - ChipBench.block(0).serviceClocks())
                        .from(
                                Grade.A,
                                DATA_SHEET.at("Active Cycle"),
                                "256 single transfers, which all latch, and a block of 256 are clocked; the"
                                        + " difference of the clocks with the bus is taken."));
    }

    private static void latching(Facts facts) {
        ChipBench bench = new ChipBench().program(0, READ_BLOCK, 0x10fe, 3).dreq(0);
        facts.equal(
                "block from 10fe",
                "SI S0 S1 S2 S3 S4 S2 S3 S4 S1 S2 S3 S4 S2 S3 S4 SI",
                bench.runUntilIdle().stateLine());
        facts.equal(
                "two single transfers",
                "SI S0 S1 S2 S3 S4 SI S0 S1 S2 S3 S4 SI",
                ChipBench.singles(0, 2).stateLine());
    }

    /// From the end of the first to the end of the second transfer of a block that begins at `address`.
    private static int clocksBetween(int command, int address) {
        ChipBench bench = new ChipBench().command(command).program(0, READ_BLOCK, address, 1);
        List<State> states = bench.dreq(0).runUntilIdle().states();
        return states.lastIndexOf(State.S4) - states.indexOf(State.S4);
    }

    private static List<Row> waits() {
        return List.of(
                Row.of("1.6", "wait states")
                        .under("0 to 3 clocks of READY low in each transfer")
                        .rule(
                                "SW stands between S3 (S2 when compressed) and S4 while READY is low; verify ignores"
                                        + " READY",
                                ChipTiming::waitStates)
                        .from(
                                Grade.A,
                                DATA_SHEET.at("Active Cycle; MAME inserts it after S3 too"),
                                CLOCKED + "the states of one transfer are compared for each length of the wait."),
                Row.of("1.7", "extended write")
                        .under("strobes looked at as a state begins, CLK low")
                        .rule(
                                "the write strobe is there from S3 on instead of from S4 on; the rate is the same;"
                                        + " ignored when compressed",
                                ChipTiming::extendedWrite)
                        .from(
                                Grade.A,
                                DATA_SHEET.at("Command Register, Extended Write"),
                                CLOCKED + "MEMW and IOR are looked at in each."));
    }

    private static void waitStates(Facts facts) {
        for (int waits = 0; waits <= 3; waits++) {
            String sw = " SW".repeat(waits);
            facts.equal("normal", "SI S0 S1 S2 S3" + sw + " S4 SI", waiting(0, WRITE_BLOCK, waits));
            facts.equal("compressed", "SI S0 S1 S2" + sw + " S4 SI", waiting(COMPRESSED, WRITE_BLOCK, waits));
            facts.equal("verify", "SI S0 S1 S2 S3 S4 SI", waiting(0, VERIFY_BLOCK, waits));
        }
    }

    private static String waiting(int command, int mode, int waits) {
        ChipBench bench = new ChipBench().waiting(waits).command(command).program(0, mode, 0x1000, 0);
        return bench.dreq(0).runUntilIdle().stateLine();
    }

    private static void extendedWrite(Facts facts) {
        facts.equal("late write", "S1: , S2: , S3: IOR, S4: IOR MEMW", strobes(0));
        facts.equal("extended write", "S1: , S2: , S3: IOR MEMW, S4: IOR MEMW", strobes(EXTENDED));
        facts.equal("compressed", strobes(COMPRESSED), strobes(COMPRESSED | EXTENDED));
        facts.equal(
                "clocks of a block",
                ChipBench.block(0).serviceClocks(),
                ChipBench.block(EXTENDED).serviceClocks());
    }

    private static String strobes(int command) {
        ChipBench bench = new ChipBench().command(command).program(0, WRITE_BLOCK, 0x1000, 0);
        return bench.dreq(0).runUntilIdle().clocks().stream()
                .filter(clock ->
                        !clock.state().equals(State.SI) && !clock.state().equals(State.S0))
                .map(clock -> clock.state() + ": " + clock.strobes())
                .collect(Collectors.joining(", "));
    }
}
