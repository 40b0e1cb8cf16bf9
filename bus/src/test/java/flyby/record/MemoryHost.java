package flyby.record;

import flyby.bus.DeviceHost;
import flyby.bus.Transaction;
import flyby.bus.Transaction.Kind;
import flyby.bus.Transaction.Status;
import flyby.sim.Alarm;
import flyby.sim.Simulation;
import flyby.trace.Trace;
import java.util.function.LongSupplier;

/// A host with some memory, that answers after as long as the test likes, in any order; 0 is in the very call.
public final class MemoryHost implements DeviceHost {
    /// From here on nothing answers.
    public static final int MEMORY_BYTES = 1 << 12;

    private final Simulation simulation;
    private final byte[] memory = new byte[MEMORY_BYTES];
    private final LongSupplier latencyPicos;
    private final StringBuilder interrupts = new StringBuilder();

    public MemoryHost(LongSupplier latencyPicos, Trace trace) {
        this.latencyPicos = latencyPicos;
        simulation = new Simulation(0, trace);
    }

    public Simulation simulation() {
        return simulation;
    }

    public byte[] memory() {
        return memory;
    }

    /// The levels that were driven: `0+` and `0-`.
    public String interrupts() {
        return interrupts.toString();
    }

    @Override
    public long nowPicos() {
        return simulation.nowPicos();
    }

    @Override
    public Alarm alarm(String name, Runnable action) {
        return simulation.event(name, action);
    }

    @Override
    public void submit(Transaction transaction) {
        transaction.accept();
        transaction.start();
        long delayPicos = latencyPicos.getAsLong();
        if (delayPicos == 0) {
            finish(transaction);
        } else {
            simulation.event("access", () -> finish(transaction)).in(delayPicos);
        }
    }

    private void finish(Transaction transaction) {
        long at = transaction.iova();
        if (at < 0 || at > MEMORY_BYTES - transaction.byteCount()) {
            transaction.complete(Status.ADDRESS_ERROR);
            return;
        }
        if (transaction.kind() == Kind.WRITE) {
            System.arraycopy(transaction.data(), 0, memory, (int) at, transaction.byteCount());
        } else {
            System.arraycopy(memory, (int) at, transaction.data(), 0, transaction.byteCount());
        }
        transaction.complete(Status.SUCCESS);
    }

    @Override
    public void interrupt(int vector, boolean asserted) {
        interrupts.append(vector).append(asserted ? '+' : '-');
    }

    @Override
    public long currentTransfer() {
        return 0;
    }

    @Override
    public Trace trace() {
        return simulation.trace();
    }
}
