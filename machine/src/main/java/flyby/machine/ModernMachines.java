package flyby.machine;

import flyby.params.Profile;
import flyby.params.Source;
import flyby.topology.XeonHosts;
import java.util.List;

/// The machines with PCI Express that Flyby ships: paths of [flyby.topology.MachineReader].
public final class ModernMachines {
    /// The machine that is meant if nobody names one.
    public static final String STANDARD = "server-gen3-bdw";

    /// A server with a device that has memory of its own.
    public static final String ACCELERATOR_NAME = "server-accelerator";

    private static final Source ENDPOINT =
            Source.measured("lspci of the pcie-bench hosts: Gen3 x8, MPS 256, ExtTag off", "NFP6000");
    private static final Source CARD = Source.spec("NVIDIA Tesla V100 data sheet", "SXM2: PCI Express Gen3 x16");
    private static final Source DRIVE = Source.spec("NVM Express drives of form factor U.2, SFF-8639", "four lanes");
    private static final Source CHOICE = Source.assumed("an example");
    private static final Source HASWELL = Source.spec("Intel Xeon E5-2600 v3 data sheet, 330783", "E5-2620 v3");
    private static final Source BROADWELL = Source.spec("Intel Xeon E5-2600 v4 data sheet, 333810", "E5-2630 v4");
    private static final Source DOCK =
            Source.spec("Thunderbolt 3 Technology Brief", "PCI Express Gen3 x4; payloads of 128 bytes");
    private static final Source FPGA = Source.spec("PCILeech, readme.md", "FPGA devices: PCIe Gen2 x1");
    private static final Source CORTEX = Source.spec("Arm Cortex-A53 Technical Reference Manual, DDI 0500", "caches");

    private static final Profile BDW = Profile.named(
                    "server-gen3-bdw", "Xeon E5-2630 v4 with a device in a Gen3 x8 slot")
            .set("cpu.cores", 10, BROADWELL)
            .set("cpu.clock", "2200 MHz", BROADWELL)
            .include(XeonHosts.broadwell(""))
            .include(slot("slot0", "gen3", "x8", ENDPOINT))
            .build();

    private static final Profile HSW = Profile.named(
                    "server-gen3-hsw", "Xeon E5-2620 v3 with a device in a Gen3 x8 slot")
            .set("cpu.cores", 6, HASWELL)
            .set("cpu.clock", "2400 MHz", HASWELL)
            .include(XeonHosts.haswell(""))
            .include(slot("slot0", "gen3", "x8", ENDPOINT))
            .build();

    private static final Profile ACCELERATOR = Profile.named(
                    ACCELERATOR_NAME, "Xeon E5-2630 v4 with a device that has memory of its own, in a Gen3 x16 slot")
            .set("cpu.cores", 10, BROADWELL)
            .set("cpu.clock", "2200 MHz", BROADWELL)
            .include(XeonHosts.broadwell(""))
            .include(port("root-ports.slot0", "gen3", "x16", CARD))
            .set("root-ports.slot0.functions.card0.device", "aperture", CHOICE)
            .include(slot("slot1", "gen3", "x8", ENDPOINT))
            .build();

    private static final Profile TWO_SOCKETS = Profile.named(
                    "server-2s", "Two sockets, each with a device on its own root port")
            .set("cpu.sockets", 2, CHOICE)
            .set("cpu.cores", 10, BROADWELL)
            .include(XeonHosts.broadwell(""))
            .include(slot("slot0", "gen3", "x8", ENDPOINT))
            .include(slot("slot1", "gen3", "x8", ENDPOINT))
            .set("root-ports.slot1.socket", 1, CHOICE)
            .build();

    private static final Profile BOARD_ARM = Profile.named(
                    "board-arm", "Arm board whose caches no device asks: drivers clean and invalidate")
            .set("cpu.cores", 4, CORTEX)
            .set("cpu.clock", "1200 MHz", CHOICE)
            .set("cache.coherent", false, CHOICE)
            .set(
                    "cache.dma-alignment",
                    "128 B",
                    Source.spec("Linux, arch/arm64/include/asm/cache.h", "ARCH_DMA_MINALIGN"))
            .set("l1.ways", 4, CORTEX)
            .set("l1.clocks", 3, CORTEX)
            .set("l2.size", "32 KiB", Source.derived("no private second level: as the first"))
            .set("l2.ways", 4, Source.derived("no private second level: as the first"))
            .set("l2.clocks", 3, Source.derived("no private second level: as the first"))
            .set("llc.size", "512 KiB", CORTEX)
            .set("llc.ways", 16, CORTEX)
            .set("ddio.ways", 0, CORTEX)
            .set("memory.channels", 1, CHOICE)
            .include(slot("slot0", "gen2", "x1", CHOICE))
            .set("root-ports.slot0.link.mps", "128 B", CHOICE)
            .build();

    private static final Profile BOARD_ARM_WEAK = Profile.named(
                    "board-arm-weak", "board-arm with cores that reorder stores and loads: only barriers help")
            .include(BOARD_ARM)
            .set("cpu.store-buffer", 16, Source.assumed("cores of that size have 8 to 24"))
            .set("cpu.store-order", "weak", Source.spec("Arm Architecture Reference Manual, DDI 0487", "B2.3"))
            .set("cpu.store-drain", "100 ns", Source.assumed("about a miss, which is what makes a store wait"))
            .set("cpu.load-reorder", "200 ns", Source.assumed("as a load that misses and those behind it do not"))
            .build();

    private static final Profile DESKTOP = Profile.named("desktop", "")
            .set("cpu.cores", 4, CHOICE)
            .set("cpu.clock", "3500 MHz", CHOICE)
            .set("llc.size", "8 MiB", CHOICE)
            .set("llc.ways", 16, CHOICE)
            .set("memory.channels", 2, CHOICE)
            .build();

    private static final Profile DESKTOP_SWITCH = Profile.named(
                    "desktop-switch", "A desktop with a switch, and two devices behind it")
            .include(DESKTOP)
            .set("root-ports.slot0.link.generation", "gen4", CHOICE)
            .set("root-ports.slot0.link.width", "x4", CHOICE)
            .set("root-ports.slot0.switch", "switch0", CHOICE)
            .include(port("switches.switch0.ports.left", "gen4", "x4", CHOICE))
            .include(port("switches.switch0.ports.right", "gen4", "x4", CHOICE))
            .set("switches.switch0.ports.left.functions.copy0.device", "copy-engine", CHOICE)
            .set("switches.switch0.ports.right.functions.copy1.device", "copy-engine", CHOICE)
            .build();

    private static final Profile DESKTOP_DOCK = Profile.named(
                    "desktop-dock", "A desktop with a dock, in which a network card and a copy engine are plugged")
            .include(DESKTOP)
            .set("memory.size", "64 MiB", Source.assumed("little, so that an attacker soon has seen all of it"))
            .include(port("root-ports.slot0", "gen3", "x4", DOCK))
            .set("root-ports.slot0.link.mps", "128 B", DOCK)
            .set("root-ports.slot0.switch", "dock", CHOICE)
            .include(port("switches.dock.ports.left", "gen2", "x1", FPGA))
            .set("switches.dock.ports.left.link.mps", "128 B", FPGA)
            .include(port("switches.dock.ports.right", "gen3", "x4", CHOICE))
            .set("switches.dock.ports.right.link.mps", "128 B", CHOICE)
            .set("switches.dock.ports.left.functions.nic0.device", "malicious-nic", CHOICE)
            .set("switches.dock.ports.right.functions.copy0.device", "copy-engine", CHOICE)
            .build();

    private static final Profile DESKTOP_ISA = Profile.named(
                    "desktop-isa", "A desktop with an ISA bus behind a bridge, and cards of a PC/AT there")
            .include(DESKTOP)
            .include(slot("slot0", "gen3", "x4", CHOICE))
            .set("isa-bridges.lpc0.bus", "pc-at-1984", CHOICE)
            .set("isa-bridges.lpc0.cards.sound0.card", "sound", CHOICE)
            .set("isa-bridges.lpc0.cards.floppy0.card", "floppy", CHOICE)
            .build();

    private static final Profile SGDMA = Profile.named(
                    "server-sgdma", "Xeon E5-2630 v4 with a scatter-gather DMA engine in a Gen3 x8 slot")
            .set("cpu.cores", 10, BROADWELL)
            .set("cpu.clock", "2200 MHz", BROADWELL)
            .include(XeonHosts.broadwell(""))
            .include(port("root-ports.slot0", "gen3", "x8", ENDPOINT))
            .set("root-ports.slot0.functions.sg0.device", "sg-dma", CHOICE)
            .set("root-ports.slot0.functions.sg0.sg.channels", 4, CHOICE)
            .build();

    private static final Profile NVME = Profile.named(
                    "server-nvme", "Xeon E5-2630 v4 with an NVMe drive in a Gen3 x4 slot")
            .set("cpu.cores", 10, BROADWELL)
            .set("cpu.clock", "2200 MHz", BROADWELL)
            .include(XeonHosts.broadwell(""))
            .include(port("root-ports.slot0", "gen3", "x4", DRIVE))
            .set("root-ports.slot0.functions.nvme0.device", "nvme", CHOICE)
            .set("root-ports.slot0.functions.nvme0.nvme.queues", 4, CHOICE)
            .build();

    private ModernMachines() {}

    /// All of them.
    public static List<Profile> profiles() {
        return List.of(
                BDW,
                HSW,
                ACCELERATOR,
                TWO_SOCKETS,
                BOARD_ARM,
                BOARD_ARM_WEAK,
                DESKTOP_SWITCH,
                DESKTOP_DOCK,
                DESKTOP_ISA,
                SGDMA,
                NVME);
    }

    private static Profile port(String path, String generation, String width, Source source) {
        return Profile.named(path, "")
                .set(path + ".link.generation", generation, source)
                .set(path + ".link.width", width, source)
                .build();
    }

    /// A root port with a copy engine behind it.
    private static Profile slot(String name, String generation, String width, Source source) {
        String path = "root-ports." + name;
        return Profile.named(path, "")
                .include(port(path, generation, width, source))
                .set(path + ".functions.copy" + name.charAt(name.length() - 1) + ".device", "copy-engine", CHOICE)
                .build();
    }
}
