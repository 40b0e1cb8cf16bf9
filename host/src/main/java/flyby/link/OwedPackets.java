package flyby.link;

import flyby.pcie.FlowClass;
import flyby.pcie.PacketSizes;

/// The DLLPs that one direction owes for the TLPs of the other, and SKP ordered sets: what goes before TLPs on a
/// wire, sections 3.6.3.1 and 2.6.1.2.
///
/// None of them has an event of its own. They take their time on the wire when somebody looks, which gives the same
/// times because only TLPs could have come between.
final class OwedPackets {
    private final DataLink dataLink;
    private final Wire wire;
    private final long propagationPicos;
    private final CreditReturn posted;
    private final CreditReturn nonPosted;
    private final CreditReturn completion;
    private long ackDuePicos = Long.MAX_VALUE;
    private long sentCount;

    /// @param wire that they take
    /// @param credits of the other direction
    OwedPackets(LinkParameters parameters, Wire wire, CreditPools credits) {
        this.dataLink = parameters.dataLink();
        this.wire = wire;
        this.propagationPicos = parameters.propagationPicos();
        this.posted = new CreditReturn(credits.posted());
        this.nonPosted = new CreditReturn(credits.nonPosted());
        this.completion = new CreditReturn(credits.completion());
    }

    /// Whether Acks and UpdateFCs are sent; else credits come back [#creditReturnPicos] after room is free.
    boolean sendsPackets() {
        return dataLink.packets();
    }

    /// See [#sendsPackets].
    long creditReturnPicos() {
        return dataLink.updateLatencyPicos();
    }

    /// Whether anything ever goes before TLPs.
    boolean isAny() {
        return dataLink.packets() || dataLink.skips();
    }

    /// How many DLLPs went.
    long sentCount() {
        return sentCount;
    }

    /// A TLP of the other direction has arrived.
    void arrived(long nowPicos) {
        if (dataLink.packets()) {
            settle(nowPicos);
            ackDuePicos = Math.min(ackDuePicos, nowPicos + Math.max(1, dataLink.ackLatencyPicos()));
        }
    }

    /// Room for a TLP of the other direction, with `units` of data, is free again.
    void freed(FlowClass flow, int units, long nowPicos) {
        CreditReturn credits = switch (flow) {
            case POSTED -> posted;
            case NON_POSTED -> nonPosted;
            case COMPLETION -> completion;
        };
        if (!credits.pool().isFinite()) {
            return;
        }
        if (dataLink.packets()) {
            settle(nowPicos);
            credits.add(units, nowPicos + Math.max(1, dataLink.updateLatencyPicos()));
        } else {
            credits.pool().giveBack(nowPicos + dataLink.updateLatencyPicos(), 1, units);
        }
    }

    /// When the next UpdateFC is due, or [Long#MAX_VALUE].
    long nextUpdatePicos() {
        return Math.min(posted.duePicos(), Math.min(nonPosted.duePicos(), completion.duePicos()));
    }

    /// When the next UpdateFC can go if nothing else comes, or [Long#MAX_VALUE].
    long nextUpdateStartPicos() {
        long due = nextUpdatePicos();
        return due == Long.MAX_VALUE ? due : Math.max(due, wire.freeAtPicos());
    }

    /// Gives their time on the wire to all that are due by `nowPicos` and find the wire free by then.
    void settle(long nowPicos) {
        long due = nextDuePicos();
        while (due <= nowPicos && wire.freeAtPicos() <= nowPicos) {
            if (due == wire.nextSkipPicos()) {
                wire.skip(Math.min(nowPicos, nextDllpPicos()));
            } else {
                sendDllp(due);
            }
            due = nextDuePicos();
        }
    }

    private void sendDllp(long due) {
        long end = wire.send(Math.max(due, wire.freeAtPicos()), PacketSizes.DLLP_BYTES);
        sentCount++;
        if (due == ackDuePicos) {
            ackDuePicos = Long.MAX_VALUE;
            return;
        }
        CreditReturn credits = due == posted.duePicos() ? posted : due == nonPosted.duePicos() ? nonPosted : completion;
        credits.tell(end + propagationPicos);
    }

    private long nextDuePicos() {
        return Math.min(wire.nextSkipPicos(), nextDllpPicos());
    }

    private long nextDllpPicos() {
        return Math.min(ackDuePicos, nextUpdatePicos());
    }

    /// Nothing is owed any more.
    void reset() {
        ackDuePicos = Long.MAX_VALUE;
        posted.reset();
        nonPosted.reset();
        completion.reset();
    }
}
