package flyby.example;

import flyby.bus.DeviceHost;
import flyby.bus.Transaction;
import flyby.bus.Transaction.Kind;
import flyby.bus.Transaction.Status;
import flyby.sim.Alarm;
import flyby.sim.Simulation;
import flyby.trace.Trace;

/// The plainest host that a device can have: an array for memory, which answers after as long as the test likes; 0
/// is in the very call.
final class ArrayHost implements DeviceHost {
    final Simulation simulation = new Simulation(0, Trace.off());
    final byte[] memory;
    private final long latencyPicos;
    boolean isInterrupted;

    ArrayHost(int memoryBytes, long latencyPicos) {
        memory = new byte[memoryBytes];
        this.latencyPicos = latencyPicos;
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
        if (latencyPicos == 0) {
            finish(transaction);
        } else {
            simulation.event("access", () -> finish(transaction)).in(latencyPicos);
        }
    }

    private void finish(Transaction transaction) {
        long address = transaction.iova();
        if (address < 0 || address > memory.length - transaction.byteCount()) {
            transaction.complete(Status.ADDRESS_ERROR);
            return;
        }
        if (transaction.kind() == Kind.WRITE) {
            System.arraycopy(transaction.data(), 0, memory, (int) address, transaction.byteCount());
        } else {
            System.arraycopy(memory, (int) address, transaction.data(), 0, transaction.byteCount());
        }
        transaction.complete(Status.SUCCESS);
    }

    @Override
    public void interrupt(int vector, boolean asserted) {
        isInterrupted = asserted;
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
