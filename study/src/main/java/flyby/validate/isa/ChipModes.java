package flyby.validate.isa;

import static flyby.validate.isa.IsaReferences.DATA_SHEET;
import static flyby.validate.isa.IsaReferences.LINUX;
import static flyby.validate.isa.IsaReferences.MAME;

import flyby.i8237.I8237A;
import flyby.i8237.State;
import flyby.i8237.layout.I8237Registers;
import flyby.validate.Facts;
import flyby.validate.Grade;
import flyby.validate.Row;
import java.util.List;
import java.util.stream.Stream;

/// Rows 1.13 to 1.18: the four modes, terminal count and end of process, priority, status.
final class ChipModes {
    private static final int DEMAND_WRITE = 0x04;
    private static final int SINGLE_WRITE = 0x44;
    private static final int BLOCK_WRITE = 0x84;
    private static final int BLOCK_READ = 0x88;
    private static final int CASCADE = 0xc0;
    private static final int AUTOINITIALIZE = 0x10;
    private static final int ROTATING = 0x10;
    /// Long enough that a request that is seen would have been served.
    private static final int A_WHILE = 50;

    private static final String HOW_ENDED =
            "A block with a software request runs to TC, and another one to EOP; status and current registers are"
                    + " read, and a new DREQ shows whether the channel is masked.";

    private ChipModes() {}

    static List<Row> rows() {
        return Stream.of(services(), ends(), priority()).flatMap(List::stream).toList();
    }

    private static List<Row> services() {
        return List.of(
                Row.of("1.13a", "single mode")
                        .rule("one transfer for each HRQ and HLDA", ChipModes::single)
                        .from(
                                Grade.A,
                                DATA_SHEET.at("Single Transfer Mode"),
                                "20 transfers are made with DREQ held; services, transfers and rises of HRQ are"
                                        + " counted."),
                Row.of("1.13b", "block mode")
                        .rule("runs to TC or EOP; DREQ is needed only until DACK", ChipModes::block)
                        .from(
                                Grade.A,
                                DATA_SHEET.at("Block Transfer Mode"),
                                "DREQ is dropped when DACK comes; the block runs to its TC, and another one to an EOP"
                                        + " from outside."),
                Row.of("1.13c", "demand mode")
                        .rule("runs while DREQ is active, at most to TC or EOP", ChipModes::demand)
                        .from(
                                Grade.A,
                                DATA_SHEET.at("Demand Transfer Mode"),
                                "DREQ is dropped in the third transfer and raised again; services are counted."),
                Row.of("1.13d", "cascade mode")
                        .rule("only passes HRQ and HLDA on: no address, no strobes", ChipModes::cascade)
                        .from(
                                Grade.A,
                                DATA_SHEET.at("Cascade Mode"),
                                "The pins of a cascading channel are looked at for 50 clocks."));
    }

    private static void single(Facts facts) {
        ChipBench bench = ChipBench.singles(0, 20);
        facts.equal("transfers", 20, bench.transfers().size());
        facts.equal("services", 20, bench.services().size());
        facts.equal("rises of HRQ", 20, bench.holds());
    }

    private static void block(Facts facts) {
        ChipBench bench = new ChipBench().program(2, BLOCK_WRITE, 0x1000, 19).dreq(2);
        bench.runUntil(() -> !bench.services().isEmpty()).chip.dreq(2, false);
        bench.runUntilIdle();
        facts.equal("transfers to TC, DREQ gone", 20, bench.transfers().size());
        facts.equal("rises of HRQ", 1, bench.holds());

        ChipBench ended = new ChipBench().program(2, BLOCK_WRITE, 0x1000, 19).dreq(2);
        endFromOutside(ended, 5);
        facts.equal("transfers to EOP from outside", 5, ended.transfers().size());
    }

    /// EOP is pulled low from outside during transfer number `last`, until the service is over.
    private static void endFromOutside(ChipBench bench, int last) {
        bench.runUntil(() -> bench.transfers().size() == last).chip.externalEop(true);
        bench.runUntil(() -> bench.chip.state().equals(State.SI)).chip.externalEop(false);
    }

    private static void demand(Facts facts) {
        ChipBench bench = new ChipBench().program(3, DEMAND_WRITE, 0x1000, 9).dreq(3);
        bench.runUntil(() -> bench.transfers().size() == 3).chip.dreq(3, false);
        bench.run(A_WHILE);
        facts.equal("transfers while DREQ", 3, bench.transfers().size());
        facts.holds("the bus is given back", !bench.chip.hrq());
        bench.dreq(3).runUntilIdle();
        facts.equal("transfers to TC", 10, bench.transfers().size());
        facts.equal("services", 2, bench.services().size());
        ChipBench ended = new ChipBench().program(3, DEMAND_WRITE, 0x1000, 9).dreq(3);
        endFromOutside(ended, 4);
        facts.equal("transfers to EOP from outside", 4, ended.transfers().size());
    }

    private static void cascade(Facts facts) {
        ChipBench bench = new ChipBench().program(1, CASCADE, 0x1000, 9).dreq(1);
        I8237A chip = bench.chip;
        bench.runUntil(() -> !bench.services().isEmpty());
        for (int clock = 0; clock < A_WHILE; clock++) {
            bench.clock();
            facts.equal("DACK", List.of(1), bench.services());
            facts.holds("HRQ", chip.hrq());
            facts.equal("address and data pins", -1, chip.addressPins() & chip.dataPins());
            facts.holds("no strobe", chip.ior() && chip.iow() && chip.memr() && chip.memw());
        }
        chip.dreq(1, false);
        bench.run(2);
        facts.holds("HRQ goes with DREQ", !chip.hrq());
        facts.equal("transfers", 0, bench.transfers().size());
    }

    private static List<Row> ends() {
        return List.of(
                Row.of("1.14", "word count")
                        .under("counts 0, 1, 255 and FFFFh")
                        .rule(
                                "the register holds the number of transfers less one; TC comes when it rolls from 0000h"
                                        + " to FFFFh",
                                ChipModes::wordCount)
                        .from(
                                Grade.A,
                                LINUX.at("\"count loaded to registers is 1 less than actual count\"; MAME: 0xffff"),
                                "Blocks are run to their end; transfers, the place of TC and the register afterwards"
                                        + " are compared."),
                Row.of("1.15a", "TC, and EOP from outside, without autoinitialize")
                        .rule(
                                "the status TC bit is set, the request bit cleared, the mask bit set",
                                facts -> endOfProcess(facts, 0))
                        .from(Grade.A, MAME.at("end_of_process"), HOW_ENDED),
                Row.of("1.15b", "TC, and EOP from outside, with autoinitialize")
                        .rule(
                                "the status TC bit is set, the request bit cleared; base goes to current, the mask is"
                                        + " untouched",
                                facts -> endOfProcess(facts, AUTOINITIALIZE))
                        .from(Grade.A, MAME.at("end_of_process"), HOW_ENDED),
                Row.of("1.16", "memory-to-memory TC")
                        .rule("sets TC of channels 0 and 1, clears both requests", ChipModes::copyEnds)
                        .from(
                                Grade.A,
                                MAME.at("end_of_process"),
                                "Both channels have software requests; after the copy the status is read, and the chip"
                                        + " is clocked to see that no request is left."));
    }

    private static void wordCount(Facts facts) {
        for (int count : new int[] {0, 1, 255, 0xffff}) {
            ChipBench bench =
                    new ChipBench().program(1, BLOCK_WRITE, 0x1000, count).dreq(1);
            bench.runUntilIdle();
            List<ChipBench.Transfer> made = bench.transfers();
            facts.equal("transfers of count " + count, count + 1, made.size());
            facts.holds("the last has TC", made.getLast().terminalCount());
            facts.equal(
                    "transfers with TC",
                    1L,
                    made.stream().filter(ChipBench.Transfer::terminalCount).count());
            facts.equal("count afterwards", 0xffff, bench.readWord(3));
        }
    }

    private static void endOfProcess(Facts facts, int autoinitialize) {
        for (boolean outside : new boolean[] {false, true}) {
            ChipBench bench = new ChipBench().program(2, BLOCK_WRITE | autoinitialize, 0x1234, 7);
            bench.request(2);
            if (outside) {
                endFromOutside(bench, 3);
            }
            bench.runUntilIdle();
            String how = outside ? "EOP: " : "TC: ";
            int made = outside ? 3 : 8;
            boolean reloads = autoinitialize != 0;
            facts.equal(
                    how + "transfers, so that no request is left",
                    made,
                    bench.transfers().size());
            facts.equal(how + "status", 1 << 2, bench.chip.read(I8237Registers.STATUS));
            facts.equal(how + "address", reloads ? 0x1234 : 0x1234 + made, bench.readWord(4));
            facts.equal(how + "count", reloads ? 7 : (7 - made) & 0xffff, bench.readWord(5));
            bench.dreq(2).run(A_WHILE);
            facts.equal(how + "a new DREQ is served", reloads, bench.transfers().size() > made);
        }
    }

    private static void copyEnds(Facts facts) {
        ChipBench bench = ChipBench.copying(0, 5).request(1).runUntilIdle();
        facts.equal("bytes copied", 5, bench.copied(5));
        facts.equal("status", 0b0011, bench.chip.read(I8237Registers.STATUS));
        bench.run(A_WHILE);
        facts.equal("services", 1, bench.holds());
        facts.equal("fly-by transfers", 0, bench.transfers().size());
    }

    private static List<Row> priority() {
        return List.of(
                Row.of("1.17a", "fixed priority")
                        .under("all four channels ask")
                        .rule("channel 0 goes before 1, 1 before 2, 2 before 3", facts -> {
                            List<Integer> order = served(0, 3);
                            facts.equal("order", List.of(0, 0, 0, 1, 1, 1, 2, 2, 2, 3, 3, 3), order);
                        })
                        .from(Grade.A, DATA_SHEET.at("Fixed Priority"), "The order in which DACK comes is compared."),
                Row.of("1.17b", "rotating priority, other services at most")
                        .under("all four channels ask")
                        .exactly(3, "services", ChipModes::longestWait)
                        .from(
                                Grade.A,
                                DATA_SHEET.at("Rotating Priority"),
                                "100 transfers of each channel are made; the most services of others between two of"
                                        + " one channel are counted."),
                Row.of("1.17c", "rotating priority, order")
                        .under("all four channels ask")
                        .rule("the channel just served becomes the lowest", facts -> {
                            List<Integer> order = served(ROTATING, 3);
                            facts.equal("order", List.of(0, 1, 2, 3, 0, 1, 2, 3, 0, 1, 2, 3), order);
                        })
                        .from(
                                Grade.A,
                                DATA_SHEET.at("Rotating Priority"),
                                "The order in which DACK comes is compared."),
                Row.of("1.18", "reading the status register")
                        .rule("clears the TC bits 0 to 3; bits 4 to 7 are the pending DREQs", ChipModes::status)
                        .from(
                                Grade.A,
                                MAME.at("read()"),
                                "Channels 1 and 3 come to TC with DREQs 0, 1 and 3 up; it is read twice."));
    }

    /// All channels ask for `count` single transfers: in which order they are served.
    private static List<Integer> served(int command, int count) {
        ChipBench bench = new ChipBench().command(command);
        for (int channel = 0; channel < I8237A.CHANNELS; channel++) {
            bench.program(channel, SINGLE_WRITE, 0x1000 * channel, count - 1).dreq(channel);
        }
        return bench.runUntilIdle().services();
    }

    private static int longestWait() {
        List<Integer> order = served(ROTATING, 100);
        int longest = 0;
        for (int channel = 0; channel < I8237A.CHANNELS; channel++) {
            int last = order.indexOf(channel);
            for (int i = last + 1; i < order.size(); i++) {
                if (order.get(i) == channel) {
                    longest = Math.max(longest, i - last - 1);
                    last = i;
                }
            }
        }
        return longest;
    }

    private static void status(Facts facts) {
        ChipBench bench = new ChipBench();
        bench.program(1, BLOCK_WRITE, 0x1000, 3).program(3, BLOCK_READ, 0x2000, 3);
        bench.dreq(1).dreq(3).runUntilIdle().dreq(0);
        facts.equal("first read", 0b1011_1010, bench.chip.read(I8237Registers.STATUS));
        facts.equal("second read", 0b1011_0000, bench.chip.read(I8237Registers.STATUS));
        bench.chip.dreq(3, false);
        facts.equal("DREQ3 gone", 0b0011_0000, bench.chip.read(I8237Registers.STATUS));
    }
}
