package flyby.link;

import flyby.base.Check;
import flyby.pcie.Packet;
import flyby.pcie.PacketPool;
import flyby.sim.Simulation;
import java.util.ArrayList;
import java.util.List;

/// A link of PCI Express between two ports.
public final class Link {
    private final Direction up;
    private final Direction down;
    private final boolean dataLinkPackets;
    private final End upstream;
    private final End downstream;

    /// @param name of the link, as reports show it
    /// @throws flyby.base.LabException if a receive buffer has no room for one packet of the largest size
    public Link(Simulation simulation, PacketPool pool, String name, LinkParameters parameters) {
        ReceiveBuffer upstreamBuffer = parameters.upstreamBuffer();
        ReceiveBuffer downstreamBuffer = parameters.downstreamBuffer();
        upstreamBuffer.requireRoom("link " + name + " upstream", parameters.maxPayloadBytes());
        downstreamBuffer.requireRoom("link " + name + " downstream", parameters.maxPayloadBytes());
        CreditPools upCredits = CreditPools.of(upstreamBuffer);
        CreditPools downCredits = CreditPools.of(downstreamBuffer);
        up = new Direction(simulation, pool, "link " + name + " downstream", parameters, upCredits, downCredits);
        down = new Direction(simulation, pool, "link " + name + " upstream", parameters, downCredits, upCredits);
        up.other(down);
        down.other(up);
        dataLinkPackets = parameters.dataLink().packets();
        upstream = new End(this, down, up);
        downstream = new End(this, up, down);
    }

    /// The end towards the root complex: a downstream port sits here.
    public LinkEnd upstream() {
        return upstream;
    }

    /// The end at which an endpoint, or the upstream port of a switch, sits.
    public LinkEnd downstream() {
        return downstream;
    }

    /// Damages packets on their way, so that they are replayed. Once, at set-up.
    ///
    /// @param towardsUpstream what happens to the packets that are sent at the downstream end
    /// @param towardsDownstream and at the upstream end
    /// @param retrainPicos how long nothing passes when the same packets have failed four times in a row
    public void damage(LinkFaults towardsUpstream, LinkFaults towardsDownstream, long retrainPicos) {
        Check.that(dataLinkPackets, "a link without Acks cannot replay");
        up.damagedBy(towardsUpstream, towardsDownstream, retrainPicos);
        down.damagedBy(towardsDownstream, towardsUpstream, retrainPicos);
    }

    /// What has passed towards the root complex.
    public LinkTraffic upstreamTraffic() {
        return up.traffic();
    }

    /// What has passed away from it.
    public LinkTraffic downstreamTraffic() {
        return down.traffic();
    }

    /// The link goes down, as for a hot reset or when the card is pulled out: what waits and flies is lost, and
    /// both ends are told.
    public void takeDown() {
        if (up.isUp()) {
            up.makeUp();
            down.makeUp();
            up.down();
            down.down();
            tellReceivers();
        }
    }

    /// The link comes up again, with all credits.
    public void bringUp() {
        if (!up.isUp()) {
            up.up();
            down.up();
            tellReceivers();
        }
    }

    private void tellReceivers() {
        down.tellReceiver();
        up.tellReceiver();
    }

    /// Who waits at either end, and for what: one sentence for each flow of each source.
    public List<String> waiting() {
        List<String> sentences = new ArrayList<>();
        down.describe(sentences);
        up.describe(sentences);
        return sentences;
    }

    /// @param out what is sent from here
    /// @param in what arrives here
    private record End(Link link, Direction out, Direction in) implements LinkEnd {
        @Override
        public void receiver(PacketReceiver receiver) {
            in.receiver(receiver);
        }

        @Override
        public TransmitQueue queue(String name) {
            return out.source(name);
        }

        @Override
        public void free(Packet packet) {
            in.freed(packet);
        }

        @Override
        public void catchUp() {
            in.handOver();
        }

        @Override
        public void holdReset(boolean held) {
            if (held) {
                link.takeDown();
            } else {
                link.bringUp();
            }
        }

        @Override
        public boolean isUp() {
            return out.isUp();
        }
    }
}
