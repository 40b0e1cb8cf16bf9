package flyby.link;

import flyby.base.Check;
import flyby.pcie.FlowClass;
import flyby.pcie.Packet;
import flyby.pcie.PacketPool;
import flyby.pcie.WriteRun;
import flyby.sim.Event;
import flyby.sim.Simulation;
import flyby.trace.Trace;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// One direction of a link: who is next on the wire, and what flies.
///
/// Whoever is next is decided when the wire is free, among the packets and credits that came strictly before; so
/// the order of events within one instant never matters, and a packet that finds the wire idle starts one
/// picosecond after it came. What the data link layer owes goes before TLPs.
final class Direction {
    private static final long NEVER = Long.MAX_VALUE;

    private final Simulation simulation;
    private final PacketPool pool;
    private final String name;
    private final LinkParameters parameters;
    private final Wire wire;
    private final CreditPools credits;
    private final OwedPackets owed;
    private final LinkTraffic traffic;
    private final Trains trains;
    private final WaitingSources sources = new WaitingSources();
    private final Flight flight = new Flight();
    private final Event decision;
    private final Event arrival;
    private final Trace trace;
    private final int track;
    private final int traceName;
    private @Nullable Direction other;
    private @Nullable PacketReceiver receiver;
    private @Nullable Replay replay;
    /// Whether a TLP that is replayed is on the wire.
    private boolean sendingAgain;
    private boolean up = true;
    private int lastServed = -1;
    private long decisionAtPicos = NEVER;
    /// Whether packets wait and none may go before credits come back.
    private boolean starved;
    /// How many packets have arrived and are not freed.
    private int heldCount;
    /// Of these, how many came before the link went down: their credits are void.
    private int staleCount;
    private @Nullable Packet sending;
    /// Who sent it, unless it is part of a run.
    private @Nullable Source sendingSource;
    /// Whether [#sending] began while the link was down.
    private boolean intoVoid;
    /// The run of which [#sending] is the last packet.
    private @Nullable WriteRun endingRun;

    /// @param name the end that sends, as reports show it
    /// @param credits of this direction
    /// @param otherCredits of the other, whose UpdateFCs go this way
    Direction(
            Simulation simulation,
            PacketPool pool,
            String name,
            LinkParameters parameters,
            CreditPools credits,
            CreditPools otherCredits) {
        this.simulation = simulation;
        this.pool = pool;
        this.name = name;
        this.parameters = parameters;
        this.wire = new Wire(parameters.rate(), parameters.dataLink().skips());
        this.credits = credits;
        this.owed = new OwedPackets(parameters, wire, otherCredits);
        this.traffic = new LinkTraffic(wire, owed);
        this.trains = new Trains(wire, owed, credits.posted(), traffic, parameters.propagationPicos());
        this.decision = simulation.event(name + " decides", this::decide);
        this.arrival = simulation.event(name + " arrives", this::arrive);
        this.trace = simulation.trace();
        this.track = trace.track("pcie", name);
        this.traceName = trace.name("TLP");
    }

    /// The direction that carries the DLLPs for this one. Once, at set-up.
    void other(Direction direction) {
        other = direction;
    }

    void receiver(PacketReceiver newReceiver) {
        receiver = newReceiver;
        boolean byTrains = parameters.pace() == Pace.TRAINS && !trace.isOn();
        if (byTrains && newReceiver instanceof TrainReceiver trainReceiver) {
            trains.connect(other().owed, trainReceiver);
        }
    }

    /// Packets may be damaged on their way from now on. Once, at set-up.
    void damagedBy(LinkFaults faults, LinkFaults otherFaults, long retrainPicos) {
        replay = new Replay(simulation, this, name, parameters, traffic, faults, retrainPicos);
        other().owed.damagedBy(otherFaults, replay);
    }

    long nowPicos() {
        return simulation.nowPicos();
    }

    LinkTraffic traffic() {
        makeUp();
        return traffic;
    }

    boolean isUp() {
        return up;
    }

    Source source(String sourceName) {
        Source source = new Source(
                this,
                sources.size(),
                sourceName,
                new WaitingLine(FlowClass.POSTED, credits.posted()),
                new WaitingLine(FlowClass.NON_POSTED, credits.nonPosted()),
                new WaitingLine(FlowClass.COMPLETION, credits.completion()));
        sources.add(source);
        return source;
    }

    /// Something has come to wait at the source at `index`.
    void cameToWait(int index) {
        sources.cameTo(index);
        cameToWait();
    }

    /// Something has come to wait.
    void cameToWait() {
        endTrain();
        arm(simulation.nowPicos() + 1);
    }

    /// Has a decision made at `timePicos`, or when the wire is free.
    private void arm(long timePicos) {
        long time = Math.max(timePicos, wire.freeAtPicos());
        if (sending == null && !sendingAgain && time < decisionAtPicos) {
            decisionAtPicos = time;
            decision.at(time);
        }
    }

    /// Makes up for what was put off.
    private void catchUp() {
        boolean wasOpen = trains.isOpen();
        trains.catchUp(simulation.nowPicos());
        if (wasOpen && !trains.isOpen()) {
            // Or it would have been waiting for credits of other packets since.
            arm(simulation.nowPicos());
        }
    }

    /// Makes up for all that was put off on this wire.
    void makeUp() {
        catchUp();
        other().catchUp();
        owed.settle(simulation.nowPicos());
    }

    /// What is left of a train goes packet by packet.
    private void endTrain() {
        catchUp();
        if (trains.isOpen()) {
            trains.close();
            arm(simulation.nowPicos());
        }
    }

    /// The receiver gets the bytes of a train that have arrived by now.
    void handOver() {
        catchUp();
        trains.handOver(arrivedPicos());
    }

    /// What arrives before this time has arrived.
    private long arrivedPicos() {
        long now = simulation.nowPicos();
        return simulation.isOver(now, arrival) ? now + 1 : now;
    }

    private void decide() {
        long now = simulation.nowPicos();
        decisionAtPicos = NEVER;
        catchUp();
        other().catchUp();
        if (trains.isOpen()) {
            arm(trains.endAtLeastPicos());
            return;
        }
        if (sending != null) {
            finish(sending, now);
        }
        if (sendingAgain && replay != null) {
            sendingAgain = false;
            replay.sentAgain(now);
        }
        settle(now);
        if (wire.freeAtPicos() > now) {
            // A DLLP or a SKP ordered set is on it.
            if (hasWaiting()) {
                arm(now);
            }
        } else {
            other().owed.settle(now);
            credits.learn(now);
            trains.learn(now);
            if (replay != null && replay.hasNext()) {
                sendingAgain = true;
                decisionAtPicos = wire.sendTlp(now, replay.startAgain());
                decision.at(decisionAtPicos);
            } else if (!serve(now) && hasWaiting()) {
                await(now);
            }
        }
        armForUpdates(now);
    }

    /// See [OwedPackets#settle].
    private void settle(long now) {
        owed.settle(now);
        if (other().starved) {
            other().armForCredits(now);
        }
    }

    private boolean serve(long now) {
        return serve(now, lastServed + 1, sources.size()) || serve(now, 0, lastServed + 1);
    }

    private boolean serve(long now, int from, int end) {
        for (int index = sources.next(from); index < end; index = sources.next(index + 1)) {
            Source source = sources.get(index);
            WaitingLine line = source.choose(now);
            if (line != null) {
                lastServed = index;
                if (line.run() != null && isAlone(index, line) && trains.open(line.run(), now)) {
                    starved = false;
                    arm(trains.endAtLeastPicos());
                } else {
                    start(source, line, now);
                }
                return true;
            }
        }
        return false;
    }

    /// Whether nobody but `line` of the source at `index` wants either the wire or DLLPs on it in time.
    private boolean isAlone(int index, WaitingLine line) {
        return up
                && replay == null
                && !other().starved
                && sources.get(index).isOnly(line)
                && sources.next(0) == index
                && sources.next(index + 1) == WaitingSources.NONE;
    }

    private void start(Source source, WaitingLine line, long now) {
        intoVoid = !up;
        if (up) {
            line.credits().take(line.units());
        }
        WriteRun run = line.run();
        Packet packet = line.next(pool);
        if (run != null && run.leftBytes() == 0) {
            endingRun = run;
        }
        starved = false;
        traffic.go(packet.flow(), now);
        traffic.sent(packet.payloadBytes());
        sending = packet;
        sendingSource = run == null ? source : null;
        decisionAtPicos = wire.sendTlp(now, packet.tlpBytes());
        decision.at(decisionAtPicos);
        if (trace.isOn()) {
            trace.begin(now, track, traceName, packet.transfer(), packet.payloadBytes());
        }
    }

    /// The last symbol of `packet` is on the link.
    private void finish(Packet packet, long now) {
        if (trace.isOn()) {
            trace.end(now, track);
        }
        Source source = sendingSource;
        WriteRun run = endingRun;
        sending = null;
        sendingSource = null;
        endingRun = null;
        if (source != null) {
            source.tellSent(packet);
        }
        if (intoVoid) {
            packet.recycle();
        } else if (replay != null) {
            replay.sent(packet, now);
        } else {
            launch(packet, now + parameters.propagationPicos());
        }
        if (run != null) {
            trains.handOver(now);
            trains.keepBytes();
            run.complete();
        }
    }

    private void launch(Packet packet, long arrivalPicos) {
        if (flight.isEmpty()) {
            arrival.at(arrivalPicos);
        }
        flight.add(packet, arrivalPicos);
    }

    /// Nobody could be served: has the next decision made when things have changed.
    private void await(long now) {
        for (int i = sources.next(0); i != WaitingSources.NONE; i = sources.next(i + 1)) {
            if (sources.get(i).hasNewcomer(now)) {
                arm(now + 1);
            }
            sources.get(i).noteStalls(traffic, now);
        }
        starved = true;
        other().endTrain();
        other().settle(now);
        long change = trains.nextChangePicos();
        if (change != NEVER) {
            arm(Math.max(change, now) + 1);
        }
        other().armForUpdates(now);
    }

    /// Has a decision made when credits have come back.
    private void armForCredits(long now) {
        long returned = credits.nextReturnPicos();
        if (returned != NEVER) {
            arm(Math.max(returned, now) + 1);
        }
    }

    /// If the other direction cannot go on without an UpdateFC, or waits for an Ack, that goes when it is due.
    private void armForUpdates(long now) {
        long answer = owed.nextAnswerPicos();
        if (answer != NEVER) {
            arm(Math.max(answer, now));
        }
        if (other().starved) {
            long update = owed.nextUpdatePicos();
            if (update != NEVER) {
                arm(Math.max(update, now));
            }
        }
    }

    private boolean hasWaiting() {
        return (replay != null && replay.hasNext()) || sources.next(0) != WaitingSources.NONE;
    }

    private void arrive() {
        Packet packet = flight.remove();
        if (!flight.isEmpty()) {
            arrival.at(flight.arrivalPicos());
        }
        deliver(packet);
    }

    /// `packet` has arrived undamaged and in its turn.
    void deliver(Packet packet) {
        long now = simulation.nowPicos();
        heldCount++;
        handOver();
        other().catchUp();
        other().owed.arrived(now);
        other().armForUpdates(now);
        if (receiver == null) {
            throw Check.bug("%s: nobody sits at the other end", name);
        }
        receiver.received(packet);
    }

    /// A TLP has arrived that was damaged, or that is not the next one.
    void answerAtOnce() {
        long now = simulation.nowPicos();
        other().owed.answerAtOnce(now);
        other().armForUpdates(now);
    }

    /// The link trains anew: nothing passes for this time, and nothing is lost.
    void retrain(long picos) {
        pause(simulation.nowPicos() + picos);
        other().pause(simulation.nowPicos() + picos);
    }

    private void pause(long untilPicos) {
        makeUp();
        wire.occupyUntil(untilPicos);
        if (replay != null) {
            replay.hold(untilPicos);
        }
    }

    /// The receiver has freed the room of `packet`.
    void freed(Packet packet) {
        if (heldCount == 0) {
            throw Check.bug("%s: a packet is freed twice: %s", name, packet);
        }
        heldCount--;
        if (staleCount > 0) {
            staleCount--;
            return;
        }
        catchUp();
        other().catchUp();
        long now = simulation.nowPicos();
        int units = ReceiveBuffer.units(packet.payloadDoublewords());
        other().owed.freed(packet.flow(), units, now);
        if (trains.isOpen()) {
            trains.reconsider(now);
            arm(trains.endAtLeastPicos());
        }
        if (starved) {
            armForCredits(now);
            other().armForUpdates(now);
        }
    }

    /// The link goes down: what waits, is on the wire or flies is lost, and credits are as at the start. What is
    /// sent from now on takes its time on the wire into the void.
    void down() {
        long now = simulation.nowPicos();
        up = false;
        starved = false;
        staleCount = heldCount;
        handOver();
        trains.lose(arrivedPicos());
        arrival.cancel();
        while (!flight.isEmpty()) {
            flight.remove().recycle();
        }
        if (replay != null) {
            replay.clear();
        }
        sendingAgain = false;
        wire.clear(now);
        owed.reset();
        credits.reset();
        Packet packet = sending;
        Source source = sendingSource;
        WriteRun run = endingRun;
        sending = null;
        sendingSource = null;
        endingRun = null;
        decision.cancel();
        decisionAtPicos = NEVER;
        if (packet != null) {
            if (source != null) {
                source.tellSent(packet);
            }
            packet.recycle();
            if (trace.isOn()) {
                trace.end(now, track);
            }
        }
        if (run != null) {
            run.abandon();
        }
        sources.all().forEach(Source::clear);
    }

    /// Packets pass again.
    void up() {
        up = true;
    }

    /// Tells the receiver whether packets pass.
    void tellReceiver() {
        if (receiver != null) {
            receiver.linkChanged(up);
        }
    }

    /// A sentence for each flow of each source that waits.
    void describe(List<String> sentences) {
        sources.all().forEach(source -> source.describe(sentences, name));
    }

    private Direction other() {
        if (other == null) {
            throw Check.bug("%s is no link yet", name);
        }
        return other;
    }
}
