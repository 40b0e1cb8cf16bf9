package flyby.machine;

import flyby.params.Catalogue;
import flyby.params.Settings;
import flyby.topology.Sketch;
import java.util.ArrayList;
import java.util.List;

/// Draws a PC or a classic board up for a picture.
public final class ClassicSketch {
    private ClassicSketch() {}

    /// The picture of the machine that `settings` describe.
    ///
    /// @param settings with the parameters of a [Mainboard], and those of a PC if it may be one
    static Sketch of(String title, Settings settings) {
        List<String> cpu = new ArrayList<>();
        cpu.add(text(settings, "machine.clock"));
        boolean hasCache = settings.bytes("machine.cache.size") > 0;
        cpu.add(
                hasCache
                        ? "cache " + text(settings, "machine.cache.size") + ", " + text(settings, "machine.cache.ways")
                                + ", lines of " + text(settings, "machine.cache.line") + ", not snooped"
                        : "no cache");
        Sketch.Box memory = new Sketch.Box("memory", List.of(text(settings, "machine.memory.size") + " at 0x0"));
        Sketch.Box bus = new Sketch.Box(
                "bus",
                List.of(
                        text(settings, "machine.bus.width") + " wide, " + text(settings, "machine.bus.cpu-cycle-clocks")
                                + " a cycle of the CPU",
                        text(settings, "machine.bus.dma-cycle-clocks") + " a fly-by cycle"));
        List<Sketch.Node> below = isPc(settings) ? pc(settings) : board(settings);
        String name = settings.choice(Catalogue.PROFILE);
        return new Sketch(name, title, List.of(new Sketch.Box("CPU", cpu), memory), bus, below);
    }

    private static boolean isPc(Settings settings) {
        return settings.catalogue().find("machine.dma.controller").isPresent() && PcCatalogue.isPc(settings);
    }

    private static List<Sketch.Node> pc(Settings settings) {
        boolean isAt = settings.choice("machine.dma.controller").equals("pc-at");
        int channel = PcCatalogue.channel(settings);
        List<Sketch.Node> below = new ArrayList<>();
        below.add(node(
                isAt ? "two 8237A" : "8237A",
                (isAt ? "channels 0 to 3 for bytes, 5 to 7 for words" : "channels 0 to 3") + ", page registers",
                settings.count("machine.dma.clock-divider") + " clocks of the bus in one of its own, "
                        + text(settings, "machine.dma.wait-states") + " of wait states"));
        if (settings.flag("machine.refresh.on")) {
            below.add(
                    isAt
                            ? node("refresh", "takes the bus every " + text(settings, "machine.refresh.period"))
                            : node("8253 timer", "refreshes memory by channel 0"));
        }
        below.add(node("streamer", "channel " + channel + ", IRQ " + IsaBoard.STREAMER_IRQ, streamer(settings)));
        return below;
    }

    private static List<Sketch.Node> board(Settings settings) {
        return List.of(
                node("DMA controller", "registers at 0x" + Long.toHexString(ClassicBoard.DMAC_BASE)),
                node("streamer", "registers at 0x" + Long.toHexString(ClassicBoard.STREAMER_BASE), streamer(settings)));
    }

    private static String streamer(Settings settings) {
        return "FIFO of " + text(settings, "machine.device.fifo");
    }

    private static Sketch.Node node(String name, String... facts) {
        return new Sketch.Node("", new Sketch.Box(name, List.of(facts)), List.of());
    }

    private static String text(Settings settings, String path) {
        return settings.resolved(path).text();
    }
}
