package flyby.split;

import flyby.base.Check;
import flyby.bus.DeviceHost;
import flyby.bus.InterruptSink;
import flyby.bus.Transaction;
import flyby.sim.Alarm;
import flyby.sim.Simulation;
import flyby.trace.Trace;
import org.jspecify.annotations.Nullable;

/// A device's place on a [SplitBus], and the host that the device sees.
///
/// Has one request at the arbiter at a time; those submitted meanwhile wait here in their order.
public final class BusPort implements DeviceHost {
    /// The port's number, from 0.
    final int index;

    private final Simulation simulation;
    private final Channels channels;
    private final String name;
    private final InterruptSink interrupts;

    /// The one whose request is at the arbiter or on the channel.
    private @Nullable Flight requesting;

    private long requestBeginPicos;
    private final Flight.Queue behind = new Flight.Queue();
    /// Flights that nobody uses, one behind the other.
    private @Nullable Flight spare;

    private long currentTransfer;

    private long transactionCount;
    private long byteCount;
    private long waitPicos;
    private long waitMaxPicos;

    BusPort(Simulation simulation, Channels channels, int index, String name, InterruptSink interrupts) {
        this.simulation = simulation;
        this.channels = channels;
        this.index = index;
        this.name = name;
        this.interrupts = interrupts;
    }

    @Override
    public long nowPicos() {
        return simulation.nowPicos();
    }

    @Override
    public Alarm alarm(String name, Runnable action) {
        return simulation.event(name, action);
    }

    /// Starts `transaction` of at most [SplitBus#TRANSACTION_BYTES_MAX] bytes. Those of one kind complete in
    /// the order of their submission.
    @Override
    public void submit(Transaction transaction) {
        if (transaction.byteCount() > SplitBus.TRANSACTION_BYTES_MAX) {
            throw Check.bug("%s is larger than the bus allows", transaction);
        }
        transaction.accept();
        Flight flight = flightOf(transaction);
        if (requesting == null) {
            begin(flight, simulation.nowPicos());
            channels.beginRequest(this, requestBeginPicos);
        } else {
            behind.add(flight);
        }
    }

    @Override
    public void interrupt(int vector, boolean asserted) {
        interrupts.interrupt(vector, asserted);
    }

    @Override
    public long currentTransfer() {
        return currentTransfer;
    }

    /// For those who access the device's registers: what they do from now on is done for `transfer` (0: none).
    public void setCurrentTransfer(long transfer) {
        currentTransfer = transfer;
    }

    @Override
    public Trace trace() {
        return simulation.trace();
    }

    /// When the request at the arbiter came there.
    long requestBeginPicos() {
        return requestBeginPicos;
    }

    /// The request at the arbiter has won.
    Flight grant(long nowPicos) {
        Flight flight = requesting;
        if (flight == null) {
            throw Check.bug("port %s has nothing to grant", name);
        }
        long picos = nowPicos - requestBeginPicos;
        waitPicos += picos;
        waitMaxPicos = Math.max(waitMaxPicos, picos);
        return flight;
    }

    /// The request has left the channel.
    ///
    /// @return whether the next one is now at the arbiter
    boolean endRequest(long nowPicos) {
        Flight next = behind.poll();
        if (next == null) {
            requesting = null;
            return false;
        }
        begin(next, nowPicos);
        return true;
    }

    void complete(Flight flight) {
        Transaction transaction = flight.transaction;
        Transaction.Status status = flight.status;
        transactionCount++;
        if (status == Transaction.Status.SUCCESS) {
            byteCount += transaction.byteCount();
        }
        flight.next = spare;
        spare = flight;
        transaction.complete(status);
    }

    SplitBus.PortStatistics statistics() {
        return new SplitBus.PortStatistics(name, transactionCount, byteCount, waitPicos, waitMaxPicos);
    }

    private void begin(Flight flight, long nowPicos) {
        requesting = flight;
        requestBeginPicos = nowPicos;
    }

    private Flight flightOf(Transaction transaction) {
        Flight flight = spare;
        if (flight == null) {
            flight = new Flight(this, transaction);
        } else {
            spare = flight.next;
            flight.next = null;
            flight.transaction = transaction;
        }
        channels.measure(flight);
        return flight;
    }
}
