package flyby.validate.pcie;

import flyby.base.Check;
import flyby.link.DataLink;
import flyby.link.Link;
import flyby.link.LinkEnd;
import flyby.link.LinkParameters;
import flyby.link.PacketReceiver;
import flyby.link.TransmitQueue;
import flyby.pcie.Generation;
import flyby.pcie.LinkRate;
import flyby.pcie.LinkWidth;
import flyby.pcie.Packet;
import flyby.pcie.PacketPool;
import flyby.sim.Simulation;
import flyby.trace.Trace;

/// A simulated link that is never idle: memory writes, one behind the other.
final class FullLink {
    private static final long ADDRESS = 1L << 32;
    private static final int PAYLOAD_BYTES = 128;
    private static final int PACKETS = 100_000;
    private static final long PROPAGATION_PICOS = 1;

    private FullLink() {}

    /// The share of the time that SKP ordered sets take.
    static double skipShare(Generation generation) {
        long with = picos(generation, new DataLink(false, true, 0, 0));
        return (double) (with - picos(generation, DataLink.none(0))) / with;
    }

    /// Of what the lanes carry, how much is TLPs, in percent.
    static double tlpPercent(Generation generation) {
        int tlpBytes = new PacketPool(PAYLOAD_BYTES)
                .take()
                .request(Packet.Kind.MEMORY_WRITE, 0, 0, ADDRESS, PAYLOAD_BYTES)
                .tlpBytes();
        long unhindered = new LinkRate(generation, LinkWidth.X1).picosFor((long) PACKETS * tlpBytes);
        return 100.0 * unhindered / picos(generation, DataLink.none(0));
    }

    /// From the beginning of the first packet to the end of the last.
    private static long picos(Generation generation, DataLink dataLink) {
        Simulation simulation = new Simulation(0, Trace.off());
        PacketPool pool = new PacketPool(PAYLOAD_BYTES);
        LinkRate rate = new LinkRate(generation, LinkWidth.X1);
        Link link = new Link(
                simulation,
                pool,
                "full",
                LinkParameters.of(rate, PAYLOAD_BYTES, PROPAGATION_PICOS).withDataLink(dataLink));
        Sink sink = new Sink(simulation, link.upstream());
        TransmitQueue queue = link.downstream().queue("writer");
        for (int i = 0; i < PACKETS; i++) {
            queue.send(pool.take().request(Packet.Kind.MEMORY_WRITE, 0, 0, ADDRESS, PAYLOAD_BYTES));
        }
        simulation.run();
        Check.that(sink.count == PACKETS, "%d packets arrived", sink.count);
        // The first decision is made a picosecond after the first packet came.
        return sink.lastPicos - PROPAGATION_PICOS - 1;
    }

    private static final class Sink implements PacketReceiver {
        private final Simulation simulation;
        private final LinkEnd end;
        private int count;
        private long lastPicos;

        Sink(Simulation simulation, LinkEnd end) {
            this.simulation = simulation;
            this.end = end;
            end.receiver(this);
        }

        @Override
        public void received(Packet packet) {
            count++;
            lastPicos = simulation.nowPicos();
            end.free(packet);
            packet.recycle();
        }

        @Override
        public void linkChanged(boolean up) {
            throw Check.bug("the link goes %s", up ? "up" : "down");
        }
    }
}
