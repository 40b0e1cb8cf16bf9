package flyby.classic;

import flyby.base.Check;
import flyby.bus.DeviceHost;
import flyby.bus.Transaction;
import flyby.sim.Alarm;
import flyby.trace.Trace;
import org.jspecify.annotations.Nullable;

/// A place on the bus for one device: the device's host.
///
/// One transaction of a device may be in flight at a time, as the bus has one set of wires. A transaction must not
/// be wider than the bus; a device that moves more says HOLD and goes on.
public sealed class Slot implements DeviceHost permits MasterSlot {
    final ClassicBus bus;
    private final String name;
    private final int firstLine;
    /// Which of the bus's slots it is, from 0.
    final int index;

    private long currentTransfer;

    @Nullable
    Transaction transaction;

    Slot(ClassicBus bus, String name, int index, int firstLine) {
        this.bus = bus;
        this.name = name;
        this.index = index;
        this.firstLine = firstLine;
    }

    @Override
    public long nowPicos() {
        return bus.simulation().nowPicos();
    }

    @Override
    public Alarm alarm(String alarmName, Runnable action) {
        return bus.simulation().event(name + "." + alarmName, action);
    }

    @Override
    public void submit(Transaction submitted) {
        if (transaction != null || submitted.byteCount() > bus.timing().widthBytes()) {
            throw Check.bug("%s submits %s: too wide, or another is in flight", name, submitted);
        }
        submitted.accept();
        transaction = submitted;
        bus.request(this, submitted.tenure() == Transaction.Tenure.HIDDEN);
    }

    @Override
    public void interrupt(int vector, boolean asserted) {
        int line = firstLine + vector;
        if (line >= ClassicBus.LINES_MAX) {
            throw Check.bug("%s has no vector %d", name, vector);
        }
        bus.interrupt(line, asserted);
    }

    @Override
    public long currentTransfer() {
        return currentTransfer;
    }

    @Override
    public Trace trace() {
        return bus.simulation().trace();
    }

    @Override
    public String toString() {
        return name;
    }

    /// Whether something waits here for HLDA.
    boolean isHolding() {
        Transaction waiting = transaction;
        return waiting != null && waiting.tenure() != Transaction.Tenure.HIDDEN;
    }

    /// Whether something waits here that runs only in unused bus time.
    boolean isHidden() {
        Transaction waiting = transaction;
        return waiting != null && waiting.tenure() == Transaction.Tenure.HIDDEN;
    }

    /// For how long what waits for unused bus time needs it, in picoseconds.
    long hiddenPicos() {
        return bus.dmaCyclePicos;
    }

    /// The bus is this slot's, though no transaction waits here.
    void takeOver() {
        throw Check.bug("%s has the bus and nothing to do with it", name);
    }

    void servingTransfer(long transfer) {
        currentTransfer = transfer;
    }
}
