package flyby.function;

import flyby.bus.Transaction;
import flyby.bus.Transaction.Status;
import flyby.sim.Event;
import flyby.sim.Simulation;
import org.jspecify.annotations.Nullable;

/// Turns writes, and interrupts behind them, into packets in the order in which they were submitted.
final class WriteEngine extends Event {
    private final Simulation world;
    private final Requester requester;
    private final RequesterLimits.Pace pace;
    private final Flight.Queue waiting = new Flight.Queue();
    /// When the engine can go on.
    private long readyPicos;
    /// The write at the head, if a part of it is at the link and the next part has to wait until that has left.
    private @Nullable Flight sending;

    WriteEngine(Simulation simulation, String name, Requester requester, RequesterLimits.Pace pace) {
        super(simulation, name);
        this.world = simulation;
        this.requester = requester;
        this.pace = pace;
    }

    void add(Flight flight) {
        waiting.add(flight);
        go();
    }

    boolean isEmpty() {
        return waiting.head() == null;
    }

    int waitingCount() {
        return waiting.count();
    }

    /// Whether something that was submitted before `number` has not been made into packets.
    boolean hasBefore(long number) {
        Flight head = waiting.head();
        return head != null && head.number < number;
    }

    @Override
    protected void fire() {
        issueAll();
        requester.writesIssued();
    }

    /// A translation has come, or room for a question.
    void go() {
        if (!isEmpty() && !isPending()) {
            at(Math.max(world.nowPicos(), readyPicos));
        }
    }

    /// What was at the link of `flight` has left.
    void partSent(Flight flight) {
        if (sending == flight) {
            sending = null;
            go();
        }
    }

    private void issueAll() {
        long now = world.nowPicos();
        Flight flight = waiting.head();
        while (flight != null && sending == null) {
            if (readyPicos > now) {
                at(readyPicos);
                return;
            }
            if (flight.transaction == null) {
                waiting.poll();
                requester.sendInterrupt(flight);
            } else if (!issue(flight, now)) {
                return;
            }
            flight = waiting.head();
        }
    }

    /// @return whether the next one may follow
    private boolean issue(Flight flight, long now) {
        Transaction transaction = flight.transaction();
        if (!flight.started) {
            flight.started = true;
            transaction.start();
        }
        if (!requester.isAllowed(transaction)) {
            flight.fail(Status.ADDRESS_ERROR);
            waiting.poll();
            readyPicos = now + pace.operationPicos();
            requester.finish(flight);
            return true;
        }
        if (!requester.translation().resolve(transaction, flight.sentBytes)) {
            return false;
        }
        boolean isLast = flight.sentBytes + requester.translation().bytes() == transaction.byteCount();
        if (isLast) {
            waiting.poll();
            readyPicos = now + pace.operationPicos();
            if (pace.packetPicos() > 0) {
                readyPicos += pace.packetPicos() * requester.writePackets(transaction);
            }
        } else {
            sending = flight;
        }
        requester.sendWrite(flight);
        return true;
    }

    /// Ends all that wait with `status`; what is at the link ends when it has left.
    void abandon(Status status) {
        for (int i = waiting.count(); i > 0; i--) {
            Flight flight = waiting.poll();
            if (flight == null || flight.transaction == null) {
                continue;
            }
            flight.fail(status);
            if (flight != sending) {
                requester.finish(flight);
            }
        }
    }
}
