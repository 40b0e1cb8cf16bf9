package flyby.function;

import flyby.bus.AddressType;
import flyby.bus.Transaction;
import flyby.bus.Transaction.Kind;
import flyby.bus.Transaction.Status;
import flyby.configuration.layout.ErrorRegisters;
import flyby.configuration.layout.HeaderRegisters;
import flyby.link.TransmitQueue;
import flyby.pcie.CompletionStatus;
import flyby.pcie.MessageCodes;
import flyby.pcie.Packet;
import flyby.pcie.PacketPool;
import flyby.pcie.PageRange;
import flyby.pcie.Segmentation;
import flyby.sim.Event;
import flyby.sim.Simulation;
import flyby.sim.Time;
import flyby.trace.Trace;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// A function's side of memory: transactions become packets here, and completions become answers.
final class Requester {
    private final Simulation simulation;
    private final PacketPool pool;
    private final TransmitQueue transmit;
    private final Function function;
    private final FunctionRegisters registers;
    private final AddressTranslation translation;
    private final ReadTags tags;
    private final WriteEngine writes;
    private final ReadEngine reads;
    private final Event timeout;
    private final Counts counts = new Counts();
    private final Trace trace;
    private final int track;
    private final int writeName;
    private final int readName;
    private final int interruptName;
    private final int answerName;
    private long submittedCount;
    /// Flights that nobody uses, one behind the other.
    private @Nullable Flight spare;

    /// What has happened: see [FunctionStatistics].
    private static final class Counts {
        long writes;
        long writeBytes;
        long reads;
        long readBytes;
        long timeouts;
        long lateCompletions;
        long unexpectedCompletions;
        long translationRequests;
    }

    Requester(
            Simulation simulation,
            PacketPool pool,
            TransmitQueue transmit,
            Function function,
            FunctionRegisters registers,
            FunctionDescription description) {
        this.simulation = simulation;
        this.pool = pool;
        this.transmit = transmit;
        this.function = function;
        this.registers = registers;
        RequesterLimits limits = description.requester();
        translation = new AddressTranslation(this, registers.translations());
        tags = new ReadTags(limits.tagsMax());
        tags.width(registers.tagWidth());
        writes = new WriteEngine(simulation, function.name() + " writes", this, limits.write());
        reads = new ReadEngine(simulation, function.name() + " reads", this, writes, limits.read());
        timeout = simulation.event(function.name() + " completion timeout", this::timeOut);
        trace = simulation.trace();
        track = trace.track(function.name(), "requests");
        writeName = trace.name("write");
        readName = trace.name("read");
        interruptName = trace.name("interrupt");
        answerName = trace.name("completion");
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

    /// Sends the message of interrupt `vector`, behind all writes that were submitted before it.
    void interrupt(int vector) {
        if (writes.isEmpty()) {
            sendInterrupt(vector);
        } else {
            Flight flight = newFlight();
            flight.vector = vector;
            writes.add(flight);
        }
    }

    /// The turn of an interrupt message has come.
    void sendInterrupt(Flight flight) {
        recycle(flight);
        sendInterrupt(flight.vector);
    }

    /// Messages are memory writes, and so need Bus Master Enable: without it one is lost, section 7.5.1.1.3.
    private void sendInterrupt(int vector) {
        if (!registers.isBusMaster()) {
            return;
        }
        Packet packet = pool.take();
        if (function.interrupts().fill(packet, vector, function.id())) {
            tell(interruptName, 0, vector);
            transmit.send(packet);
        } else {
            packet.recycle();
        }
    }

    ReadTags tags() {
        return tags;
    }

    AddressTranslation translation() {
        return translation;
    }

    /// Whether software lets the function send requests: section 7.5.1.1.3, Bus Master Enable. Translations are
    /// asked for by the function itself.
    boolean isAllowed(Transaction transaction) {
        return registers.isBusMaster() && transaction.addressType() != AddressType.TRANSLATION_REQUEST;
    }

    long writePackets(Transaction transaction) {
        return Segmentation.count(registers.writeRule(), transaction.iova(), transaction.byteCount());
    }

    /// Hands the next bytes of a write to the link, as far as [#translation] has resolved them. Its packets are
    /// then on their way.
    void sendWrite(Flight flight) {
        Transaction transaction = flight.transaction();
        int byteCount = (int) translation.bytes();
        flight.run.begin(
                transaction.data(),
                flight.sentBytes,
                byteCount,
                function.id(),
                translation.address(),
                registers.requests(),
                transaction.transfer());
        flight.run.attributes(
                transaction.relaxedOrdering() && registers.allowsRelaxedOrdering(),
                transaction.noSnoop() && registers.allowsNoSnoop(),
                registers.hasIdOrdering(),
                translation.addressType());
        flight.sentBytes += byteCount;
        counts.writeBytes += byteCount;
        tell(writeName, transaction.transfer(), translation.address());
        transmit.send(flight.run);
    }

    /// A part of a write, or all of it, has left.
    void sent(Flight flight) {
        boolean isOver = flight.status != Status.SUCCESS
                || flight.sentBytes == flight.transaction().byteCount();
        writes.partSent(flight);
        if (isOver) {
            counts.writes++;
            finish(flight);
        }
    }

    /// Sends the next request of a read under the tag of `request`, as far as [#translation] has resolved it.
    void sendRead(Flight flight, ReadRequest request) {
        Transaction transaction = flight.transaction();
        int byteCount = registers.requests().readBytes(translation.address(), translation.bytes());
        request.offset = flight.sentBytes;
        request.left = byteCount;
        Packet packet = pool.take()
                .request(Packet.Kind.MEMORY_READ, function.id(), request.tag, translation.address(), byteCount);
        packet.attributes(
                transaction.relaxedOrdering() && registers.allowsRelaxedOrdering(),
                transaction.noSnoop() && registers.allowsNoSnoop(),
                registers.hasIdOrdering());
        packet.addressType(translation.addressType());
        packet.transfer(transaction.transfer());
        flight.sentBytes += byteCount;
        tell(readName, transaction.transfer(), translation.address());
        watchTime();
        transmit.send(packet);
    }

    /// Asks for the translation of the page at `address`: section 10.2.2.
    ///
    /// @return what waits for the answer, or null if no tag is free; then the engines go on when one is
    @Nullable
    ReadRequest askTranslation(long address) {
        ReadRequest request = tags.take(null, simulation.nowPicos());
        if (request != null) {
            counts.translationRequests++;
            request.left = PageRange.BYTES;
            Packet packet =
                    pool.take().request(Packet.Kind.MEMORY_READ, function.id(), request.tag, address, PageRange.BYTES);
            packet.addressType(AddressType.TRANSLATION_REQUEST);
            watchTime();
            transmit.send(packet);
        }
        return request;
    }

    private void tell(int name, long transfer, long argument) {
        if (trace.isOn()) {
            trace.instant(simulation.nowPicos(), track, name, transfer, argument);
        }
    }

    private void watchTime() {
        if (!timeout.isPending() && registers.timeoutPicos() > 0) {
            timeout.in(registers.timeoutPicos());
        }
    }

    /// Some writes have become packets.
    void writesIssued() {
        reads.go();
    }

    /// A completion for this function has arrived: section 2.3.2.
    void completed(Packet packet) {
        ReadRequest request = tags.out(packet.tag());
        boolean isSuccess = packet.status() == CompletionStatus.SUCCESSFUL;
        if (request == null || (isSuccess && packet.remainingBytes() != request.left)) {
            counts.unexpectedCompletions++;
            function.reportAdvisory(ErrorRegisters.UNEXPECTED_COMPLETION, packet);
            return;
        }
        tell(answerName, packet.transfer(), packet.address());
        boolean isLast = !isSuccess || packet.payloadBytes() >= request.left;
        Flight flight = request.flight;
        if (flight != null) {
            take(packet, request, flight);
        } else if (request.isAwaited) {
            translation.answered(packet);
        } else {
            counts.lateCompletions++;
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
            goOn();
        }
    }

    private void take(Packet packet, ReadRequest request, Flight flight) {
        switch (packet.status()) {
            case SUCCESSFUL -> {
                int byteCount = Math.min(packet.payloadBytes(), request.left);
                System.arraycopy(packet.data(), 0, flight.transaction().data(), request.offset, byteCount);
                request.offset += byteCount;
                counts.readBytes += byteCount;
                if (packet.isPoisoned()) {
                    flight.fail(Status.POISONED);
                    function.set(HeaderRegisters.STATUS_DETECTED_PARITY_ERROR);
                    function.report(ErrorRegisters.POISONED_RECEIVED, packet);
                }
            }
            case COMPLETER_ABORT -> {
                flight.fail(Status.ABORTED);
                function.set(HeaderRegisters.STATUS_RECEIVED_TARGET_ABORT);
            }
            case UNSUPPORTED_REQUEST, CONFIGURATION_RETRY -> {
                flight.fail(Status.ADDRESS_ERROR);
                function.set(HeaderRegisters.STATUS_RECEIVED_MASTER_ABORT);
            }
        }
    }

    /// One of its requests is over.
    private void answered(Flight flight) {
        flight.outstanding--;
        if (flight.outstanding == 0 && flight.isIssued) {
            finishRead(flight);
        }
    }

    /// A read is over.
    void finishRead(Flight flight) {
        counts.reads++;
        finish(flight);
    }

    /// Tags or translations have come: whoever waited for them goes on.
    private void goOn() {
        answerInvalidations();
        writes.go();
        reads.go();
    }

    /// It is over: its owner is told.
    void finish(Flight flight) {
        Transaction transaction = flight.transaction();
        Status status = flight.status;
        recycle(flight);
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
            counts.timeouts++;
            function.report(ErrorRegisters.COMPLETION_TIMEOUT, null);
            abandon(request, Status.TIMEOUT);
            request = tags.oldest();
        }
        goOn();
    }

    private void abandon(ReadRequest request, Status status) {
        Flight flight = request.flight;
        tags.abandon(request);
        if (flight == null) {
            translation.unanswered();
        } else {
            flight.fail(status);
            answered(flight);
        }
    }

    /// An invalidate request has arrived: section 10.3.
    void invalidate(Packet packet) {
        if (translation.invalidate(packet, tags.takenCount())) {
            answerInvalidations();
        } else {
            function.report(ErrorRegisters.UNSUPPORTED_REQUEST, packet);
        }
    }

    /// Section 10.3.2: the answer goes behind all writes that have used the translation, and after all reads that
    /// have are over.
    private void answerInvalidations() {
        Invalidations waiting = translation.invalidations();
        while (!waiting.isEmpty() && !tags.isAwaitedUpTo(waiting.readsBefore())) {
            Packet packet =
                    pool.take().message(MessageCodes.INVALIDATE_COMPLETION, function.id(), waiting.requesterId(), 0);
            packet.tag(waiting.tag());
            waiting.removeFirst();
            transmit.send(packet);
        }
    }

    /// The function is reset: nothing that it has asked for is answered any more. Completions that come late find
    /// their tags out and are dropped.
    ///
    /// @param sentStatus how those end that have been sent
    /// @param waitingStatus how those end that have not
    void reset(Status sentStatus, Status waitingStatus) {
        timeout.cancel();
        writes.abandon(waitingStatus);
        reads.abandon(waitingStatus);
        long last = tags.takenCount();
        while (tags.isAwaitedUpTo(last)) {
            ReadRequest oldest = tags.oldest();
            if (oldest != null) {
                abandon(oldest, sentStatus);
            }
        }
        translation.reset();
    }

    /// The link is down: no completion comes any more.
    void freeTags() {
        tags.freeAbandoned();
    }

    /// Whether requests of the function have not been answered: Transactions Pending, section 7.5.3.5.
    boolean isPending() {
        return tags.oldest() != null;
    }

    /// Adds a sentence on what is waited for, if anything is.
    void describeWaiting(List<String> sentences) {
        long now = simulation.nowPicos();
        ReadRequest oldest = tags.oldest();
        if (oldest != null) {
            sentences.add("function %s: %d reads wait for completions, the oldest since %s, tag %d"
                    .formatted(function.address(), tags.outCount(), Time.text(now - oldest.sentPicos), oldest.tag));
        }
        if (reads.waitingCount() > 0) {
            sentences.add("function %s: %d reads wait to be sent, %d of %d tags are out"
                    .formatted(function.address(), reads.waitingCount(), tags.outCount(), tags.count()));
        }
        if (!writes.isEmpty()) {
            sentences.add(
                    "function %s: %d writes wait to be sent".formatted(function.address(), writes.waitingCount()));
        }
    }

    FunctionStatistics statistics() {
        return new FunctionStatistics(
                counts.writes,
                counts.writeBytes,
                counts.reads,
                counts.readBytes,
                counts.translationRequests,
                counts.timeouts,
                counts.lateCompletions,
                counts.unexpectedCompletions,
                reads.tagWaitPicos());
    }

    private void recycle(Flight flight) {
        flight.transaction = null;
        flight.next = spare;
        spare = flight;
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
        flight.isIssued = false;
        flight.status = Status.SUCCESS;
        return flight;
    }
}
