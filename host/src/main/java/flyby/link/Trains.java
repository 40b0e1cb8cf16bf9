package flyby.link;

import flyby.pcie.FlowClass;
import flyby.pcie.PacketSizes;
import flyby.pcie.WriteRun;
import org.jspecify.annotations.Nullable;

/// What a direction does for the packets of a run when nobody else wants the wire: the decisions, arrivals and
/// credits that would each be an event are put off and made up for when somebody looks, in the order of their
/// times.
///
/// A train is open while its run has more than one packet to send; the last one has its own events.
final class Trains {
    private static final long NEVER = Long.MAX_VALUE;

    /// For fewer packets a train is not worth while.
    private static final int LEAST_PACKETS = 4;

    private final Wire wire;
    private final OwedPackets owed;
    private final CreditPool credits;
    private final LinkTraffic traffic;
    private final long propagationPicos;
    private final boolean finite;
    private final long returnPicos;
    private final Train train;
    private @Nullable OwedPackets otherOwed;
    private @Nullable TrainReceiver receiver;
    private @Nullable WriteRun run;
    private long holdPicos;
    private long nextStartPicos;

    /// @param credits for posted requests
    Trains(Wire wire, OwedPackets owed, CreditPool credits, LinkTraffic traffic, long propagationPicos) {
        this.wire = wire;
        this.owed = owed;
        this.credits = credits;
        this.traffic = traffic;
        this.propagationPicos = propagationPicos;
        this.finite = credits.isFinite();
        this.train = new Train(wire.denominator());
        this.returnPicos = owed.sendsPackets() ? 0 : owed.creditReturnPicos();
    }

    /// @param otherOwed the DLLPs for what goes this way
    void connect(OwedPackets otherOwed, TrainReceiver receiver) {
        this.otherOwed = otherOwed;
        this.receiver = receiver;
    }

    /// Whether packets are sent this way at the moment.
    boolean isOpen() {
        return run != null;
    }

    /// Starts with the next packet of `newRun` at `nowPicos`, if the receiver agrees.
    boolean open(WriteRun newRun, long nowPicos) {
        if (receiver == null || newRun.leftBytes() <= (long) LEAST_PACKETS * newRun.nextBytes()) {
            return false;
        }
        long hold = receiver.holdPicos(newRun);
        if (hold == TrainReceiver.ONE_BY_ONE || (hold != holdPicos && !train.allFreed())) {
            return false;
        }
        holdPicos = hold;
        run = newRun;
        nextStartPicos = nowPicos;
        train.begin(newRun.data(), newRun.offset(), newRun.address());
        catchUp(nowPicos);
        return true;
    }

    /// What is left of the run goes packet by packet.
    void close() {
        run = null;
    }

    /// Credits of another packet have come back, or will: a packet that lacks some may go earlier than was known.
    void reconsider(long nowPicos) {
        if (run != null && nextStartPicos > wire.freeAtPicos()) {
            nextStartPicos = Math.max(nowPicos, wire.freeAtPicos());
        }
    }

    /// No later than this is the first decision that is an event again.
    long endAtLeastPicos() {
        return run == null ? wire.freeAtPicos() : nextStartPicos + wire.atLeastPicos(run);
    }

    /// All that would have happened up to `nowPicos`.
    void catchUp(long nowPicos) {
        while (run != null && nextStartPicos <= nowPicos) {
            WriteRun next = run;
            int count = together(next, nowPicos);
            if (count > 1) {
                send(next, nextStartPicos, count);
            } else {
                send(next, nextStartPicos);
            }
        }
        account(nowPicos);
    }

    /// How many packets of `from`, equal and one behind the other, begin to leave by `nowPicos` and leave at least
    /// one for later, without anything between them: 1 if that takes a closer look.
    private int together(WriteRun from, long nowPicos) {
        int byteCount = from.largestBytes();
        long last = from.address() + from.leftBytes() - 1;
        boolean equal = (from.address() & (byteCount - 1)) == 0
                && PacketSizes.requestHeaderBytes(from.address()) == PacketSizes.requestHeaderBytes(last);
        if (!equal || owed.isAny() || from.leftBytes() <= 2L * byteCount) {
            return 1;
        }
        long parts = wire.partsOf(tlpBytes(from, byteCount));
        long elapsed = (nowPicos - nextStartPicos) * wire.denominator() + wire.lagAt(nextStartPicos);
        // Payloads are powers of two.
        long before = (from.leftBytes() - 1) >> Integer.numberOfTrailingZeros(byteCount);
        int count = (int) Math.min(before, elapsed / parts + 1);
        if (finite) {
            credits.learn(nextStartPicos);
            learn(nextStartPicos);
            // A packet's credits are back when so many have left after it.
            long away = (propagationPicos + holdPicos + returnPicos) * wire.denominator() / parts + 3;
            return credits.allowed(ReceiveBuffer.units(byteCount >> 2)) < Math.min(count, away) ? 1 : count;
        }
        return count;
    }

    private void send(WriteRun from, long now, int count) {
        int byteCount = from.largestBytes();
        int tlpBytes = tlpBytes(from, byteCount);
        int units = ReceiveBuffer.units(byteCount >> 2);
        long lag = wire.lagAt(now);
        nextStartPicos = wire.sendTlps(now, tlpBytes, count);
        add(now, lag, tlpBytes, count, byteCount, units);
        train.noteAll();
        if (finite) {
            traffic.go(FlowClass.POSTED, now);
            credits.take(count, count * units);
        } else {
            train.freeAll();
        }
        if (finite) {
            // What all of them took is made up for, up to where the last one left.
            learn(nextStartPicos);
        }
        traffic.sent(count, (long) count * byteCount);
        skip(from, count * byteCount);
    }

    /// Notes packets that leave from `now` to [#nextStartPicos].
    private void add(long now, long lag, int tlpBytes, int count, int byteCount, int units) {
        long endPicos = nextStartPicos + propagationPicos;
        train.add(now + propagationPicos, lag, wire.partsOf(tlpBytes), endPicos, count, byteCount, units);
    }

    private static int tlpBytes(WriteRun run, int byteCount) {
        int doublewords = PacketSizes.doublewords(run.address(), byteCount);
        return PacketSizes.requestHeaderBytes(run.address()) + doublewords * PacketSizes.DOUBLEWORD_BYTES;
    }

    /// Moves on behind `byteCount` bytes of `from`. The last packet is not the train's.
    private void skip(WriteRun from, int byteCount) {
        from.skip(byteCount);
        if (from.leftBytes() <= from.largestBytes() && from.leftBytes() == from.nextBytes()) {
            close();
        }
    }

    private void send(WriteRun from, long now) {
        if (owed.isAny()) {
            account(now);
            owed.settle(now);
            if (wire.freeAtPicos() > now) {
                nextStartPicos = wire.freeAtPicos();
                return;
            }
        }
        int byteCount = from.nextBytes();
        int units = ReceiveBuffer.units(PacketSizes.doublewords(from.address(), byteCount));
        if (finite) {
            if (!hasCredits(units, now)) {
                await(now);
                return;
            }
            credits.take(units);
        }
        int tlpBytes = tlpBytes(from, byteCount);
        long lag = wire.lagAt(now);
        nextStartPicos = wire.sendTlp(now, tlpBytes);
        add(now, lag, tlpBytes, 1, byteCount, units);
        if (!finite) {
            train.freeAll();
        }
        if (!owed.sendsPackets()) {
            train.noteAll();
        }
        traffic.sent(byteCount);
        skip(from, byteCount);
    }

    private void await(long now) {
        traffic.stall(FlowClass.POSTED, now);
        long chance = Math.min(credits.nextReturnPicos(), nextChangePicos());
        if (chance == NEVER) {
            close();
        } else {
            nextStartPicos = Math.max(chance, now) + 1;
        }
    }

    private boolean hasCredits(int units, long now) {
        if (otherOwed != null && owed.sendsPackets()) {
            otherOwed.settle(now);
        }
        credits.learn(now);
        learn(now);
        if (credits.allows(units)) {
            traffic.go(FlowClass.POSTED, now);
            return true;
        }
        return false;
    }

    /// Takes back credits that come without UpdateFCs, and are known strictly before `nowPicos`.
    void learn(long nowPicos) {
        if (!owed.sendsPackets()) {
            train.free(credits, nowPicos - holdPicos - returnPicos);
        }
    }

    /// Notes arrivals and frees room, in the order of their times, up to `nowPicos`.
    private void account(long nowPicos) {
        if (otherOwed == null || !owed.sendsPackets()) {
            return;
        }
        while (true) {
            long arrival = train.nextArrivalPicos();
            long free = nextFreePicos();
            if (Math.min(arrival, free) > nowPicos) {
                return;
            }
            if (arrival <= free) {
                train.note();
                otherOwed.arrived(arrival);
            } else {
                otherOwed.freed(FlowClass.POSTED, train.free(), free);
            }
        }
    }

    /// When the other end knows of room that is free, or has it free to tell.
    private long nextFreePicos() {
        long arrival = train.nextToFreePicos();
        return arrival == NEVER ? NEVER : arrival + holdPicos + returnPicos;
    }

    /// When something happens next that can lead to credits, or [Long#MAX_VALUE].
    long nextChangePicos() {
        long update = otherOwed == null ? NEVER : otherOwed.nextUpdateStartPicos();
        return Math.min(update, Math.min(train.nextArrivalPicos(), nextFreePicos()));
    }

    /// Hands over the bytes of what the receiver has used by now, of what arrived before `endPicos`.
    void handOver(long endPicos) {
        if (receiver != null) {
            train.handOver(receiver, receiver.usedPicos(endPicos));
        }
    }

    /// A run's owner gets its bytes back.
    void keepBytes() {
        train.keepBytes();
    }

    /// What has not arrived before `endPicos` is lost.
    void lose(long endPicos) {
        close();
        train.lose(endPicos);
    }
}
