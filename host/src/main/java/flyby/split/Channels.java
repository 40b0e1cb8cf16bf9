package flyby.split;

import flyby.base.Check;
import flyby.bus.Transaction;
import flyby.sim.Simulation;
import flyby.trace.Trace;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/// What happens on a [SplitBus], step by step: the arbiter, the two channels, and the memory's delay between
/// them.
///
/// Every step has at most one time at which it is due next, so four numbers say all that is going to happen. Who
/// calls the steps at those times is left to the two kinds of driver.
abstract class Channels {
    static final long NEVER = Long.MAX_VALUE;

    // When each step is due next. The order of the fields is the order within one instant.
    long responseEndPicos = NEVER;
    /// The end of the request that has the channel, or the next clock edge on which somebody may be granted.
    long requestPicos = NEVER;
    long writeReadyPicos = NEVER;
    long readReadyPicos = NEVER;

    private final SplitBus.Timing timing;
    private final long clockPicos;
    private final MemoryTarget memory;
    private final Trace trace;
    private final int requestTrack;
    private final int responseTrack;
    private final int readName;
    private final int writeName;

    private BusPort[] ports = new BusPort[0];
    /// Bit n: port n has a request at the arbiter.
    private long waitingPorts;
    /// Where the arbiter starts to look: the port after the one granted last.
    private int firstPort;

    private @Nullable Flight requesting;
    private @Nullable Flight responding;
    private final Flight.Queue reads = new Flight.Queue();
    private final Flight.Queue writes = new Flight.Queue();
    private final Flight.Queue responses = new Flight.Queue();

    private long requestBusyPicos;
    private long responseBusyPicos;
    private long completedCount;
    private long orderHash;

    Channels(Simulation simulation, String name, SplitBus.Timing timing, MemoryTarget memory) {
        this.timing = timing;
        this.clockPicos = timing.clockPicos();
        this.memory = memory;
        this.trace = simulation.trace();
        this.requestTrack = trace.track(name, "request");
        this.responseTrack = trace.track(name, "response");
        this.readName = trace.name("read");
        this.writeName = trace.name("write");
    }

    /// A request has come from outside of a step: a step may be due earlier than before.
    abstract void follow();

    final void add(BusPort port) {
        int count = ports.length;
        Check.that(count < SplitBus.PORTS_MAX, "a port beyond the %d of a bus", SplitBus.PORTS_MAX);
        ports = Arrays.copyOf(ports, count + 1);
        ports[count] = port;
    }

    /// Fills in what the bus must know of `flight` whose transaction has just come.
    final void measure(Flight flight) {
        Transaction transaction = flight.transaction;
        Transaction.Kind kind = transaction.kind();
        int byteCount = transaction.byteCount();
        flight.isRead = kind == Transaction.Kind.READ;
        flight.requestPicos = timing.requestPicos(kind, byteCount);
        flight.responsePicos = timing.responsePicos(kind, byteCount, Transaction.Status.SUCCESS);
    }

    /// `port` has a request at the arbiter from now on.
    final void beginRequest(BusPort port, long nowPicos) {
        waitingPorts |= 1L << port.index;
        if (requesting == null && requestPicos == NEVER) {
            requestPicos = nowPicos / clockPicos * clockPicos + clockPicos;
            follow();
        }
    }

    /// The step of the request channel: the request that has it ends, or the time of a grant has come.
    final void request(long nowPicos) {
        requestPicos = NEVER;
        Flight ended = requesting;
        if (ended != null) {
            endRequest(ended, nowPicos);
        }
        grant(nowPicos);
    }

    private void endRequest(Flight flight, long nowPicos) {
        if (trace.isOn()) {
            trace.end(nowPicos, requestTrack);
        }
        requesting = null;
        if (flight.isRead) {
            flight.readyPicos = nowPicos + timing.readLatencyPicos();
            reads.add(flight);
            readReadyPicos = Math.min(readReadyPicos, flight.readyPicos);
        } else {
            flight.readyPicos = nowPicos + timing.writeLatencyPicos();
            writes.add(flight);
            writeReadyPicos = Math.min(writeReadyPicos, flight.readyPicos);
        }
        if (flight.port.endRequest(nowPicos)) {
            waitingPorts |= 1L << flight.port.index;
        }
    }

    /// Gives the free request channel to the first port, from `firstPort` on, whose request began before now.
    private void grant(long nowPicos) {
        // Bit k: the port k places behind firstPort, around the end.
        long candidates = Long.rotateRight(waitingPorts, firstPort);
        while (candidates != 0) {
            int index = firstPort + Long.numberOfTrailingZeros(candidates) & SplitBus.PORTS_MAX - 1;
            BusPort port = ports[index];
            if (port.requestBeginPicos() < nowPicos) {
                waitingPorts &= ~(1L << index);
                firstPort = index + 1 & SplitBus.PORTS_MAX - 1;
                occupy(port.grant(nowPicos), nowPicos);
                return;
            }
            candidates &= candidates - 1;
        }
        if (waitingPorts != 0) {
            requestPicos = nowPicos + clockPicos;
        }
    }

    private void occupy(Flight flight, long nowPicos) {
        long picos = flight.requestPicos;
        requesting = flight;
        requestPicos = nowPicos + picos;
        requestBusyPicos += picos;
        if (trace.isOn()) {
            begin(requestTrack, flight, nowPicos);
        }
        // The bytes of a write go with its request.
        flight.transaction.start();
    }

    /// The step of the first write that is ready.
    final void writeReady(long nowPicos) {
        Flight flight = take(writes);
        writeReadyPicos = headPicos(writes);
        ready(flight, memory.write(flight.transaction), nowPicos);
    }

    /// The step of the first read that is ready.
    final void readReady(long nowPicos) {
        Flight flight = take(reads);
        readReadyPicos = headPicos(reads);
        ready(flight, memory.read(flight.transaction), nowPicos);
    }

    private void ready(Flight flight, Transaction.Status status, long nowPicos) {
        flight.status = status;
        if (status != Transaction.Status.SUCCESS) {
            Transaction transaction = flight.transaction;
            flight.responsePicos = timing.responsePicos(transaction.kind(), transaction.byteCount(), status);
        }
        if (responding == null) {
            respond(flight, nowPicos);
        } else {
            responses.add(flight);
        }
    }

    private void respond(Flight flight, long nowPicos) {
        long picos = flight.responsePicos;
        responding = flight;
        responseEndPicos = nowPicos + picos;
        responseBusyPicos += picos;
        if (trace.isOn()) {
            begin(responseTrack, flight, nowPicos);
        }
    }

    /// The step of the response channel: the response that has it ends, the next begins, and the owner is told.
    final void endResponse(long nowPicos) {
        Flight flight = responding;
        if (flight == null) {
            throw Check.bug("the end of no response at %d ps", nowPicos);
        }
        if (trace.isOn()) {
            trace.end(nowPicos, responseTrack);
        }
        Flight next = responses.poll();
        if (next == null) {
            responding = null;
            responseEndPicos = NEVER;
        } else {
            respond(next, nowPicos);
        }
        completedCount++;
        orderHash = orderHash * 31 + nowPicos + flight.port.index;
        flight.port.complete(flight);
    }

    private void begin(int track, Flight flight, long nowPicos) {
        Transaction transaction = flight.transaction;
        trace.begin(nowPicos, track, flight.isRead ? readName : writeName, transaction.transfer(), transaction.iova());
    }

    private static Flight take(Flight.Queue queue) {
        Flight flight = queue.poll();
        if (flight == null) {
            throw Check.bug("nothing is ready");
        }
        return flight;
    }

    private static long headPicos(Flight.Queue queue) {
        Flight head = queue.head();
        return head == null ? NEVER : head.readyPicos;
    }

    final long requestBusyPicos() {
        return requestBusyPicos;
    }

    final long responseBusyPicos() {
        return responseBusyPicos;
    }

    final long completedCount() {
        return completedCount;
    }

    final long orderHash() {
        return orderHash;
    }
}
