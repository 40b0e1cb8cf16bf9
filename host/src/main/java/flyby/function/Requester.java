package flyby.function;

import flyby.bus.AddressType;
import flyby.bus.Transaction;
import flyby.bus.Transaction.Kind;
import flyby.bus.Transaction.Status;
import flyby.link.TransmitQueue;
import flyby.pcie.CompletionStatus;
import flyby.pcie.Packet;
import flyby.pcie.PacketPool;
import flyby.pcie.Segmentation;
import flyby.sim.Event;
import flyby.sim.Simulation;
import org.jspecify.annotations.Nullable;

/// A function's side of memory: transactions become packets here, and completions become answers.
final class Requester {
    private final Simulation simulation;
    private final PacketPool pool;
    private final TransmitQueue transmit;
    private final Function function;
    private final FunctionRegisters registers;
    private final ReadTags tags;
    private final WriteEngine writes;
    private final ReadEngine reads;
    private final Event timeout;
    private long submittedCount;
    /// Flights that nobody uses, one behind the other.
    private @Nullable Flight spare;

    Requester(
            Simulation simulation,
            PacketPool pool,
            TransmitQueue transmit,
            Function function,
            FunctionRegisters registers,
            RequesterLimits limits,
            String name) {
        this.simulation = simulation;
        this.pool = pool;
        this.transmit = transmit;
        this.function = function;
        this.registers = registers;
        tags = new ReadTags(limits.tagsMax());
        tags.width(registers.tagWidth());
        writes = new WriteEngine(simulation, name + " writes", this, limits.write());
        reads = new ReadEngine(simulation, name + " reads", this, writes, limits.read());
        timeout = simulation.event(name + " completion timeout", this::timeOut);
        registers.space().whenWritten((_, _) -> tags.width(registers.tagWidth()));
    }

    void submit(Transaction transaction) {
        transaction.accept();
        Flight flight = newFlight();
        flight.transaction = transaction;
        if (transaction.kind() == Kind.WRITE) {
            writes.add(flight);
        } else {
            reads.add(flight);
        }
    }

    ReadTags tags() {
        return tags;
    }

    /// Whether software lets the function send requests: section 7.5.1.1.3, Bus Master Enable.
    boolean isAllowed(Transaction transaction) {
        return registers.isBusMaster() && transaction.addressType() != AddressType.TRANSLATION_REQUEST;
    }

    long writePackets(Transaction transaction) {
        return Segmentation.count(registers.requests()::writeBytes, transaction.iova(), transaction.byteCount());
    }

    /// Hands a write to the link, whose packets are then on their way.
    void sendWrite(Flight flight) {
        Transaction transaction = flight.transaction();
        flight.run.begin(
                transaction.data(),
                0,
                transaction.byteCount(),
                function.id(),
                transaction.iova(),
                registers.requests(),
                transaction.transfer());
        flight.run.attributes(
                transaction.relaxedOrdering() && registers.allowsRelaxedOrdering(),
                transaction.noSnoop() && registers.allowsNoSnoop(),
                registers.hasIdOrdering(),
                transaction.addressType());
        transmit.send(flight.run);
    }

    /// Sends the next request of a read. There is a tag.
    ///
    /// @return how many bytes it asks for
    int sendRead(Flight flight, ReadRequest request) {
        Transaction transaction = flight.transaction();
        long address = transaction.iova() + flight.sentBytes;
        int byteCount = registers.requests().readBytes(address, transaction.byteCount() - flight.sentBytes);
        request.offset = flight.sentBytes;
        request.left = byteCount;
        Packet packet = pool.take().request(Packet.Kind.MEMORY_READ, function.id(), request.tag, address, byteCount);
        packet.attributes(
                transaction.relaxedOrdering() && registers.allowsRelaxedOrdering(),
                transaction.noSnoop() && registers.allowsNoSnoop(),
                registers.hasIdOrdering());
        packet.addressType(transaction.addressType());
        packet.transfer(transaction.transfer());
        if (!timeout.isPending() && registers.timeoutPicos() > 0) {
            timeout.in(registers.timeoutPicos());
        }
        transmit.send(packet);
        return byteCount;
    }

    /// Some writes have become packets.
    void writesIssued() {
        reads.go();
    }

    /// A completion for this function has arrived.
    void completed(Packet packet) {
        ReadRequest request = tags.out(packet.tag());
        if (request == null) {
            return;
        }
        Flight flight = request.flight;
        boolean isLast = packet.status() != CompletionStatus.SUCCESSFUL || packet.payloadBytes() >= request.left;
        if (flight != null) {
            take(packet, request, flight);
        }
        request.left -= packet.payloadBytes();
        if (isLast) {
            tags.free(request);
            if (tags.oldest() == null) {
                timeout.cancel();
            }
            if (flight != null) {
                answered(flight);
            }
            reads.go();
        }
    }

    private static void take(Packet packet, ReadRequest request, Flight flight) {
        switch (packet.status()) {
            case SUCCESSFUL -> {
                if (packet.isPoisoned()) {
                    flight.fail(Status.POISONED);
                }
                int byteCount = Math.min(packet.payloadBytes(), request.left);
                System.arraycopy(packet.data(), 0, flight.transaction().data(), request.offset, byteCount);
                request.offset += byteCount;
            }
            case COMPLETER_ABORT -> flight.fail(Status.ABORTED);
            case UNSUPPORTED_REQUEST, CONFIGURATION_RETRY -> flight.fail(Status.ADDRESS_ERROR);
        }
    }

    /// One of its requests is over.
    private void answered(Flight flight) {
        flight.outstanding--;
        if (flight.outstanding == 0 && reads.waiting().head() != flight) {
            finish(flight);
        }
    }

    /// It is over: its owner is told.
    void finish(Flight flight) {
        Transaction transaction = flight.transaction();
        Status status = flight.status;
        flight.transaction = null;
        flight.next = spare;
        spare = flight;
        transaction.complete(status);
    }

    private void timeOut() {
        long now = simulation.nowPicos();
        long limit = registers.timeoutPicos();
        ReadRequest request = tags.oldest();
        while (request != null && limit > 0) {
            if (request.sentPicos + limit > now) {
                timeout.at(request.sentPicos + limit);
                break;
            }
            Flight flight = request.flight;
            tags.abandon(request);
            if (flight != null) {
                flight.fail(Status.TIMEOUT);
                answered(flight);
            }
            request = tags.oldest();
        }
        reads.go();
    }

    private Flight newFlight() {
        Flight flight = spare;
        if (flight == null) {
            flight = new Flight(this);
        } else {
            spare = flight.next;
            flight.next = null;
        }
        flight.number = submittedCount++;
        flight.sentBytes = 0;
        flight.outstanding = 0;
        flight.started = false;
        flight.status = Status.SUCCESS;
        return flight;
    }
}
