package flyby.traffic;

import flyby.bus.DeviceHost;
import flyby.bus.Transaction;
import flyby.bus.Transaction.Kind;
import flyby.bus.Transaction.Status;
import flyby.sim.Alarm;
import flyby.sim.Simulation;
import flyby.trace.Trace;

/// Memory behind a number of tags: each access takes the same time, and only so many are under way.
///
/// It allocates nothing while it works, so that a test may count what the device allocates.
final class FixedHost implements DeviceHost {
    private final Simulation simulation;
    private final long accessPicos;
    private final Transaction[] waiting = new Transaction[1_024];
    private final long[] duePicos = new long[1_024];
    private final Alarm alarm;
    private final int tags;
    private final byte[] memory = new byte[1 << 16];
    private int first;
    private int begun;
    private int count;
    private boolean interrupted;

    /// What was asked for, as text; only if somebody has set it.
    StringBuilder log = new StringBuilder();

    boolean logs;

    FixedHost(Simulation simulation, long accessPicos, int tags) {
        this.simulation = simulation;
        this.accessPicos = accessPicos;
        this.tags = tags;
        this.alarm = simulation.event("access", this::finish);
    }

    byte[] memory() {
        return memory;
    }

    boolean isInterrupted() {
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
        if (logs) {
            log.append(transaction.kind() == Kind.READ ? 'r' : 'w')
                    .append(Long.toHexString(transaction.iova()))
                    .append('+')
                    .append(transaction.byteCount())
                    .append(' ');
        }
        waiting[(first + count++) % waiting.length] = transaction;
        begin();
    }

    private void begin() {
        while (begun < count && begun < tags) {
            duePicos[(first + begun++) % waiting.length] = nowPicos() + accessPicos;
        }
        if (!alarm.isPending() && begun > 0) {
            alarm.at(duePicos[first]);
        }
    }

    private void finish() {
        Transaction transaction = waiting[first];
        first = (first + 1) % waiting.length;
        begun--;
        count--;
        begin();
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
}
