package flyby.machine;

import flyby.classic.BusTiming;
import flyby.cpu.CpuTiming;
import flyby.cpu.WorkPattern;
import flyby.params.Catalogue;
import flyby.params.Given;
import flyby.params.Origin;
import flyby.params.Profile;
import flyby.params.Settings;
import flyby.params.Source;
import java.util.List;

/// The parameters of a [Mainboard] and of a [ClassicBoard], and the boards that Flyby ships.
public final class BoardCatalogue {
    private static final Source DATA_SHEET = Source.spec("Intel 8086 data sheet, 231455", "bus operation");
    private static final Source MANUAL = Source.spec("Intel 8086 Family User's Manual, 9800722", "table 2-21");
    private static final Source TRM = Source.spec("ARM926EJ-S Technical Reference Manual, DDI 0198", "chapter 4");

    /// A 16-bit board of 1983, without a cache.
    public static final Profile BOARD_8086 = Profile.named("board-8086", "8086 at 8 MHz, 16-bit bus, no cache")
            .set("machine.clock", "8 MHz", Source.spec("Intel 8086 data sheet, 231455", "8086-2: up to 8 MHz"))
            .set("machine.bus.width", "2 B", DATA_SHEET)
            .set("machine.bus.cpu-cycle-clocks", 4, DATA_SHEET)
            .set("machine.bus.dma-cycle-clocks", 4, Source.spec("Intel 8237A data sheet, 231466", "S1 to S4"))
            .set(
                    "machine.cpu.instruction-clocks",
                    10,
                    Source.derived("MOV r,m: 8 + address 6, less 4 of the bus cycle"))
            .set("machine.cpu.string-clocks", 9, Source.derived("REP MOVS: 17 an element, less two bus cycles of 4"))
            .set("machine.cpu.interrupt-bus-cycles", 7, Source.derived("2 INTA, 2 vector, 3 stack"))
            .set("machine.cpu.interrupt-clocks", 33, Source.derived("INTR: 61 clocks, less 7 bus cycles of 4"))
            .set("machine.cpu.return-clocks", 24, MANUAL)
            .set("machine.cache.size", "0 B", DATA_SHEET)
            .build();

    /// A small 32-bit board whose cache nobody snoops.
    public static final Profile BOARD_NONCOHERENT = Profile.named(
                    "board-noncoherent",
                    "ARM926EJ-S class at 100 MHz, 32-bit bus, 16 KiB write-back cache, no snooping")
            .set("machine.clock", "100 MHz", Source.assumed("a usual AHB clock of such boards"))
            .set("machine.bus.width", "4 B", Source.spec("AMBA Specification 2.0, IHI 0011", "section 3: 32-bit AHB"))
            .set("machine.bus.cpu-cycle-clocks", 2, Source.derived("AHB: one address and one data phase, no overlap"))
            .set("machine.bus.dma-cycle-clocks", 2, Source.derived("as the CPU's"))
            .set("machine.cpu.instruction-clocks", 1, Source.assumed("single-issue core"))
            .set("machine.cpu.string-clocks", 1, Source.assumed("an LDM/STM element"))
            .set("machine.cpu.interrupt-bus-cycles", 8, Source.assumed("vector and handler entry are one line fill"))
            .set("machine.cpu.interrupt-clocks", 20, Source.assumed("entry code that saves registers"))
            .set("machine.cpu.return-clocks", 20, Source.assumed("exit code that restores registers"))
            .set("machine.cache.size", "16 KiB", TRM)
            .set("machine.cache.ways", 4, TRM)
            .set("machine.cache.line", "32 B", TRM)
            .build();

    /// What may be set on any mainboard and its streamer.
    static final Catalogue COMMON = Catalogue.titled("CPU, memory, streamer on a classic bus")
            .frequency("machine.clock", "8 MHz", "1 kHz", "10 GHz", DATA_SHEET, "Clock of CPU and bus.")
            .bytes("machine.bus.width", "2 B", "1 B", "8 B", DATA_SHEET, "Width of the data bus: 1, 2, 4 or 8 bytes.")
            .count("machine.bus.cpu-cycle-clocks", 4, 1, 1_000, "clocks", DATA_SHEET, "One bus cycle of the CPU.")
            .count(
                    "machine.bus.io-cycle-clocks",
                    0,
                    0,
                    1_000,
                    "clocks",
                    Source.derived("the CPU's other bus cycles"),
                    "One bus cycle of the CPU that reaches an I/O port; 0: as any other.")
            .count(
                    "machine.bus.dma-cycle-clocks",
                    4,
                    1,
                    1_000,
                    "clocks",
                    Source.spec("Intel 8237A data sheet, 231466", "S1 to S4"),
                    "One fly-by cycle of the DMA controller.")
            .count(
                    "machine.bus.hold-acknowledge-clocks",
                    1,
                    1,
                    1_000,
                    "clocks",
                    Source.derived("HOLD is sampled at one edge, HLDA drives at the next (8086 data sheet)"),
                    "From HOLD on a free bus to HLDA.")
            .count(
                    "machine.bus.release-clocks",
                    1,
                    0,
                    1_000,
                    "clocks",
                    Source.derived("HLDA falls at the edge after HOLD (8086 data sheet)"),
                    "From a master's last cycle until the CPU drives the bus again.")
            .count(
                    "machine.cpu.instruction-clocks",
                    10,
                    0,
                    100_000,
                    "clocks",
                    MANUAL,
                    "Inside the CPU, for a load, store or register access.")
            .count(
                    "machine.cpu.string-clocks",
                    9,
                    0,
                    100_000,
                    "clocks",
                    MANUAL,
                    "Inside the CPU, for an element of a block move.")
            .count("machine.cpu.cache-hit-clocks", 1, 0, 100_000, "clocks", TRM, "A load or store that hits the cache.")
            .count(
                    "machine.cpu.maintenance-clocks",
                    2,
                    0,
                    100_000,
                    "clocks",
                    Source.assumed("one instruction and its loop"),
                    "Cache maintenance, for each line.")
            .count(
                    "machine.cpu.interrupt-bus-cycles",
                    7,
                    0,
                    100_000,
                    "cycles",
                    MANUAL,
                    "Bus cycles until an interrupt handler's first instruction.")
            .count(
                    "machine.cpu.interrupt-clocks",
                    33,
                    0,
                    1_000_000,
                    "clocks",
                    MANUAL,
                    "Inside the CPU until an interrupt handler's first instruction.")
            .count(
                    "machine.cpu.return-clocks",
                    24,
                    0,
                    1_000_000,
                    "clocks",
                    MANUAL,
                    "From an interrupt handler back to the interrupted code.")
            .count(
                    "machine.cpu.context-switch-clocks",
                    400,
                    0,
                    1_000_000,
                    "clocks",
                    Source.assumed("some 40 instructions that save and load registers and choose a thread"),
                    "From one thread of the driver to another.")
            .count(
                    "machine.work.bus-cycles",
                    1,
                    0,
                    1_000,
                    "cycles",
                    Source.assumed("one operand or fetch a unit"),
                    "Other work: bus cycles at the start of each unit. 0 with 0 internal clocks: the CPU halts.")
            .count(
                    "machine.work.internal-clocks",
                    6,
                    0,
                    1_000_000,
                    "clocks",
                    Source.assumed("an instruction mix that keeps an 8086's bus 40 % busy"),
                    "Other work: clocks without the bus at the end of each unit.")
            .bytes("machine.memory.size", "1 MiB", "128 KiB", "2 GiB", DATA_SHEET, "Memory, from address 0 on.")
            .bytes("machine.cache.size", "0 B", "0 B", "64 MiB", DATA_SHEET, "The CPU's data cache; 0: none.")
            .count("machine.cache.ways", 4, 1, 64, "ways", TRM, "Associativity of the cache.")
            .bytes("machine.cache.line", "32 B", "8 B", "4 KiB", TRM, "A line of the cache.")
            .duration(
                    "machine.device.byte-time",
                    "0 ns",
                    "0 ns",
                    "10 ms",
                    Source.assumed("a medium that is always faster than the bus"),
                    "Pace of the device's medium, a byte; 0: as fast as it is taken.")
            .bytes(
                    "machine.device.fifo",
                    "16 B",
                    "8 B",
                    "60 KiB",
                    Source.assumed("a small device"),
                    "The device's FIFO.")
            .rule(
                    "machine.bus.width must be 1, 2, 4 or 8 B",
                    s -> isPowerOfTwo(s.bytes("machine.bus.width")),
                    "machine.bus.width")
            .rule(
                    "machine.device.byte-time must be at most a million periods of machine.clock",
                    s -> s.picos("machine.device.byte-time") / s.periodPicos("machine.clock") <= 1_000_000,
                    "machine.device.byte-time",
                    "machine.clock")
            .rule(
                    "machine.cache.line must be a power of two",
                    s -> isPowerOfTwo(s.bytes("machine.cache.line")),
                    "machine.cache.line")
            .rule(
                    "machine.cache.size must be machine.cache.ways * machine.cache.line by a power of two",
                    BoardCatalogue::cacheFits,
                    "machine.cache.size",
                    "machine.cache.ways",
                    "machine.cache.line")
            .build();

    /// What may be set on a [ClassicBoard].
    public static final Catalogue PARAMETERS = Catalogue.titled(
                    "A classic board: CPU, memory, DMA controller, streamer")
            .choice(Catalogue.PROFILE, "board-8086", names(), "The board that the defaults below describe.")
            .include(COMMON)
            .build();

    private BoardCatalogue() {}

    /// The boards that [Catalogue#PROFILE] chooses from.
    public static List<Profile> profiles() {
        return List.of(BOARD_8086, BOARD_NONCOHERENT);
    }

    /// The board called `name`, one of [#profiles], as it is.
    public static Settings settings(String name) {
        Given profile = new Given(Catalogue.PROFILE, name, Origin.DEFAULT);
        return Settings.resolve(PARAMETERS, profiles(), List.of(profile), List.of());
    }

    /// The board that `settings` describe.
    public static ClassicBoard.Parameters board(Settings settings) {
        return new ClassicBoard.Parameters(mainboard(settings), mediumBytePicos(settings), fifoBytes(settings));
    }

    static Mainboard.Parameters mainboard(Settings settings) {
        int cpuCycleClocks = count(settings, "machine.bus.cpu-cycle-clocks");
        int ioCycleClocks = count(settings, "machine.bus.io-cycle-clocks");
        BusTiming bus = new BusTiming(
                settings.periodPicos("machine.clock"),
                (int) settings.bytes("machine.bus.width"),
                cpuCycleClocks,
                ioCycleClocks == 0 ? cpuCycleClocks : ioCycleClocks,
                count(settings, "machine.bus.dma-cycle-clocks"),
                count(settings, "machine.bus.hold-acknowledge-clocks"),
                count(settings, "machine.bus.release-clocks"));
        CpuTiming cpu = new CpuTiming(
                count(settings, "machine.cpu.instruction-clocks"),
                count(settings, "machine.cpu.string-clocks"),
                count(settings, "machine.cpu.cache-hit-clocks"),
                count(settings, "machine.cpu.maintenance-clocks"),
                count(settings, "machine.cpu.interrupt-bus-cycles"),
                count(settings, "machine.cpu.interrupt-clocks"),
                count(settings, "machine.cpu.return-clocks"),
                count(settings, "machine.cpu.context-switch-clocks"));
        WorkPattern work = new WorkPattern(
                count(settings, "machine.work.bus-cycles"), count(settings, "machine.work.internal-clocks"));
        int cacheBytes = (int) settings.bytes("machine.cache.size");
        Mainboard.CacheShape cache = cacheBytes == 0
                ? null
                : new Mainboard.CacheShape(
                        cacheBytes, count(settings, "machine.cache.ways"), (int) settings.bytes("machine.cache.line"));
        return new Mainboard.Parameters(bus, cpu, work, settings.bytes("machine.memory.size"), cache);
    }

    /// The pace of the streamer's medium in picoseconds a byte; 0: as fast as it is taken.
    static long mediumBytePicos(Settings settings) {
        return settings.picos("machine.device.byte-time");
    }

    static int fifoBytes(Settings settings) {
        return (int) settings.bytes("machine.device.fifo");
    }

    private static List<String> names() {
        return profiles().stream().map(Profile::name).toList();
    }

    static int count(Settings settings, String path) {
        return Math.toIntExact(settings.count(path));
    }

    private static boolean cacheFits(Settings settings) {
        long way = settings.count("machine.cache.ways") * settings.bytes("machine.cache.line");
        long size = settings.bytes("machine.cache.size");
        return size == 0 || (size % way == 0 && isPowerOfTwo(size / way));
    }

    private static boolean isPowerOfTwo(long number) {
        return Long.bitCount(number) == 1;
    }
}
