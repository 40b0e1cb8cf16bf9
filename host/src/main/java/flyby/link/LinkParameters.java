package flyby.link;

import flyby.base.Check;
import flyby.pcie.LinkRate;

/// What a link is like.
///
/// @param rate of both directions
/// @param maxPayloadBytes the largest payload of any packet: room for one of these is the least to be granted
/// @param propagationPicos from the last symbol on the wire until the other end has the packet
/// @param upstreamBuffer the room that the end towards the root complex grants
/// @param downstreamBuffer the room that the other end grants
/// @param dataLink what travels beside TLPs
/// @param pace how packets that follow each other are simulated
public record LinkParameters(
        LinkRate rate,
        int maxPayloadBytes,
        long propagationPicos,
        ReceiveBuffer upstreamBuffer,
        ReceiveBuffer downstreamBuffer,
        DataLink dataLink,
        Pace pace) {
    public LinkParameters {
        Check.that(propagationPicos >= 1, "a propagation of %d ps", propagationPicos);
        Check.that(maxPayloadBytes >= 4, "payloads of %d bytes", maxPayloadBytes);
    }

    /// Both ends with room for everything, Ack and UpdateFC as the specification has them.
    public static LinkParameters of(LinkRate rate, int maxPayloadBytes, long propagationPicos) {
        return new LinkParameters(
                rate,
                maxPayloadBytes,
                propagationPicos,
                ReceiveBuffer.UNLIMITED,
                ReceiveBuffer.UNLIMITED,
                DataLink.standard(rate, maxPayloadBytes, propagationPicos),
                Pace.PACKETS);
    }

    /// The same with this room.
    public LinkParameters withBuffers(ReceiveBuffer upstream, ReceiveBuffer downstream) {
        return new LinkParameters(rate, maxPayloadBytes, propagationPicos, upstream, downstream, dataLink, pace);
    }

    /// The same with this beside the TLPs.
    public LinkParameters withDataLink(DataLink beside) {
        return new LinkParameters(
                rate, maxPayloadBytes, propagationPicos, upstreamBuffer, downstreamBuffer, beside, pace);
    }

    /// The same at this pace.
    public LinkParameters withPace(Pace other) {
        return new LinkParameters(
                rate, maxPayloadBytes, propagationPicos, upstreamBuffer, downstreamBuffer, dataLink, other);
    }
}
