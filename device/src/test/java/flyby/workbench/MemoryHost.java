package flyby.workbench;

import flyby.bus.DeviceHost;
import flyby.bus.Transaction;
import flyby.bus.Transaction.Kind;
import flyby.bus.Transaction.Status;
import flyby.sim.Alarm;
import flyby.sim.Simulation;
import flyby.trace.Trace;
import java.util.function.LongSupplier;

/// A host whose memory answers after as long as the test likes, in any order: what is read is what is there when the
/// answer comes, and what is written is there from then on. A latency of 0 completes in the very call that submits.
public final class MemoryHost implements DeviceHost {
    /// Accesses at and behind here get ADDRESS_ERROR.
    public static final long NOWHERE = 1L << 40;

    /// Accesses at and behind here get POISONED.
    public static final long POISONED = 1L << 41;

    private final Simulation simulation = new Simulation(0, Trace.off());
    private final byte[] memory;
    private final LongSupplier latencyPicos;
    private final boolean[] levels = new boolean[8];
    private final int[] edges = new int[8];
    private int underWay;
    private int underWayMax;
    private int accesses;

    public MemoryHost(int memoryBytes, LongSupplier latencyPicos) {
        memory = new byte[memoryBytes];
        this.latencyPicos = latencyPicos;
    }

    public Simulation simulation() {
        return simulation;
    }

    /// Memory from address 0 on; beyond its end nothing answers.
    public byte[] memory() {
        return memory;
    }

    /// How many accesses were submitted.
    public int accesses() {
        return accesses;
    }

    public int underWay() {
        return underWay;
    }

    public int underWayMax() {
        return underWayMax;
    }

    public boolean isAsserted(int vector) {
        return levels[vector];
    }

    /// How often `vector` was asserted.
    public int edges(int vector) {
        return edges[vector];
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
        underWay++;
        accesses++;
        underWayMax = Math.max(underWayMax, underWay);
        long picos = latencyPicos.getAsLong();
        if (picos == 0) {
            finish(transaction);
        } else {
            simulation.event("access", () -> finish(transaction)).in(picos);
        }
    }

    private void finish(Transaction transaction) {
        underWay--;
        long address = transaction.iova();
        if (address < 0 || address + transaction.byteCount() > memory.length) {
            transaction.complete(address >= POISONED ? Status.POISONED : Status.ADDRESS_ERROR);
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
        if (asserted && !levels[vector]) {
            edges[vector]++;
        }
        levels[vector] = asserted;
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
