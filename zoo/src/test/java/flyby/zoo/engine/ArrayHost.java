package flyby.zoo.engine;

import flyby.bus.DeviceHost;
import flyby.bus.Transaction;
import flyby.bus.Transaction.Kind;
import flyby.bus.Transaction.Status;
import flyby.sim.Alarm;
import flyby.sim.Simulation;
import flyby.trace.Trace;
import java.util.ArrayList;
import java.util.List;

/// The plainest host: an array for memory, which answers after as long as the test likes, and all is written down.
final class ArrayHost implements DeviceHost {
    final Simulation simulation = new Simulation(0, Trace.off());
    final byte[] memory = new byte[1 << 16];
    final List<String> accesses = new ArrayList<>();
    final List<String> objections = new ArrayList<>();
    private final long latencyPicos;
    boolean isInterrupted;
    int interrupts;

    /// @param latencyPicos of an access; 0: it is over in the very call
    ArrayHost(long latencyPicos) {
        this.latencyPicos = latencyPicos;
    }

    /// Lets time pass.
    void run(long picos) {
        simulation.event("the end", () -> {}).in(picos);
        simulation.runUntil(simulation.nowPicos() + picos);
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
        accesses.add("%s 0x%x+%d %s"
                .formatted(transaction.kind(), transaction.iova(), transaction.byteCount(), transaction.purpose()));
        if (latencyPicos == 0) {
            finish(transaction);
        } else {
            simulation.event("access", () -> finish(transaction)).in(latencyPicos);
        }
    }

    private void finish(Transaction transaction) {
        if (transaction.iova() < 0 || transaction.iova() > memory.length - transaction.byteCount()) {
            transaction.complete(Status.ADDRESS_ERROR);
            return;
        }
        int address = (int) transaction.iova();
        if (transaction.kind() == Kind.WRITE) {
            System.arraycopy(transaction.data(), 0, memory, address, transaction.byteCount());
        } else {
            System.arraycopy(memory, address, transaction.data(), 0, transaction.byteCount());
        }
        transaction.complete(Status.SUCCESS);
    }

    @Override
    public void interrupt(int vector, boolean asserted) {
        interrupts += asserted && !isInterrupted ? 1 : 0;
        isInterrupted = asserted;
    }

    @Override
    public void objection(String what) {
        objections.add(what);
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
