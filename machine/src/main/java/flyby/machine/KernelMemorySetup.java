package flyby.machine;

import flyby.dma.BounceOptions;
import flyby.dma.Dma;
import flyby.dma.HandOver;
import flyby.dma.Swiotlb;
import flyby.kernel.KernelMemory;
import flyby.kernel.KernelMemory.Node;
import flyby.kernel.KernelMemory.Zone;
import flyby.params.Settings;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/// The memory of a host as its kernel has it, and what the host's parameters say about DMA.
final class KernelMemorySetup {
    private KernelMemorySetup() {}

    /// The memory of all sockets, but for what lies below `begin` and for the last `reserved` bytes of socket 0.
    static KernelMemory memory(Settings host, long begin, long reserved) {
        long bytes = host.bytes("memory.size");
        List<Node> nodes = new ArrayList<>();
        for (long socket = 0; socket < host.count("cpu.sockets"); socket++) {
            long end = (socket + 1) * bytes;
            nodes.add(new Node(socket == 0 ? begin : socket * bytes, socket == 0 ? end - reserved : end));
        }
        return new KernelMemory(nodes, Math.toIntExact(host.bytes("cache.dma-alignment")));
    }

    /// Gives `memory` to others as far as the host says, after what was set aside for devices.
    static void occupy(Settings host, KernelMemory memory) {
        long inUse = host.bytes("memory.in-use");
        if (inUse > 0) {
            memory.allocateContiguous(inUse, Zone.DMA32, "others");
        }
    }

    /// What the host does for a device; bounce buffers are taken from `memory`.
    static Dma.Platform platform(Settings host, KernelMemory memory) {
        boolean isCoherent = host.flag("cache.coherent");
        Dma.Platform plain = new Dma.Platform(isCoherent, Math.toIntExact(host.bytes("cache.line")));
        Swiotlb pool = pool(host, memory);
        BounceOptions bounce = new BounceOptions(
                pool,
                pool != null && host.choice("swiotlb.mode").equals("force"),
                host.flag("dma.bounce-unaligned"),
                host.flag("dma.bounce-copies-in"));
        Dma.Platform handing = plain.with(bounce)
                .with(HandOver.valueOf(host.choice("dma.hand-over").toUpperCase(Locale.ROOT)));
        return host.flag("dma.untrusted") ? handing.untrusted() : handing;
    }

    /// Bounce buffers, if they are wanted and there is room below 4 GiB.
    private static @Nullable Swiotlb pool(Settings host, KernelMemory memory) {
        boolean isWanted = switch (host.choice("swiotlb.mode")) {
            case "off" -> false;
            // As on x86 and arm64: some memory is beyond 32 bits, or some devices or buffers need them.
            case "auto" ->
                memory.end() > Zone.DMA32.end()
                        || (host.flag("dma.untrusted")
                                && !host.choice("iommu.mode").equals("off"))
                        || (host.flag("dma.bounce-unaligned") && !host.flag("cache.coherent"));
            default -> true;
        };
        if (!isWanted) {
            return null;
        }
        long bytes = host.bytes("swiotlb.size");
        long start = memory.allocateContiguous(bytes, Zone.DMA32, "bounce buffers");
        return start == KernelMemory.NONE ? null : new Swiotlb(start, bytes, 1);
    }
}
