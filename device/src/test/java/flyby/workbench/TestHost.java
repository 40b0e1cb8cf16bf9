package flyby.workbench;

import flyby.bus.DeviceHost;
import flyby.bus.Transaction;
import flyby.bus.Transaction.Kind;
import flyby.bus.Transaction.Status;
import flyby.bus.Transaction.Tenure;
import flyby.sim.Alarm;
import flyby.sim.Simulation;
import flyby.trace.Trace;
import java.util.ArrayList;
import java.util.List;

/// The plainest host a device can have: an array for memory, every access takes 100 ps, and all is written down.
public final class TestHost implements DeviceHost {
    /// How long an access takes, in picoseconds.
    public static final long ACCESS_PICOS = 100;

    private final Simulation simulation = new Simulation(0, Trace.off());
    private final byte[] memory = new byte[256];
    private final List<Tenure> tenures = new ArrayList<>();
    private boolean interrupted;

    public Simulation simulation() {
        return simulation;
    }

    /// Memory from address 0 on; beyond its end nothing answers.
    public byte[] memory() {
        return memory;
    }

    /// What each access asked of the bus.
    public List<Tenure> tenures() {
        return tenures;
    }

    public boolean isInterrupted() {
        return interrupted;
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
        tenures.add(transaction.tenure());
        simulation.event("access", () -> finish(transaction)).in(ACCESS_PICOS);
    }

    @Override
    public void interrupt(int vector, boolean asserted) {
        interrupted = asserted;
    }

    @Override
    public long currentTransfer() {
        return 0;
    }

    @Override
    public Trace trace() {
        return simulation.trace();
    }

    private void finish(Transaction transaction) {
        int address = (int) transaction.iova();
        if (address + transaction.byteCount() > memory.length) {
            transaction.complete(Status.ADDRESS_ERROR);
            return;
        }
        if (transaction.kind() == Kind.WRITE) {
            System.arraycopy(transaction.data(), 0, memory, address, transaction.byteCount());
        } else {
            System.arraycopy(memory, address, transaction.data(), 0, transaction.byteCount());
        }
        transaction.complete(Status.SUCCESS);
    }
}
