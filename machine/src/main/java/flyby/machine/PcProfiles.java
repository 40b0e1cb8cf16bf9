package flyby.machine;

import flyby.params.Profile;
import flyby.params.Source;
import java.util.List;

/// The PCs that Flyby ships.
final class PcProfiles {
    private static final Source XT_REFERENCE =
            Source.spec("IBM PC/XT Technical Reference, 6361459", "system board, system performance");
    private static final Source AT_REFERENCE =
            Source.spec("IBM PC/AT Technical Reference, 6139362", "system board, system performance");
    private static final Source VECTRA = Source.spec("HP Vectra Technical Reference", "DMA, p. 23");
    private static final Source READYBOARD =
            Source.spec("Ampro ReadyBoard 700 Reference Manual", "DMA Transfer Speed, p. 4-10");
    private static final Source CLOCKS_286 = Source.spec("Intel 80286 data sheet, 210253", "instruction clock counts");

    private static final Source WORK =
            Source.assumed("a mix with one long instruction among many, so that DMA can hide in it");

    private static final Profile XT = Profile.named("pc-xt-1983", "IBM PC/XT: 8088 at 4.77 MHz, one 8237A-5")
            .set(
                    "machine.clock",
                    "4761905 Hz",
                    Source.spec(
                            "IBM PC/XT Technical Reference, 6361459",
                            "clocks of 210 ns, as it rounds; the crystal's 14.31818 MHz / 3 is 209.52 ns"))
            .set("machine.bus.width", "1 B", Source.spec("Intel 8088 data sheet, 231456", "8-bit data bus"))
            .set("machine.bus.cpu-cycle-clocks", 4, XT_REFERENCE)
            .set("machine.bus.io-cycle-clocks", 5, XT_REFERENCE)
            .set("machine.bus.dma-cycle-clocks", 5, XT_REFERENCE)
            .set(
                    "machine.cpu.instruction-clocks",
                    10,
                    Source.derived("MOV r,m: 8 + address 6, less 4 of the bus cycle"))
            .set("machine.cpu.string-clocks", 9, Source.derived("REP MOVS: 17 an element, less two bus cycles of 4"))
            .set("machine.cpu.interrupt-bus-cycles", 12, Source.derived("2 INTA, 4 vector, 6 stack: a byte each"))
            .set("machine.cpu.interrupt-clocks", 33, Source.derived("INTR: 61 clocks on words, less 7 bus cycles of 4"))
            .set("machine.cpu.return-clocks", 36, Source.derived("IRET: 24 clocks, and 4 for each of 3 words in bytes"))
            .set("machine.memory.size", "256 KiB", Source.spec("IBM PC/XT Technical Reference, 6361459", "256K board"))
            .set("machine.work.internal-clocks", 16, WORK)
            .set("machine.dma.controller", "pc-xt", XT_REFERENCE)
            .set("machine.dma.clock-divider", 1, XT_REFERENCE)
            .set("machine.dma.wait-states", 1, XT_REFERENCE)
            .build();

    private static final Profile AT = at("pc-at-1984", "IBM PC/AT: 80286 at 6 MHz, two 8237A-5 at 3 MHz")
            .set("machine.clock", "6 MHz", AT_REFERENCE)
            .set("machine.dma.clock-divider", 2, AT_REFERENCE)
            .build();

    private static final Profile AT_8MHZ = at("at-8mhz", "PC/AT compatible: 80286 at 8 MHz, DMA at 4 MHz")
            .set("machine.clock", "8 MHz", VECTRA)
            .set("machine.dma.clock-divider", 2, VECTRA)
            .build();

    private static final Profile AT_CHIPSET = at("at-chipset", "PC/AT compatible on a chip set: 16 MHz, DMA at 8 MHz")
            .set("machine.clock", "16 MHz", READYBOARD)
            .set("machine.dma.clock-divider", 2, READYBOARD)
            .set("machine.dma.integrated", true, Source.assumed("the 9 clocks leave none for a cascade of chips"))
            .set("machine.refresh.clocks", 10, Source.derived("five clocks of its 8 MHz bus"))
            .build();

    static final List<Profile> ALL = List.of(XT, AT, AT_8MHZ, AT_CHIPSET);

    private PcProfiles() {}

    /// What those of the AT's kind have in common.
    private static Profile.Builder at(String name, String help) {
        return Profile.named(name, help)
                .set("machine.bus.width", "2 B", AT_REFERENCE)
                .set("machine.bus.cpu-cycle-clocks", 3, AT_REFERENCE)
                .set("machine.bus.io-cycle-clocks", 6, AT_REFERENCE)
                .set("machine.bus.hold-acknowledge-clocks", 5, READYBOARD)
                .set("machine.bus.release-clocks", 3, READYBOARD)
                .set("machine.cpu.instruction-clocks", 3, Source.derived("MOV r,m: 5 clocks, less 2 of the bus cycle"))
                .set("machine.cpu.string-clocks", 0, Source.derived("REP MOVS: 4 an element, less two bus cycles of 2"))
                .set("machine.cpu.interrupt-bus-cycles", 7, Source.derived("2 INTA, 2 vector, 3 stack"))
                .set("machine.cpu.interrupt-clocks", 9, Source.derived("INT: 23 clocks, less 7 bus cycles of 2"))
                .set("machine.cpu.return-clocks", 17, CLOCKS_286)
                .set("machine.memory.size", "512 KiB", AT_REFERENCE)
                .set("machine.work.internal-clocks", 24, WORK)
                .set("machine.dma.controller", "pc-at", AT_REFERENCE)
                .set("machine.dma.wait-states", 1, AT_REFERENCE)
                .set("machine.dma.channel", 5, AT_REFERENCE);
    }
}
