package flyby.topology;

import flyby.params.Settings;
import flyby.pcie.LinkRate;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.stream.Collectors;

/// Draws a [MachineDescription] up for a picture.
public final class MachineSketch {
    private final MachineDescription machine;
    private final Numbering numbering;

    private MachineSketch(MachineDescription machine) {
        this.machine = machine;
        this.numbering = new Numbering(machine);
    }

    public static Sketch of(MachineDescription machine) {
        return new MachineSketch(machine).sketch();
    }

    private Sketch sketch() {
        Settings host = machine.machine().settings();
        List<Sketch.Box> sockets = new ArrayList<>();
        for (int i = 0; i < host.count("cpu.sockets"); i++) {
            sockets.add(socket(host, i));
        }
        List<Sketch.Node> below = new ArrayList<>();
        machine.machine().parts(PartKind.ROOT_PORT).forEach(port -> below.add(port(port, "root port")));
        machine.machine().parts(PartKind.ISA_BRIDGE).forEach(bridge -> below.add(bridge(bridge)));
        return new Sketch(machine.name(), machine.title(), sockets, rootComplex(host), below);
    }

    private static Sketch.Box socket(Settings host, int number) {
        List<String> facts = new ArrayList<>();
        facts.add(text(host, "cpu.cores")
                + (host.count("cpu.cores") == 1 ? " core at " : " cores at ")
                + text(host, "cpu.clock"));
        facts.add("L1 " + cache(host, "l1") + ", " + text(host, "l1.clocks"));
        facts.add("L2 " + cache(host, "l2") + ", " + text(host, "l2.clocks"));
        facts.add("LLC " + cache(host, "llc") + ", " + text(host, "llc.latency") + ", lines of "
                + text(host, "cache.line"));
        long ways = host.count("ddio.ways");
        if (!host.flag("cache.coherent")) {
            facts.add("no device asks the caches; DMA aligned to " + text(host, "cache.dma-alignment"));
        } else {
            facts.add(ways == 0 ? "writes of devices go to memory" : "DDIO: devices write into " + ways + " ways");
        }
        facts.add("memory " + text(host, "memory.size") + " at 0x"
                + Long.toHexString(number * host.bytes("memory.size")) + ", " + counted(host, "memory.channels") + ", "
                + text(host, "memory.latency"));
        return new Sketch.Box("socket " + number, facts);
    }

    private static String cache(Settings host, String level) {
        return text(host, level + ".size") + ", " + text(host, level + ".ways");
    }

    private static Sketch.Box rootComplex(Settings host) {
        List<String> facts = new ArrayList<>();
        facts.add(text(host, "root.latency") + ", completions cut at " + text(host, "root.completion-boundary"));
        String mode = host.choice("iommu.mode");
        facts.add(
                mode.equals("off")
                        ? "IOMMU off"
                        : "IOMMU " + mode + ": " + text(host, "iommu.iotlb-entries") + " IOTLB entries, "
                                + text(host, "iommu.walkers") + " walkers, pages of "
                                + host.choice("iommu.page-size"));
        facts.add("registers from " + text(host, "registers.base") + " on");
        return new Sketch.Box("root complex", facts);
    }

    private Sketch.Node port(Part port, String kind) {
        Settings settings = port.settings();
        List<String> facts = new ArrayList<>();
        facts.add(kind + " " + numbering.text(port));
        if (port.kind() == PartKind.ROOT_PORT) {
            facts.add("of socket " + settings.count("socket"));
        }
        List<Sketch.Node> below = new ArrayList<>();
        for (Part part : port.parts()) {
            below.add(part.kind() == PartKind.SWITCH ? crossing(part, link(settings)) : function(part, settings));
        }
        return new Sketch.Node("", new Sketch.Box(port.name(), facts), below);
    }

    private Sketch.Node crossing(Part part, String link) {
        List<String> facts = List.of(
                "switch " + numbering.text(part) + ", " + text(part.settings(), "latency"),
                part.settings().flag("acs") ? "ACS: requests go up to the root" : "no ACS: ports reach each other");
        List<Sketch.Node> ports =
                part.parts().stream().map(port -> port(port, "port")).toList();
        return new Sketch.Node(link, new Sketch.Box(part.name(), facts), ports);
    }

    private Sketch.Node function(Part part, Settings port) {
        Settings settings = part.settings();
        DeviceKind device = FunctionCatalogue.device(settings);
        long address = settings.address("bar0.address");
        List<String> facts = List.of(
                device.word() + " " + numbering.text(part),
                "MRRS " + text(settings, "mrrs") + ", " + settings.choice("tags") + " tags",
                "BAR 0: 0x" + Integer.toHexString(device.registerBytes()) + " bytes"
                        + (address == FunctionCatalogue.PLACED ? "" : " at 0x" + Long.toHexString(address)));
        return new Sketch.Node(link(port), new Sketch.Box(part.name(), facts), List.of());
    }

    private static Sketch.Node bridge(Part part) {
        List<String> facts = List.of(
                "ISA bus of " + IsaCatalogue.bus(part.settings()),
                "its masters reach memory below 0x" + Long.toHexString(IsaCatalogue.MEMORY_BYTES)
                        + " through the caches, past the IOMMU");
        return new Sketch.Node(
                "",
                new Sketch.Box(part.name(), facts),
                part.parts().stream().map(MachineSketch::card).toList());
    }

    private static Sketch.Node card(Part part) {
        CardKind kind = IsaCatalogue.card(part.settings());
        String channels = kind.channels().stream().map(String::valueOf).collect(Collectors.joining(" and "));
        List<String> facts = List.of(
                kind.word() + ", ports from 0x" + Integer.toHexString(kind.firstPort()) + " on, IRQ " + kind.irq(),
                "DMA channel " + channels,
                switch (kind) {
                    case SOUND -> "FIFO of " + text(part.settings(), "sound.fifo");
                    case FLOPPY -> "a turn takes " + text(part.settings(), "floppy.revolution");
                });
        return new Sketch.Node("", new Sketch.Box(part.name(), facts), List.of());
    }

    private static String link(Settings port) {
        LinkRate rate = PortCatalogue.rate(port);
        double gigabytes = 1_000_000_000.0 / rate.picosFor(1_000_000);
        return String.format(
                Locale.ROOT,
                "%s %s, %.3f GB/s, MPS %s",
                sentence(port.choice("link.generation")),
                port.choice("link.width"),
                gigabytes,
                text(port, "link.mps"));
    }

    private static String sentence(String word) {
        return word.substring(0, 1).toUpperCase(Locale.ROOT) + word.substring(1);
    }

    /// `1 channel`, `2 channels`.
    private static String counted(Settings settings, String path) {
        String text = text(settings, path);
        return settings.count(path) == 1 ? text.substring(0, text.length() - 1) : text;
    }

    private static String text(Settings settings, String path) {
        return settings.resolved(path).text();
    }
}
