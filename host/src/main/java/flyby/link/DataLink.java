package flyby.link;

import flyby.base.Check;
import flyby.pcie.Generation;
import flyby.pcie.LinkRate;

/// What the data link layer puts on the wires beside TLPs, and how long it takes.
///
/// @param packets whether Ack and UpdateFC take time on the wire; else credits come back by themselves
/// @param skips whether SKP ordered sets take time on the wire
/// @param ackLatencyPicos from the arrival of a TLP until its Ack is due: what arrives in between is acknowledged
/// with it
/// @param updateLatencyPicos from the freeing of room until its UpdateFC is due, or without `packets` until the
/// other end knows of it
public record DataLink(boolean packets, boolean skips, long ackLatencyPicos, long updateLatencyPicos) {
    /// The overhead that table 3-7 reckons with, in symbols.
    private static final int TLP_OVERHEAD = 28;

    public DataLink {
        Check.that(ackLatencyPicos >= 0 && updateLatencyPicos >= 0, "latencies before the cause");
    }

    /// Nothing but TLPs on the wires; the other end knows `creditReturnPicos` later of freed room.
    public static DataLink none(long creditReturnPicos) {
        return new DataLink(false, false, 0, creditReturnPicos);
    }

    /// As late as the specification allows an Ack and recommends an UpdateFC: tables 3-7 to 3-9 and 2-46 to 2-48.
    ///
    /// In FLIT mode both travel in bytes of their own, so that only their latency and the way back count; SKP
    /// ordered sets are neglected there.
    public static DataLink standard(LinkRate rate, int maxPayloadBytes, long propagationPicos) {
        long latency = latencyPicos(rate, maxPayloadBytes);
        return rate.generation().isFlitMode()
                ? new DataLink(false, false, latency, latency + propagationPicos)
                : new DataLink(true, true, latency, latency);
    }

    static long latencyPicos(LinkRate rate, int maxPayloadBytes) {
        return rate.picosFor(
                (long) latencySymbols(rate, maxPayloadBytes) * rate.width().lanes());
    }

    /// The limit in symbol times: (Max_Payload_Size + overhead) * AckFactor / width + internal delay, section
    /// 3.6.3.1.
    static int latencySymbols(LinkRate rate, int maxPayloadBytes) {
        int lanes = rate.width().lanes();
        return (maxPayloadBytes + TLP_OVERHEAD) * ackFactorTenths(lanes, maxPayloadBytes) / (10 * lanes)
                + internalDelay(rate.generation());
    }

    /// AckFactor: how many TLPs of full size an Ack waits for.
    private static int ackFactorTenths(int lanes, int maxPayloadBytes) {
        return switch (lanes) {
            case 1, 2, 4 -> maxPayloadBytes <= 256 ? 14 : 10;
            case 8 -> maxPayloadBytes <= 256 ? 25 : 10;
            default -> maxPayloadBytes <= 256 ? 30 : 20;
        };
    }

    private static int internalDelay(Generation generation) {
        return switch (generation) {
            case GEN1 -> 19;
            case GEN2 -> 70;
            case GEN3, GEN4, GEN5, GEN6 -> 115;
        };
    }
}
