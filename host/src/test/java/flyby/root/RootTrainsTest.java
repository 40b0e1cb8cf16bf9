package flyby.root;

import static org.assertj.core.api.Assertions.assertThat;

import flyby.choice.Property;
import flyby.link.DataLink;
import flyby.link.Link;
import flyby.link.LinkEnd;
import flyby.link.LinkParameters;
import flyby.link.Pace;
import flyby.link.PacketReceiver;
import flyby.link.TrainTraffic;
import flyby.memory.FlatMemory;
import flyby.memory.MemoryAgent;
import flyby.memory.PhysicalMemory;
import flyby.pcie.Generation;
import flyby.pcie.LinkRate;
import flyby.pcie.LinkWidth;
import flyby.pcie.Packet;
import flyby.pcie.PacketPool;
import flyby.pcie.Segmentation;
import flyby.pcie.WriteRun;
import flyby.sim.Event;
import flyby.sim.Prng;
import flyby.sim.Simulation;
import flyby.trace.Trace;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Test;

/// Trains that a root port takes against packets, which are the oracle.
final class RootTrainsTest {
    private static final long WINDOW = 0xd000_0000L;

    /// On this link packets arrive at whole nanoseconds and a picosecond, and that is when observers of lower and
    /// of higher rank than the port's events look.
    @Test
    void bytesAreThereAtTheSamePicosecond() {
        for (long requestPicos : new long[] {0, 2_000}) {
            List<String> trains = looks(Pace.TRAINS, requestPicos);
            assertThat(trains).isEqualTo(looks(Pace.PACKETS, requestPicos));
            assertThat(trains).as("sights, one more with each packet").hasSizeGreaterThan(16);
        }
    }

    private static List<String> looks(Pace pace, long requestPicos) {
        Simulation simulation = new Simulation(0, Trace.off());
        PacketPool pool = new PacketPool(256);
        PhysicalMemory memory = new PhysicalMemory();
        List<String> notes = new ArrayList<>();
        Link[] made = new Link[1];
        lookEachNanosecond(simulation, made, memory, notes, "early");
        LinkRate rate = new LinkRate(Generation.GEN1, LinkWidth.X4);
        Link link = new Link(
                simulation,
                pool,
                "l",
                LinkParameters.of(rate, 256, 1_000)
                        .withDataLink(DataLink.none(0))
                        .withPace(pace));
        made[0] = link;
        port(simulation, pool, link, requestPicos, new FlatMemory(memory, 1L << 30, 0, 0));
        lookEachNanosecond(simulation, made, memory, notes, "late");
        WriteRun run = new WriteRun(_ -> {});
        run.begin(Bench.pattern(4_096, 3), 0, 4_096, 0x100, 0, new Segmentation(256, 512, 64), 0);
        link.downstream().queue("runs").send(run);
        simulation.runUntil(6_000_000);
        return notes;
    }

    /// Notes how much has been written, whenever that has changed.
    private static void lookEachNanosecond(
            Simulation simulation, Link[] link, PhysicalMemory memory, List<String> notes, String name) {
        long[] seen = new long[1];
        Event[] look = new Event[1];
        look[0] = simulation.event(name, () -> {
            link[0].upstream().catchUp();
            long there = 0;
            while (there < 4_096 && memory.read64(there) != 0) {
                there += 8;
            }
            if (there != seen[0]) {
                seen[0] = there;
                notes.add("%d %s saw %d bytes".formatted(simulation.nowPicos(), name, there));
            }
            look[0].in(1_000);
        });
        look[0].at(1);
    }

    /// Everything that a run showed, and how many writes memory saw.
    private record Seen(List<String> notes, long writes) {}

    @Test
    void trainsAreSeenAsPacketsAre() {
        AtomicLong spared = new AtomicLong();
        Property.check(600, choices -> {
            long seed = choices.below(1L << 32);
            LinkParameters parameters = TrainTraffic.parameters(choices);
            long requestPicos = choices.pick(0L, 1L, 2_000L, 70_123L);
            long writePicos = choices.pick(0L, 1L, 1_000L, 40_000L);
            Seen packets = run(seed, parameters.withPace(Pace.PACKETS), requestPicos, writePicos);
            Seen trains = run(seed, parameters.withPace(Pace.TRAINS), requestPicos, writePicos);
            for (int i = 0; i < packets.notes.size(); i++) {
                assertThat(trains.notes.get(i)).isEqualTo(packets.notes.get(i));
            }
            spared.addAndGet(packets.writes - trains.writes);
        });
        assertThat(spared).as("writes that were made together").hasValueGreaterThan(10_000);
    }

    /// A device that writes runs, a contender whose reads show what it reads, and observers of memory.
    private static Seen run(long seed, LinkParameters parameters, long requestPicos, long writePicos) {
        Simulation simulation = new Simulation(seed, Trace.off());
        PacketPool pool = new PacketPool(256);
        TrainTraffic traffic = new TrainTraffic(simulation, new Prng(seed), pool);
        PhysicalMemory memory = new PhysicalMemory();
        Link[] made = new Link[1];
        // Observers of lower and of higher rank than the port's events.
        traffic.observe(made, memory, "early");
        Link link = new Link(simulation, pool, "l", parameters);
        made[0] = link;
        traffic.observe(made, memory, "middle");
        Counting counting = new Counting(new FlatMemory(memory, 1L << 30, 90_000, writePicos));
        port(simulation, pool, link, requestPicos, counting);
        traffic.observe(made, memory, "late");
        link.downstream().receiver(new Reader(simulation, link.downstream(), traffic.notes));
        traffic.write(link.downstream().queue("runs"));
        traffic.contend(link.downstream().queue("contender"), "contender");
        traffic.disturb(link);
        simulation.runUntil(100_000_000);
        traffic.noteEnd(link, memory);
        return new Seen(traffic.notes, counting.writes);
    }

    private static void port(Simulation simulation, PacketPool pool, Link link, long requestPicos, MemoryAgent memory) {
        RootParameters parameters = new RootParameters(
                requestPicos, 20_000, 0, 0, 50_000_000_000L, 4, new Segmentation(256, 512, 64), 0, false);
        RootComplex root = new RootComplex(simulation, pool, parameters, RootWindows.Q35, (_, _) -> {});
        Bench.openWindow(root.port("port", link.upstream(), memory).bridge(), 1, WINDOW);
    }

    /// Notes what a device is answered.
    private record Reader(Simulation simulation, LinkEnd end, List<String> notes) implements PacketReceiver {
        @Override
        public void received(Packet packet) {
            byte[] data = Arrays.copyOf(packet.data(), packet.byteCount());
            notes.add("%d %s %x".formatted(simulation.nowPicos(), packet, Arrays.hashCode(data)));
            end.free(packet);
            packet.recycle();
        }

        @Override
        public void linkChanged(boolean up) {
            notes.add("%d %s".formatted(simulation.nowPicos(), up ? "up" : "down"));
        }
    }

    private static final class Counting implements MemoryAgent {
        private final MemoryAgent memory;
        private long writes;

        Counting(MemoryAgent memory) {
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
            writes++;
            return memory.write(address, from, offset, byteCount, snooped);
        }

        @Override
        public long steadyWritePicos() {
            return memory.steadyWritePicos();
        }
    }
}
