package flyby.vfio;

import flyby.bus.Device;
import flyby.bus.DeviceHost;
import flyby.bus.Transaction;
import flyby.function.FunctionDescription;
import flyby.function.FunctionSpace;
import flyby.pcie.Generation;
import flyby.pcie.LinkRate;
import flyby.pcie.LinkWidth;
import flyby.sim.Alarm;
import flyby.sim.Simulation;
import flyby.trace.Trace;

/// A device's world when it is live: its time is that of the wall, its memory is the client's.
///
/// Accesses to memory that is mapped are over in the call that submits them; no others overtake each other.
/// Interrupts come behind all writes that were submitted before them.
final class LiveHost implements DeviceHost {
    /// What guests are told: a link that does not matter, as nothing crosses it.
    private static final LinkRate RATE = new LinkRate(Generation.GEN4, LinkWidth.X4);

    /// What is due so soon is done at once: to wait for it would take longer.
    private static final long AHEAD_PICOS = 50_000_000;

    private static final long PICOS = 1_000;

    private final Simulation simulation;
    private final FunctionSpace space;
    private final Interrupts interrupts;
    private final ClientMemory memory;
    private final long startNanos = System.nanoTime();

    LiveHost(FunctionDescription description, Interrupts interrupts, ClientMemory memory) {
        this.simulation = new Simulation(1, Trace.off());
        this.space = new FunctionSpace(description, RATE);
        this.interrupts = interrupts;
        this.memory = memory;
    }

    FunctionSpace space() {
        return space;
    }

    Interrupts interrupts() {
        return interrupts;
    }

    ClientMemory memory() {
        return memory;
    }

    private long wallPicos() {
        return (System.nanoTime() - startNanos) * PICOS;
    }

    /// Does what is due by now.
    void catchUp() {
        simulation.runUntil(Math.max(wallPicos(), simulation.nowPicos()));
    }

    /// Does what is due very soon.
    ///
    /// @return how many nanoseconds it is until something else is due; [Long#MAX_VALUE] if nothing is
    long idleNanos() {
        long due = simulation.horizonPicos();
        long wall = wallPicos();
        if (due - wall <= AHEAD_PICOS) {
            simulation.runUntil(Math.max(due, simulation.nowPicos()));
            return 0;
        }
        return due > Long.MAX_VALUE / 2 ? Long.MAX_VALUE : (due - wall) / PICOS;
    }

    /// The state after a reset: *PCI Express Base Specification* 5.0, section 6.6.2.
    void reset(Device device) {
        space.reset();
        interrupts.reset();
        device.reset();
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
        if (space.isBusMaster()) {
            memory.access(transaction);
        } else {
            memory.refuse(transaction);
        }
    }

    @Override
    public void interrupt(int vector, boolean asserted) {
        interrupts.drive(vector, asserted);
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
