package flyby.link;

import static org.assertj.core.api.Assertions.assertThat;

import flyby.memory.PhysicalMemory;
import flyby.pcie.Generation;
import flyby.pcie.LinkRate;
import flyby.pcie.LinkWidth;
import flyby.pcie.Packet;
import flyby.pcie.PacketPool;
import flyby.pcie.Segmentation;
import flyby.pcie.WriteRun;
import flyby.sim.Event;
import flyby.sim.Simulation;
import flyby.trace.Trace;
import java.lang.management.ManagementFactory;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/// A busy link allocates nothing, counted by the JVM for this thread.
final class LinkAllocationTest {
    /// Far less than one byte a packet, and enough for what the JVM does beside us.
    private static final long NOISE_BYTES = 16_384;

    @ParameterizedTest
    @EnumSource(Pace.class)
    void aBusyLinkAllocatesNothing(Pace pace) {
        Simulation simulation = new Simulation(1, Trace.off());
        PacketPool pool = new PacketPool(256);
        LinkRate rate = new LinkRate(Generation.GEN3, LinkWidth.X4);
        ReceiveBuffer buffer = ReceiveBuffer.endpoint(16, 256, 8, 8);
        Link link = new Link(
                simulation,
                pool,
                "l",
                LinkParameters.of(rate, 256, 100_000)
                        .withBuffers(buffer, buffer)
                        .withPace(pace));
        MemorySink root = new MemorySink(simulation, link.upstream(), new PhysicalMemory(), 0);
        MemorySink device = new MemorySink(simulation, link.downstream(), new PhysicalMemory(), 0);
        TransmitQueue runs = link.downstream().queue("runs");
        byte[] data = new byte[65_536];
        Segmentation segmentation = new Segmentation(256, 512, 64);
        WriteRun run = new WriteRun(done -> {
            done.begin(data, 0, data.length, 0x100, 0x10_0000, segmentation, 0);
            runs.send(done);
        });
        run.begin(data, 0, data.length, 0x100, 0x10_0000, segmentation, 0);
        runs.send(run);
        contend(simulation, pool, link.downstream().queue("contender"));
        contend(simulation, pool, link.upstream().queue("root"));
        simulation.runUntil(5_000_000_000L);
        long packetsBefore = link.upstreamTraffic().packets();
        long before = allocatedBytes();
        simulation.runUntil(20_000_000_000L);
        assertThat(allocatedBytes() - before).isLessThan(NOISE_BYTES);
        assertThat(link.upstreamTraffic().packets() - packetsBefore).isGreaterThan(100_000);
        assertThat(root.notes).isEqualTo(device.notes).isEmpty();
    }

    private static void contend(Simulation simulation, PacketPool pool, TransmitQueue queue) {
        Event[] send = new Event[1];
        send[0] = simulation.event("contender", () -> {
            queue.send(pool.take().request(Packet.Kind.MEMORY_WRITE, 0x200, 0, 0x1000, 64));
            send[0].in(2_000_000);
        });
        send[0].at(0);
    }

    private static long allocatedBytes() {
        return ((com.sun.management.ThreadMXBean) ManagementFactory.getThreadMXBean()).getCurrentThreadAllocatedBytes();
    }
}
