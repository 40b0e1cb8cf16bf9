package flyby.bench;

import flyby.base.LittleEndian;
import flyby.coherence.CoherenceParameters;
import flyby.coherence.CoherentMemory;
import flyby.configuration.layout.HeaderRegisters;
import flyby.iommu.Iommu;
import flyby.iommu.IommuParameters;
import flyby.link.Link;
import flyby.link.LinkEnd;
import flyby.link.PacketReceiver;
import flyby.memory.FlatMemory;
import flyby.memory.MemoryAgent;
import flyby.memory.PhysicalMemory;
import flyby.pcie.Packet;
import flyby.pcie.PacketPool;
import flyby.pcie.Segmentation;
import flyby.root.RootComplex;
import flyby.root.RootParameters;
import flyby.root.RootPort;
import flyby.root.RootWindows;
import flyby.sim.Simulation;
import flyby.sim.Time;
import java.util.Objects;
import java.util.function.LongUnaryOperator;
import org.jspecify.annotations.Nullable;

/// A root port at the end of the stream's link, with flat memory behind it; or with an IOMMU that translates pages
/// of 4 KiB, and the caches of a socket of a Xeon E5.
final class StreamRoot implements StreamHost, PacketReceiver {
    private static final long MEMORY_BYTES = 8L << 30;
    private static final long INTERRUPTS = 0xfee0_0000L;

    private final LinkEnd rootEnd;
    private final LinkEnd deviceEnd;
    private final LongUnaryOperator look;
    private @Nullable StreamDevice device;

    private StreamRoot(
            Simulation simulation,
            PacketPool pool,
            Link link,
            MemoryAgent memory,
            @Nullable Iommu iommu,
            LongUnaryOperator look) {
        this.look = look;
        rootEnd = link.upstream();
        deviceEnd = link.downstream();
        deviceEnd.receiver(this);
        RootParameters parameters =
                new RootParameters(0, 0, 0, 0, Time.SECOND, 64, new Segmentation(256, 512, 64), 0, false);
        RootComplex root = new RootComplex(simulation, pool, parameters, RootWindows.Q35, (_, _) -> {});
        MemoryAgent watched = new Watched(memory);
        RootPort port = iommu == null
                ? root.port("root port", link.upstream(), watched)
                : root.port("root port", link.upstream(), watched, iommu, iommu);
        root.interrupts((vector, _) -> told().completed(vector - StreamDevice.VECTOR));
        byte[] command = new byte[2];
        LittleEndian.put(HeaderRegisters.COMMAND_BUS_MASTER_ENABLE.mask(), command, 0, 2);
        root.processor("setup", watched)
                .write(
                        RootWindows.Q35.configurationAddress(port.id(), HeaderRegisters.COMMAND),
                        command,
                        0,
                        2,
                        0,
                        () -> {});
        simulation.runUntil(Time.MICROSECOND);
    }

    /// Without IOMMU and caches.
    static StreamRoot plain(Simulation simulation, PacketPool pool, Link link) {
        PhysicalMemory memory = new PhysicalMemory();
        FlatMemory agent = new FlatMemory(memory, MEMORY_BYTES, 150_000, 0);
        return new StreamRoot(simulation, pool, link, agent, null, memory::read64);
    }

    /// With both. The tables map what the device writes one to one.
    static StreamRoot full(Simulation simulation, PacketPool pool, Link link) {
        PhysicalMemory memory = new PhysicalMemory();
        CoherentMemory caches = new CoherentMemory(simulation, memory, socket());
        Iommu iommu = new Iommu(simulation, "iommu", IommuParameters.typical(), caches.agent(0), (_, _) -> {});
        new StreamTables(memory).enable(iommu);
        return new StreamRoot(simulation, pool, link, caches.agent(0), iommu, address -> {
            long value = 0;
            for (int i = 0; i < Long.BYTES; i++) {
                value |= (caches.peek(address + i) & 0xffL) << (8 * i);
            }
            return value;
        });
    }

    private static CoherenceParameters socket() {
        return new CoherenceParameters(
                1,
                1,
                64,
                64,
                new CoherenceParameters.Level(32 << 10, 8, 1_500),
                new CoherenceParameters.Level(256 << 10, 8, 4_500),
                new CoherenceParameters.Level(15 << 20, 20, 18_000),
                4,
                30_000,
                10_000,
                new CoherenceParameters.InputOutput(true, 0b11, 60_000, 0),
                new CoherenceParameters.Memory(MEMORY_BYTES, 0, 4, 256, 70_000, 3_750, 32),
                new CoherenceParameters.SocketLink(60_000, 4_000),
                CoherenceParameters.Disturbances.NONE);
    }

    @Override
    public void device(StreamDevice newDevice) {
        device = newDevice;
    }

    @Override
    public long messageAddress(int slot) {
        return INTERRUPTS;
    }

    @Override
    public long look(long address) {
        rootEnd.catchUp();
        return look.applyAsLong(address);
    }

    /// At the device's end: an answer to a fetch.
    @Override
    public void received(Packet packet) {
        told().fetched(packet.tag(), 0);
        deviceEnd.free(packet);
        packet.recycle();
    }

    @Override
    public void linkChanged(boolean up) {
        throw new IllegalStateException("nobody pulls the card out");
    }

    private StreamDevice told() {
        return Objects.requireNonNull(device);
    }

    /// Tells when the contender's writes are performed.
    private final class Watched implements MemoryAgent {
        private final MemoryAgent memory;

        Watched(MemoryAgent memory) {
            this.memory = memory;
        }

        @Override
        public boolean holds(long address, int byteCount) {
            return memory.holds(address, byteCount);
        }

        @Override
        public long read(long address, byte[] into, int offset, int byteCount, boolean snooped) {
            return memory.read(address, into, offset, byteCount, snooped);
        }

        @Override
        public long write(long address, byte[] from, int offset, int byteCount, boolean snooped) {
            if (StreamDevice.isContended(address)) {
                told().contended();
            }
            return memory.write(address, from, offset, byteCount, snooped);
        }

        @Override
        public long steadyWritePicos() {
            return memory.steadyWritePicos();
        }
    }
}
