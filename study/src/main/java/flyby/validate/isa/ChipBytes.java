package flyby.validate.isa;

import static flyby.validate.isa.IsaReferences.LINUX;
import static flyby.validate.isa.IsaReferences.REGISTER_LIST;

import flyby.i8237.State;
import flyby.validate.Facts;
import flyby.validate.Grade;
import flyby.validate.Row;
import java.util.List;
import java.util.function.Consumer;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/// Rows 1.20 and 1.21: the mode and the command byte, bit by bit, known by what the chip does.
final class ChipBytes {
    private static final int SINGLE_WRITE = 0x44;
    private static final int COUNT = 5;
    private static final int A_WHILE = 60;

    private ChipBytes() {}

    static List<Row> rows() {
        return Stream.concat(mode().stream(), command().stream()).toList();
    }

    private static List<Row> mode() {
        String moved = "A channel with this mode byte is asked for 6 transfers; what it does is compared.";
        return List.of(
                mode("1.20a", "mode bits 1-0", "the channel", ChipBytes::channelBits, moved),
                mode(
                        "1.20b",
                        "mode bits 3-2",
                        "00 verify, 01 write to memory, 10 read from memory (11 is illegal, and not tested)",
                        facts -> {
                            facts.equal("00", "", strobes(0x40));
                            facts.equal("01", "IOR MEMW", strobes(0x44));
                            facts.equal("10", "MEMR IOW", strobes(0x48));
                        },
                        "The strobes that are low in S4 are compared."),
                mode(
                        "1.20c",
                        "mode bit 4",
                        "autoinitialize",
                        facts -> {
                            facts.equal(
                                    "clear", COUNT + 1, ran(0x44).transfers().size());
                            facts.holds("set", ran(0x54).transfers().size() > COUNT + 1);
                        },
                        moved),
                mode(
                        "1.20d",
                        "mode bit 5",
                        "address decrement",
                        facts -> {
                            facts.equal("clear", "1000 1001 1002 1003 1004 1005", addresses(0x44));
                            facts.equal("set", "1000 fff ffe ffd ffc ffb", addresses(0x64));
                        },
                        moved),
                mode(
                        "1.20e",
                        "mode bits 7-6",
                        "00 demand, 01 single, 10 block, 11 cascade",
                        facts -> {
                            // A short DREQ: demand stops, single has made one, block goes on; cascade moves nothing.
                            facts.equal("00", "1 transfers, 1 services", briefly(0x04));
                            facts.equal("01", "6 transfers, 6 services", held(0x44));
                            facts.equal("00 with DREQ held", "6 transfers, 1 services", held(0x04));
                            facts.equal("10", "6 transfers, 1 services", briefly(0x84));
                            facts.equal("11", "0 transfers, 1 services", briefly(0xc0));
                        },
                        "DREQ is held, or dropped as DACK comes; transfers and services are counted."),
                mode(
                        "1.20f",
                        "Linux's mode bytes",
                        "44h device to memory, 48h memory to device (both single), C0h cascade, 10h autoinitialize",
                        facts -> {
                            facts.equal("44h", "IOR MEMW, 6 services", strobes(0x44) + services(0x44));
                            facts.equal("48h", "MEMR IOW, 6 services", strobes(0x48) + services(0x48));
                            facts.equal("C0h", "0 transfers, 1 services", briefly(0xc0));
                            facts.holds(
                                    "44h and 10h", ran(0x44 | 0x10).transfers().size() > COUNT + 1);
                        },
                        moved));
    }

    private static Row mode(String id, String quantity, String words, Consumer<Facts> simulation, String how) {
        return Row.of(id, quantity)
                .rule(words, simulation)
                .from(Grade.A, LINUX.at("DMA_MODE_READ and others; register list: mode register"), how);
    }

    private static void channelBits(Facts facts) {
        for (int channel = 0; channel < 4; channel++) {
            ChipBench bench = new ChipBench().program(channel, SINGLE_WRITE, 0x1000, 0);
            facts.equal(
                    "DACK", List.of(channel), bench.dreq(channel).runUntilIdle().services());
        }
    }

    private static ChipBench programmed(int mode) {
        return new ChipBench().program(2, mode, 0x1000, COUNT).dreq(2);
    }

    private static ChipBench ran(int mode) {
        return programmed(mode).run(A_WHILE);
    }

    private static String addresses(int mode) {
        return ran(mode).transfers().stream()
                .map(transfer -> Integer.toHexString(transfer.address()))
                .collect(Collectors.joining(" "));
    }

    private static String strobes(int mode) {
        return ran(mode).clocks().stream()
                .filter(clock -> clock.state().equals(State.S4))
                .map(ChipBench.Clock::strobes)
                .distinct()
                .collect(Collectors.joining(", "));
    }

    private static String services(int mode) {
        return ", " + ran(mode).services().size() + " services";
    }

    private static String held(int mode) {
        return counted(ran(mode));
    }

    private static String briefly(int mode) {
        ChipBench bench = programmed(mode);
        bench.runUntil(() -> !bench.services().isEmpty()).chip.dreq(2, false);
        return counted(bench.run(A_WHILE));
    }

    private static String counted(ChipBench bench) {
        return bench.transfers().size() + " transfers, " + bench.services().size() + " services";
    }

    private static List<Row> command() {
        return List.of(
                command("1.21a", 0, "memory-to-memory", facts -> {
                    facts.equal("clear", "S1 S2 S3 S4", states(0x00));
                    facts.equal("set", "S11 S12 S13 S14 S21 S22 S23 S24", states(0x01));
                }),
                command("1.21b", 1, "channel 0 address hold", facts -> {
                    facts.equal(
                            "clear",
                            4,
                            ChipBench.copying(0x00, 4).runUntilIdle().copied(4));
                    ChipBench held = ChipBench.copying(0x02, 4).runUntilIdle();
                    facts.equal("set", held.memory[0x1000], held.memory[0x8003]);
                }),
                command("1.21c", 2, "controller disable", facts -> {
                    facts.equal("clear", 1, withCommand(0x00).services().size());
                    facts.equal("set", 0, withCommand(0x04).services().size());
                }),
                command("1.21d", 3, "compressed timing", facts -> {
                    facts.equal("clear", "S1 S2 S3 S4", states(0x00));
                    facts.equal("set", "S1 S2 S4", states(0x08));
                }),
                command("1.21e", 4, "rotating priority", facts -> {
                    facts.equal("clear", List.of(0, 0, 1, 1), twoChannels(0x00));
                    facts.equal("set", List.of(0, 1, 0, 1), twoChannels(0x10));
                }),
                command("1.21f", 5, "extended write", facts -> {
                    facts.equal("clear", "MEMR", strobesInS3(0x00));
                    facts.equal("set", "MEMR IOW", strobesInS3(0x20));
                }),
                command("1.21g", 6, "DREQ active low", facts -> {
                    facts.equal(
                            "clear, DREQ0 high", List.of(0), withCommand(0x00).services());
                    facts.equal("set, DREQ0 high", List.of(), withCommand(0x40).services());
                    ChipBench low = new ChipBench().command(0x40).program(0, SINGLE_WRITE, 0x1000, 0);
                    facts.equal("set, DREQ0 low", List.of(0), low.run(A_WHILE).services());
                }),
                command("1.21h", 7, "DACK active high", facts -> {
                    facts.equal("clear, idle and served", "1111 1110", acknowledges(0x00));
                    facts.equal("set, idle and served", "0000 0001", acknowledges(0x80));
                }));
    }

    private static Row command(String id, int bit, String words, Consumer<Facts> simulation) {
        return Row.of(id, "command bit " + bit)
                .rule(words, simulation)
                .from(
                        Grade.A,
                        REGISTER_LIST.at("command register"),
                        "The same is done with the bit clear and set, and what the chip does is compared.");
    }

    /// Channel 0 is asked by DREQ for one transfer out of memory.
    private static ChipBench withCommand(int command) {
        return new ChipBench()
                .command(command)
                .program(0, 0x88, 0x1000, 0)
                .dreq(0)
                .run(A_WHILE);
    }

    /// What a software request of channel 0 leads to.
    private static String states(int command) {
        return ChipBench.copying(command & ~1, 1).command(command).run(A_WHILE).states().stream()
                .filter(state -> !state.equals(State.SI) && !state.equals(State.S0))
                .map(State::name)
                .collect(Collectors.joining(" "));
    }

    private static String strobesInS3(int command) {
        return withCommand(command).clocks().stream()
                .filter(clock -> clock.state().equals(State.S3))
                .map(ChipBench.Clock::strobes)
                .collect(Collectors.joining());
    }

    private static List<Integer> twoChannels(int command) {
        ChipBench bench = new ChipBench().command(command);
        bench.program(0, SINGLE_WRITE, 0x1000, 1).program(1, SINGLE_WRITE, 0x2000, 1);
        return bench.dreq(0).dreq(1).run(A_WHILE).services();
    }

    /// DACK3 to DACK0 when idle, and while channel 0 is served.
    private static String acknowledges(int command) {
        ChipBench bench = new ChipBench().command(command).program(0, SINGLE_WRITE, 0x1000, 0);
        String idle = dack(bench);
        bench.dreq(0).runUntil(() -> !bench.services().isEmpty());
        return idle + " " + dack(bench);
    }

    private static String dack(ChipBench bench) {
        return Integer.toBinaryString(0x10 | bench.chip.dack()).substring(1);
    }
}
