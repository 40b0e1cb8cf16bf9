package flyby.link;

import flyby.choice.Choices;
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
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/// What trains are tried with: links of all kinds, a device that writes runs, contenders, observers, a link that
/// goes down.
public final class TrainTraffic {
    /// All that is written and looked at lies below.
    public static final int WINDOW = 1 << 16;

    /// What was seen.
    public final List<String> notes = new ArrayList<>();

    private final Simulation simulation;
    private final Prng prng;
    private final PacketPool pool;

    public TrainTraffic(Simulation simulation, Prng prng, PacketPool pool) {
        this.simulation = simulation;
        this.prng = prng;
        this.pool = pool;
    }

    /// A link with more or less room, faster or slower, with DLLPs or without.
    public static LinkParameters parameters(Choices choices) {
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

    /// Looks at `memory` now and then, behind the link that is in `link` by then.
    public void observe(Link[] link, PhysicalMemory memory, String name) {
        Prng own = prng.child(name);
        Event[] look = new Event[1];
        look[0] = simulation.event("observer", () -> {
            link[0].upstream().catchUp();
            notes.add("%d saw %x".formatted(simulation.nowPicos(), memory.read64(own.below(WINDOW))));
            look[0].in(1_000 * (1 + own.below(2_000)));
        });
        look[0].at(1 + 1_000 * own.below(100));
    }

    /// Sends reads, completions and writes that are no runs.
    public void contend(TransmitQueue queue, String name) {
        Prng own = prng.child(name);
        Event[] send = new Event[1];
        boolean quiet = own.chance(1, 3);
        send[0] = simulation.event("contender", () -> {
            int tag = 1 + (int) own.below(200);
            Packet packet = switch ((int) own.below(3)) {
                case 0 -> pool.take().request(Packet.Kind.MEMORY_READ, 0x200, tag, own.below(WINDOW), 64);
                case 1 -> pool.take().completion(flyby.pcie.CompletionStatus.SUCCESSFUL, 0x300, 0x200, tag, 0, 64, 64);
                default -> pool.take().request(Packet.Kind.MEMORY_WRITE, 0x200, tag, own.below(WINDOW - 64), 64);
            };
            // What an earlier user left in it differs from pace to pace.
            Arrays.fill(packet.data(), 0, 64, (byte) tag);
            queue.send(packet);
            send[0].in(1 + own.below(quiet ? 20_000_000 : 3_000_000));
        });
        send[0].at(own.below(1_000_000));
    }

    /// In one of three tries the link goes down for a while.
    public void disturb(Link link) {
        if (prng.chance(1, 3)) {
            long downAt = prng.below(60_000_000);
            simulation.event("down", link::takeDown).at(downAt);
            simulation.event("up", link::bringUp).at(downAt + prng.below(1_000_000));
        }
    }

    /// Writes run after run.
    public void write(TransmitQueue queue) {
        new Writer(queue).next.at(0);
    }

    /// What `memory` holds at the end, and what has passed `link`.
    public void noteEnd(Link link, PhysicalMemory memory) {
        link.upstream().catchUp();
        long hash = 0;
        for (int i = 0; i < WINDOW; i += 8) {
            hash = hash * 31 + memory.read64(i);
        }
        notes.add("memory %x".formatted(hash));
        for (LinkTraffic traffic : List.of(link.upstreamTraffic(), link.downstreamTraffic())) {
            notes.add("%d packets, %d bytes, %d DLLPs, %d ps busy, %d ps stalled"
                    .formatted(
                            traffic.packets(),
                            traffic.payloadBytes(),
                            traffic.dataLinkPackets(),
                            traffic.busyPicos(),
                            traffic.stalledPicos(FlowClass.POSTED)));
        }
    }

    private final class Writer {
        private final TransmitQueue queue;
        private final Prng own = prng.child("runs");
        private final byte[] data = new byte[8_192];
        private final WriteRun run = new WriteRun(this::sent);
        private final Event next = simulation.event("writer", this::write);

        Writer(TransmitQueue queue) {
            this.queue = queue;
        }

        private void write() {
            long filler = own.nextLong();
            for (int i = 0; i < data.length; i++) {
                data[i] = (byte) (filler >> i % 57);
            }
            int count = 1 + (int) own.below(data.length);
            Segmentation segmentation = new Segmentation(own.chance(1, 2) ? 256 : 128, 512, 64);
            run.begin(data, data.length - count, count, 0x100, own.below(WINDOW - count), segmentation, 0);
            queue.send(run);
        }

        private void sent(WriteRun done) {
            notes.add("%d sent".formatted(simulation.nowPicos()));
            if (own.chance(1, 2)) {
                write();
            } else {
                next.in(1 + own.below(2_000_000));
            }
        }
    }
}
