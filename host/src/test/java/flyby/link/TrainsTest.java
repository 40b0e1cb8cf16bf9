package flyby.link;

import static org.assertj.core.api.Assertions.assertThat;

import flyby.choice.Choices;
import flyby.choice.Property;
import flyby.memory.PhysicalMemory;
import flyby.pcie.FlowClass;
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

/// Trains against packets, which are the oracle: whatever anybody can observe is equal.
final class TrainsTest {
    private static final int WINDOW = 1 << 16;

    /// Everything that a run showed.
    private record Seen(List<String> notes, long trainBytes) {}

    @Test
    void trainsAreSeenAsPacketsAre() {
        AtomicLong trainBytes = new AtomicLong();
        Property.check(600, choices -> {
            long seed = choices.below(1L << 32);
            LinkParameters parameters = parameters(choices);
            long holdPicos = choices.pick(0L, 1L, 1_000L, 70_123L);
            Seen packets = run(seed, parameters.withPace(Pace.PACKETS), holdPicos);
            Seen trains = run(seed, parameters.withPace(Pace.TRAINS), holdPicos);
            for (int i = 0; i < packets.notes.size(); i++) {
                assertThat(trains.notes.get(i)).isEqualTo(packets.notes.get(i));
            }
            assertThat(packets.trainBytes).isZero();
            trainBytes.addAndGet(trains.trainBytes);
        });
        assertThat(trainBytes).as("there were trains at all").hasValueGreaterThan(1_000_000);
    }

    private static LinkParameters parameters(Choices choices) {
        // On Gen1 x4 a byte takes a nanosecond, so that many times coincide.
        LinkRate rate = choices.pick(
                new LinkRate(Generation.GEN1, LinkWidth.X4),
                new LinkRate(Generation.GEN4, LinkWidth.X4),
                new LinkRate(Generation.GEN6, LinkWidth.X1));
        long propagation = choices.pick(1_000L, 250_000L, 1L);
        DataLink standard = DataLink.standard(rate, 256, propagation);
        DataLink dataLink = choices.pick(
                DataLink.none(0),
                DataLink.none(200_000),
                standard,
                new DataLink(!rate.generation().isFlitMode(), false, 0, 0),
                new DataLink(!rate.generation().isFlitMode(), true, 3_000, 50_000));
        ReceiveBuffer buffer = choices.pick(
                ReceiveBuffer.UNLIMITED,
                ReceiveBuffer.endpoint(64, 64 * 16, 8, 8),
                ReceiveBuffer.endpoint(4, 64, 2, 2),
                ReceiveBuffer.endpoint(1, 16, 1, 1));
        return LinkParameters.of(rate, 256, propagation).withDataLink(dataLink).withBuffers(buffer, buffer);
    }

    /// A device that writes runs, a contender beside it, traffic the other way, and observers of memory.
    private static Seen run(long seed, LinkParameters parameters, long holdPicos) {
        Simulation simulation = new Simulation(seed, Trace.off());
        Prng prng = new Prng(seed);
        List<String> notes = new ArrayList<>();
        PacketPool pool = new PacketPool(256);
        PhysicalMemory memory = new PhysicalMemory();
        Link[] made = new Link[1];
        // Observers of lower and of higher rank than the link's events.
        observer(simulation, made, memory, prng.child("early"), notes);
        Link link = new Link(simulation, pool, "l", parameters);
        made[0] = link;
        observer(simulation, made, memory, prng.child("late"), notes);
        MemorySink root = new MemorySink(simulation, link.upstream(), memory, holdPicos);
        MemorySink device = new MemorySink(simulation, link.downstream(), new PhysicalMemory(), holdPicos);
        new Writer(simulation, link.downstream().queue("runs"), prng.child("runs"), notes).start();
        contender(simulation, link.downstream().queue("contender"), pool, prng.child("contender"));
        contender(simulation, link.upstream().queue("root"), pool, prng.child("root"));
        if (prng.chance(1, 3)) {
            long downAt = prng.below(60_000_000);
            simulation.event("down", link::takeDown).at(downAt);
            simulation.event("up", link::bringUp).at(downAt + prng.below(1_000_000));
        }
        simulation.runUntil(100_000_000);
        link.upstream().catchUp();
        long hash = 0;
        for (int i = 0; i < WINDOW; i += 8) {
            hash = hash * 31 + memory.read64(i);
        }
        notes.add("memory %x".formatted(hash));
        notes.addAll(root.notes);
        notes.addAll(device.notes);
        for (LinkTraffic traffic : List.of(link.upstreamTraffic(), link.downstreamTraffic())) {
            notes.add("%d packets, %d bytes, %d DLLPs, %d ps busy, %d ps stalled"
                    .formatted(
                            traffic.packets(),
                            traffic.payloadBytes(),
                            traffic.dataLinkPackets(),
                            traffic.busyPicos(),
                            traffic.stalledPicos(FlowClass.POSTED)));
        }
        return new Seen(notes, root.trainBytes);
    }

    private static void observer(
            Simulation simulation, Link[] link, PhysicalMemory memory, Prng prng, List<String> notes) {
        Event[] look = new Event[1];
        look[0] = simulation.event("observer", () -> {
            link[0].upstream().catchUp();
            notes.add("%d saw %x".formatted(simulation.nowPicos(), memory.read64(prng.below(WINDOW))));
            look[0].in(1_000 * (1 + prng.below(2_000)));
        });
        look[0].at(1 + 1_000 * prng.below(100));
    }

    private static void contender(Simulation simulation, TransmitQueue queue, PacketPool pool, Prng prng) {
        Event[] send = new Event[1];
        boolean quiet = prng.chance(1, 3);
        send[0] = simulation.event("contender", () -> {
            int tag = 1 + (int) prng.below(200);
            Packet packet = switch ((int) prng.below(3)) {
                case 0 -> pool.take().request(Packet.Kind.MEMORY_READ, 0x200, tag, prng.below(WINDOW), 64);
                case 1 -> pool.take().completion(flyby.pcie.CompletionStatus.SUCCESSFUL, 0x300, 0x200, tag, 0, 64, 64);
                default -> pool.take().request(Packet.Kind.MEMORY_WRITE, 0x200, tag, prng.below(WINDOW - 64), 64);
            };
            // What an earlier user left in it differs from pace to pace.
            Arrays.fill(packet.data(), 0, 64, (byte) tag);
            queue.send(packet);
            send[0].in(1 + prng.below(quiet ? 20_000_000 : 3_000_000));
        });
        send[0].at(prng.below(1_000_000));
    }

    /// Writes run after run.
    private static final class Writer {
        private final Simulation simulation;
        private final TransmitQueue queue;
        private final Prng prng;
        private final List<String> notes;
        private final byte[] data = new byte[8_192];
        private final WriteRun run = new WriteRun(this::sent);
        private final Event next;

        Writer(Simulation simulation, TransmitQueue queue, Prng prng, List<String> notes) {
            this.simulation = simulation;
            this.queue = queue;
            this.prng = prng;
            this.notes = notes;
            this.next = simulation.event("writer", this::write);
        }

        void start() {
            next.at(0);
        }

        private void write() {
            long filler = prng.nextLong();
            for (int i = 0; i < data.length; i++) {
                data[i] = (byte) (filler >> i % 57);
            }
            int count = 1 + (int) prng.below(data.length);
            Segmentation segmentation = new Segmentation(prng.chance(1, 2) ? 256 : 128, 512, 64);
            run.begin(data, data.length - count, count, 0x100, prng.below(WINDOW - count), segmentation, 0);
            queue.send(run);
        }

        private void sent(WriteRun done) {
            notes.add("%d sent".formatted(simulation.nowPicos()));
            if (prng.chance(1, 2)) {
                write();
            } else {
                next.in(1 + prng.below(2_000_000));
            }
        }
    }
}
