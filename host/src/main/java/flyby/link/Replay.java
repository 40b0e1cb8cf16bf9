package flyby.link;

import flyby.base.Check;
import flyby.pcie.Packet;
import flyby.sim.Event;
import flyby.sim.Simulation;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.Queue;
import org.jspecify.annotations.Nullable;

/// Sequence numbers, Acks and Naks of one direction, of a link on which packets are damaged: sections 3.6.2 and
/// 3.6.3.
///
/// A TLP is kept until it is acknowledged. What arrives damaged, or behind one that did, is thrown away and comes
/// again; what has arrived before comes again only as time on the wire, and is thrown away too.
final class Replay {
    /// REPLAY_NUM has two bits: the replay that makes it roll over retrains the link first, section 3.6.2.1.
    private static final int REPLAY_NUM_VALUES = 4;

    private final Direction direction;
    private final LinkTraffic traffic;
    private final LinkFaults faults;
    private final long propagationPicos;
    private final long timerPicos;
    private final long retrainPicos;
    private final Event arrival;
    private final Event acknowledgement;
    private final Event timer;

    /// Those that are not acknowledged, the oldest first.
    private final Deque<Kept> kept = new ArrayDeque<>();

    private final Queue<Flying> flights = new ArrayDeque<>();
    private final Queue<Answer> answers = new ArrayDeque<>();
    private long nextSequence;
    /// The next one to go again; [#nextSequence] if none has to.
    private long nextReplayed;

    /// The one that goes again at the moment.
    private long sendingAgain;

    private int replayNumber;

    // The receiver's side.
    private long expected;
    /// NAK_SCHEDULED: the sender will hear, or has heard, that one was damaged.
    private boolean nakScheduled;
    /// And the next answer is the one that says so.
    private boolean nakOwed;

    /// A TLP in the retry buffer, without its packet if that has been delivered.
    private static final class Kept {
        private final long sequence;
        private final int tlpBytes;
        private @Nullable Packet packet;

        private Kept(long sequence, Packet packet) {
            this.sequence = sequence;
            this.tlpBytes = packet.tlpBytes();
            this.packet = packet;
        }
    }

    private record Flying(long sequence, boolean damaged, long arrivalPicos) {}

    /// An Ack of all before `expected`, or a Nak, which asks for those from there on as well.
    private record Answer(long expected, boolean nak, long arrivalPicos) {}

    /// @param retrainPicos how long the link is away when it retrains
    Replay(
            Simulation simulation,
            Direction direction,
            String name,
            LinkParameters parameters,
            LinkTraffic traffic,
            LinkFaults faults,
            long retrainPicos) {
        this.direction = direction;
        this.traffic = traffic;
        this.faults = faults;
        this.propagationPicos = parameters.propagationPicos();
        this.retrainPicos = retrainPicos;
        // REPLAY_TIMER: three times the latency of an Ack, section 3.6.2.1, and the way there and back.
        this.timerPicos = 3 * DataLink.latencyPicos(parameters.rate(), parameters.maxPayloadBytes())
                + parameters.dataLink().ackLatencyPicos()
                + 2 * propagationPicos;
        this.arrival = simulation.event(name + " arrives", this::arrive);
        this.acknowledgement = simulation.event(name + " acknowledged", this::acknowledge);
        this.timer = simulation.event(name + " REPLAY_TIMER", this::replay);
    }

    /// Whether one has to go again, before any new one.
    boolean hasNext() {
        return nextReplayed < nextSequence;
    }

    /// The next one goes again.
    ///
    /// @return its header to digest, in bytes
    int startAgain() {
        for (Kept one : kept) {
            if (one.sequence == nextReplayed) {
                sendingAgain = nextReplayed++;
                return one.tlpBytes;
            }
        }
        throw Check.bug("TLP %d is not kept", nextReplayed);
    }

    /// The last symbol of the one that went again is on the link.
    void sentAgain(long nowPicos) {
        fly(sendingAgain, nowPicos);
    }

    /// The last symbol of a new one is on the link.
    void sent(Packet packet, long nowPicos) {
        kept.add(new Kept(nextSequence, packet));
        fly(nextSequence, nowPicos);
        if (!hasNext()) {
            nextReplayed++;
        }
        nextSequence++;
    }

    private void fly(long sequence, long nowPicos) {
        flights.add(new Flying(sequence, faults.hitsTlp(), nowPicos + propagationPicos));
        if (!arrival.isPending()) {
            arrival.in(propagationPicos);
        }
        if (!timer.isPending()) {
            timer.in(timerPicos);
        }
    }

    private void arrive() {
        Flying flying = flights.remove();
        Flying next = flights.peek();
        if (next != null) {
            arrival.at(next.arrivalPicos);
        }
        if (!flying.damaged && flying.sequence == expected) {
            expected++;
            nakScheduled = false;
            direction.deliver(take(flying.sequence));
        } else if (!flying.damaged && flying.sequence < expected) {
            direction.answerAtOnce();
        } else if (!nakScheduled) {
            nakScheduled = true;
            nakOwed = true;
            direction.answerAtOnce();
        }
    }

    private Packet take(long sequence) {
        for (Kept one : kept) {
            Packet packet = one.packet;
            if (one.sequence == sequence && packet != null) {
                one.packet = null;
                return packet;
            }
        }
        throw Check.bug("TLP %d is not kept", sequence);
    }

    /// The Ack or Nak that was owed arrives at `arrivalPicos`.
    void answer(long arrivalPicos) {
        answers.add(new Answer(expected, nakOwed, arrivalPicos));
        nakOwed = false;
        if (!acknowledgement.isPending()) {
            acknowledgement.at(arrivalPicos);
        }
    }

    private void acknowledge() {
        Answer answer = answers.remove();
        Answer next = answers.peek();
        if (next != null) {
            acknowledgement.at(next.arrivalPicos);
        }
        boolean progress = false;
        for (Kept oldest = kept.peek(); oldest != null && oldest.sequence < answer.expected; oldest = kept.peek()) {
            kept.remove();
            progress = true;
        }
        nextReplayed = Math.max(nextReplayed, answer.expected);
        if (progress) {
            replayNumber = 0;
            timer.cancel();
            if (!kept.isEmpty()) {
                timer.in(timerPicos);
            }
        }
        if (answer.nak) {
            replay();
        }
    }

    /// All that are kept go again.
    private void replay() {
        Kept oldest = kept.peek();
        if (oldest == null) {
            return;
        }
        nextReplayed = oldest.sequence;
        traffic.replayed();
        replayNumber = (replayNumber + 1) % REPLAY_NUM_VALUES;
        timer.in(timerPicos);
        if (replayNumber == 0) {
            direction.retrain(retrainPicos);
        }
        direction.cameToWait();
    }

    /// The link retrains until `timePicos`: REPLAY_TIMER does not run meanwhile.
    void hold(long timePicos) {
        if (timer.isPending()) {
            timer.at(timePicos + timerPicos);
        }
    }

    /// The link is down: everything starts anew.
    void clear() {
        arrival.cancel();
        acknowledgement.cancel();
        timer.cancel();
        for (Kept one : kept) {
            if (one.packet != null) {
                one.packet.recycle();
            }
        }
        kept.clear();
        flights.clear();
        answers.clear();
        nextSequence = 0;
        nextReplayed = 0;
        replayNumber = 0;
        expected = 0;
        nakScheduled = false;
        nakOwed = false;
    }
}
