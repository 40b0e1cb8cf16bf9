package flyby.link;

import flyby.pcie.FlowClass;
import flyby.pcie.PacketSizes;
import org.jspecify.annotations.Nullable;

/// The DLLPs that one direction owes for the TLPs of the other, and SKP ordered sets: what goes before TLPs on a
/// wire, sections 3.6.3.1 and 2.6.1.2.
///
/// None of them has an event of its own. They take their time on the wire when somebody looks, which gives the same
/// times because only TLPs could have come between.
final class OwedPackets {
    /// An UpdateFC goes again after this time at the latest, in case it was lost: section 2.6.1.2.
    private static final long UPDATE_TIMER_PICOS = 30_000_000;

    private final DataLink dataLink;
    private final Wire wire;
    private final long propagationPicos;
    private final CreditReturn posted;
    private final CreditReturn nonPosted;
    private final CreditReturn completion;
    private long ackDuePicos = Long.MAX_VALUE;
    private long sentCount;
    private @Nullable Replay answered;
    private @Nullable LinkFaults faults;

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

    /// These DLLPs may be damaged.
    ///
    /// @param replay who hears of Acks and Naks
    void damagedBy(LinkFaults newFaults, Replay replay) {
        faults = newFaults;
        answered = replay;
    }

    /// When an Ack or Nak is due that somebody waits for, or [Long#MAX_VALUE].
    long nextAnswerPicos() {
        return answered == null ? Long.MAX_VALUE : ackDuePicos;
    }

    /// An Ack or Nak is due now.
    void answerAtOnce(long nowPicos) {
        settle(nowPicos);
        ackDuePicos = Math.min(ackDuePicos, nowPicos + 1);
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
        boolean lost = faults != null && faults.hitsDllp();
        if (due == ackDuePicos) {
            ackDuePicos = Long.MAX_VALUE;
            if (answered != null && !lost) {
                answered.answer(end + propagationPicos);
            }
            return;
        }
        CreditReturn credits = due == posted.duePicos() ? posted : due == nonPosted.duePicos() ? nonPosted : completion;
        if (lost) {
            credits.postpone(end + UPDATE_TIMER_PICOS);
        } else {
            credits.tell(end + propagationPicos);
        }
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
