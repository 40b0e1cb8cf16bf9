package flyby.function;

import flyby.bus.Transaction;
import flyby.bus.Transaction.Status;
import flyby.sim.Event;
import flyby.sim.Simulation;

/// Turns writes, and interrupts behind them, into packets in the order in which they were submitted.
final class WriteEngine extends Event {
    private final Simulation world;
    private final Requester requester;
    private final RequesterLimits.Pace pace;
    private final Flight.Queue waiting = new Flight.Queue();
    /// When the engine can go on.
    private long readyPicos;

    WriteEngine(Simulation simulation, String name, Requester requester, RequesterLimits.Pace pace) {
        super(simulation, name);
        this.world = simulation;
        this.requester = requester;
        this.pace = pace;
    }

    void add(Flight flight) {
        waiting.add(flight);
        arm();
    }

    boolean isEmpty() {
        return waiting.head() == null;
    }

    /// Whether something that was submitted before `number` has not been made into packets.
    boolean hasBefore(long number) {
        Flight head = waiting.head();
        return head != null && head.number < number;
    }

    Flight.Queue waiting() {
        return waiting;
    }

    private void arm() {
        if (!isPending() && !isEmpty()) {
            at(Math.max(world.nowPicos(), readyPicos));
        }
    }

    @Override
    protected void fire() {
        long now = world.nowPicos();
        while (readyPicos <= now) {
            Flight flight = waiting.poll();
            if (flight == null) {
                break;
            }
            issue(flight, now);
        }
        arm();
        requester.writesIssued();
    }

    private void issue(Flight flight, long now) {
        Transaction transaction = flight.transaction();
        readyPicos = now + pace.operationPicos();
        transaction.start();
        if (!requester.isAllowed(transaction)) {
            flight.fail(Status.ADDRESS_ERROR);
            requester.finish(flight);
            return;
        }
        if (pace.packetPicos() > 0) {
            readyPicos += pace.packetPicos() * requester.writePackets(transaction);
        }
        requester.sendWrite(flight);
    }
}
