package flyby.function;

import flyby.bus.Transaction.Status;
import flyby.sim.Event;
import flyby.sim.Simulation;

/// Turns reads into requests in the order in which they were submitted, one for each tag that is free.
///
/// A read goes behind all writes that were submitted before it, unless it may be reordered: what the ordering rules
/// (section 2.4.1) say of packets begins where they are made.
final class ReadEngine extends Event {
    private final Simulation world;
    private final Requester requester;
    private final WriteEngine writes;
    private final RequesterLimits.Pace pace;
    private final Flight.Queue waiting = new Flight.Queue();
    /// When the engine can go on.
    private long readyPicos;

    private boolean isShortOfTags;
    private long shortSincePicos;
    private long tagWaitPicos;

    ReadEngine(Simulation simulation, String name, Requester requester, WriteEngine writes, RequesterLimits.Pace pace) {
        super(simulation, name);
        this.world = simulation;
        this.requester = requester;
        this.writes = writes;
        this.pace = pace;
    }

    void add(Flight flight) {
        waiting.add(flight);
        if (!isPending()) {
            at(Math.max(world.nowPicos(), readyPicos));
        }
    }

    int waitingCount() {
        return waiting.count();
    }

    /// For how long a read could have been sent, had there been a tag.
    long tagWaitPicos() {
        return tagWaitPicos;
    }

    @Override
    protected void fire() {
        go();
    }

    /// Sends what can be sent: something that reads wait for has happened.
    void go() {
        long now = world.nowPicos();
        if (isShortOfTags) {
            isShortOfTags = false;
            tagWaitPicos += now - shortSincePicos;
        }
        Flight flight = waiting.head();
        while (flight != null && !mustWait(flight, now)) {
            if (!flight.started) {
                start(flight, now);
            }
            if (flight.status != Status.SUCCESS) {
                giveUp(flight);
            } else if (!send(flight, now)) {
                shortSincePicos = now;
                return;
            }
            flight = waiting.head();
        }
    }

    private boolean mustWait(Flight flight, long now) {
        if (flight.status != Status.SUCCESS) {
            return false;
        }
        if (readyPicos > now) {
            at(readyPicos);
            return true;
        }
        return isBehindWrites(flight);
    }

    private boolean isBehindWrites(Flight flight) {
        return !flight.started && !flight.transaction().relaxedOrdering() && writes.hasBefore(flight.number);
    }

    private void start(Flight flight, long now) {
        flight.started = true;
        flight.transaction().start();
        if (!requester.isAllowed(flight.transaction())) {
            flight.fail(Status.ADDRESS_ERROR);
            readyPicos = now + pace.operationPicos();
        }
    }

    /// @return whether there was a tag, and it is known where the bytes are
    private boolean send(Flight flight, long now) {
        if (!requester.translation().resolve(flight.transaction(), flight.sentBytes)) {
            return false;
        }
        ReadRequest request = requester.tags().take(flight, now);
        if (request == null) {
            isShortOfTags = true;
            return false;
        }
        flight.outstanding++;
        requester.sendRead(flight, request);
        readyPicos = now + pace.packetPicos();
        if (flight.sentBytes == flight.transaction().byteCount()) {
            readyPicos += pace.operationPicos();
            flight.isIssued = true;
            waiting.poll();
        }
        return true;
    }

    /// The rest of a read of which a part has failed is not asked for.
    private void giveUp(Flight flight) {
        waiting.poll();
        flight.isIssued = true;
        if (flight.outstanding == 0) {
            requester.finishRead(flight);
        }
    }

    /// Ends all that wait with `status`; those of which a part is on its way end with that.
    void abandon(Status status) {
        for (int i = waiting.count(); i > 0; i--) {
            Flight flight = waiting.head();
            if (flight != null) {
                flight.fail(status);
                giveUp(flight);
            }
        }
    }
}
