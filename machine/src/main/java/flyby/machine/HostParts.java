package flyby.machine;

import flyby.coherence.CoherenceParameters;
import flyby.coherence.CoherenceParameters.Disturbances;
import flyby.coherence.CoherenceParameters.InputOutput;
import flyby.coherence.CoherenceParameters.Level;
import flyby.coherence.CoherenceParameters.Memory;
import flyby.coherence.CoherenceParameters.SocketLink;
import flyby.core.CoreTiming;
import flyby.core.MemoryOrder;
import flyby.iommu.CacheGeometry;
import flyby.iommu.IommuParameters;
import flyby.params.Settings;
import flyby.pcie.Segmentation;
import flyby.root.RootParameters;
import flyby.root.RootWindows;
import flyby.sim.Time;
import flyby.topology.HostCatalogue;

/// What the settings of a host, [HostCatalogue], mean for the models that it is built from.
final class HostParts {
    /// The largest payload and read that any port can do: section 7.5.3.4.
    private static final int LARGEST = 4_096;

    /// Range B of section 7.5.3.16: 50 ms at most by default.
    private static final long COMPLETION_TIMEOUT_PICOS = 50 * Time.MILLISECOND;

    private static final int OUTBOUND_WRITES_MAX = 32;
    private static final long HIGH_BASE = 0x80_0000_0000L;
    private static final long HIGH_END = 0x100_0000_0000L;

    private final Settings host;

    HostParts(Settings host) {
        this.host = host;
    }

    CoherenceParameters coherence() {
        int ddioWays = count("ddio.ways");
        return new CoherenceParameters(
                count("cpu.sockets"),
                count("cpu.cores"),
                bytes("cache.line"),
                bytes("cache.dma-alignment"),
                level("l1", clocks("l1.clocks")),
                level("l2", clocks("l2.clocks")),
                level("llc", host.picos("llc.latency")),
                count("llc.directory-ways"),
                host.picos("cache.snoop"),
                host.picos("cache.maintenance"),
                new InputOutput(
                        host.flag("cache.coherent"),
                        (1 << ddioWays) - 1,
                        host.picos("io.latency"),
                        host.picos("io.line-time")),
                new Memory(
                        host.bytes("memory.size"),
                        0,
                        count("memory.channels"),
                        host.bytes("memory.interleave"),
                        host.picos("memory.latency"),
                        host.picos("memory.line-time"),
                        count("memory.write-queue")),
                new SocketLink(host.picos("socket.latency"), host.picos("socket.line-time")),
                new Disturbances(count("cache.prefetch-one-in"), count("cache.evict-one-in")));
    }

    private Level level(String name, long hitPicos) {
        return new Level(host.bytes(name + ".size"), count(name + ".ways"), hitPicos);
    }

    RootParameters root() {
        return new RootParameters(
                host.picos("root.latency"),
                host.picos("root.completion-latency"),
                host.picos("root.register-latency"),
                host.picos("root.interrupt-latency"),
                COMPLETION_TIMEOUT_PICOS,
                OUTBOUND_WRITES_MAX,
                new Segmentation(LARGEST, LARGEST, bytes("root.completion-boundary")),
                0,
                true);
    }

    RootWindows windows() {
        long base = host.address("registers.base");
        return new RootWindows(
                base,
                RootWindows.Q35.ioBase(),
                HostCatalogue.registersBegin(host),
                HostCatalogue.REGISTERS_END,
                HIGH_BASE,
                HIGH_END);
    }

    IommuParameters iommu() {
        IommuParameters typical = IommuParameters.typical();
        return new IommuParameters(
                typical.hostAddressBits(),
                typical.levelsMax(),
                HostCatalogue.supportsPages(host, "2M"),
                HostCatalogue.supportsPages(host, "1G"),
                host.flag("cache.coherent"),
                typical.snoopControl(),
                host.flag("iommu.ats"),
                CacheGeometry.fullyAssociative(count("iommu.iotlb-entries")),
                typical.pml4Cache(),
                typical.pdptCache(),
                typical.pdCache(),
                typical.contextCache(),
                typical.interruptCache(),
                count("iommu.walkers"),
                host.picos("iommu.miss"),
                host.picos("iommu.invalidation"),
                typical.faultRecords(),
                typical.deviceTlbTimeoutPicos());
    }

    CoreTiming core() {
        return new CoreTiming(
                clocks("cpu.instruction-clocks"),
                clocks("cpu.word-clocks"),
                count("cpu.fill-buffers"),
                count("cpu.combining-buffers"),
                host.picos("cpu.interrupt"),
                host.picos("cpu.interrupt-return"),
                host.picos("cpu.context-switch"),
                new MemoryOrder(
                        count("cpu.store-buffer"),
                        host.choice("cpu.store-order").equals("weak"),
                        host.picos("cpu.store-drain"),
                        host.picos("cpu.load-reorder")),
                acceptPicos());
    }

    /// How long a line of a combining buffer takes to be accepted, by the flow that Compute Express Link 2.0, section
    /// 3.2.4, gives to weakly ordered writes of a coherent agent (WOWrInv): the request to the last-level cache's
    /// slice and its FastGO_WritePull back, then the data by way of the slice to the root complex, and ExtCmp back.
    /// Assumed: a core's own way through the chip is that one.
    private long acceptPicos() {
        return 2 * host.picos("llc.latency") + host.picos("io.latency");
    }

    private long clocks(String path) {
        return host.count(path) * Time.SECOND / host.hertz("cpu.clock");
    }

    private int count(String path) {
        return Math.toIntExact(host.count(path));
    }

    private int bytes(String path) {
        return Math.toIntExact(host.bytes(path));
    }
}
