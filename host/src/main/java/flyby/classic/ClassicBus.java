package flyby.classic;

import flyby.base.Check;
import flyby.bus.InterruptSink;
import flyby.bus.Transaction;
import flyby.bus.Transaction.Kind;
import flyby.bus.Transaction.Status;
import flyby.bus.Transaction.Tenure;
import flyby.sim.Event;
import flyby.sim.Simulation;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/// A synchronous shared bus whose owner is the CPU; other masters ask for it with HOLD and have it while HLDA.
///
/// The handshake, as on the Intel 8086 in minimum mode (data sheet 231455, "HOLD/HLDA"): a master raises HOLD; the
/// CPU finishes the bus cycle it is in, starts no other, and answers HLDA; the master runs its cycles and drops
/// HOLD; the CPU drives the bus again. The CPU goes on computing meanwhile and stalls only where it needs the bus.
///
/// Rules within one instant, so that the order of events cannot matter: the CPU may start a cycle at the edge at
/// which HOLD rises, and not after it. After a release the CPU has the bus for at least one cycle, if it waits for
/// it. Masters that hold at once are served round robin. [Tenure#HIDDEN] accesses ask for nothing: they run when
/// the CPU has announced that it will not use the bus for long enough ([#cpuIdleUntil]).
public final class ClassicBus {
    private static final long NEVER = Long.MAX_VALUE;

    private final Simulation simulation;
    private final BusTiming timing;
    private final AddressMap map;
    private final InterruptSink interrupts;
    private final BusProbe probe;
    private final BusUse use = new BusUse();
    private final List<Slot> slots = new ArrayList<>();
    private final Event acknowledge;
    private final Event cycle;
    private final Event handBack;

    /// When HOLD rose, as the CPU sees it, or [#NEVER].
    private long holdSince = NEVER;
    private @Nullable Slot master;
    private @Nullable Slot lastMaster;
    private long masterSince;
    /// When the cycle of a master that runs or is about to run ends, or [#NEVER].
    private long cycleEnd = NEVER;
    private boolean cycleStarted;
    private boolean cycleIsHidden;
    private boolean running;
    private long cpuBusyUntil;
    private long cpuIdleUntil;
    private long returnedAt;
    private @Nullable Runnable cpuWaiter;

    public ClassicBus(Simulation simulation, BusTiming timing, AddressMap map, InterruptSink interrupts) {
        this.simulation = simulation;
        this.timing = timing;
        this.map = map;
        this.interrupts = interrupts;
        this.probe = new BusProbe(simulation.trace(), timing);
        // In this order: at one instant a cycle ends before the bus is handed back, and before it is given away.
        this.cycle = simulation.event("bus.cycle", this::runCycles);
        this.handBack = simulation.event("bus.hand-back", this::handBack);
        this.acknowledge = simulation.event("bus.hlda", this::acknowledge);
    }

    /// A new slot.
    ///
    /// @param firstLine the interrupt line of the device's vector 0; the others follow it
    public Slot slot(String name, int firstLine) {
        Slot slot = new Slot(this, name, firstLine);
        slots.add(slot);
        return slot;
    }

    public BusTiming timing() {
        return timing;
    }

    public AddressMap map() {
        return map;
    }

    /// Who had the bus for how long.
    public BusUse use() {
        return use;
    }

    /// The time in picoseconds.
    public long nowPicos() {
        return simulation.nowPicos();
    }

    Simulation simulation() {
        return simulation;
    }

    void interrupt(int line, boolean asserted) {
        probe.interrupt(simulation.nowPicos(), line, asserted);
        interrupts.interrupt(line, asserted);
    }

    // The CPU's side.

    /// Whether the CPU may start a bus cycle now.
    public boolean cpuMayStart() {
        long now = simulation.nowPicos();
        return master == null && now >= returnedAt && holdSince >= now && (!cycleIsHidden || cycleEnd <= now);
    }

    /// Asks that `whenFree` be called once, when the CPU may start a bus cycle.
    public void cpuWaits(Runnable whenFree) {
        Check.that(cpuWaiter == null, "the CPU waits for the bus twice");
        cpuWaiter = whenFree;
    }

    /// The CPU starts a bus cycle of `clocks` clocks, now.
    public void cpuBegins(long address, int clocks, boolean isWrite, boolean isMemory) {
        assert cpuMayStart();
        long now = simulation.nowPicos();
        cpuBusyUntil = now + timing.picos(clocks);
        use.cpuPicos += cpuBusyUntil - now;
        use.cpuCycles++;
        probe.cpuBegins(now, address, isWrite, isMemory);
    }

    /// The CPU's bus cycle is over, now. What it moved is `value`.
    public void cpuEnds(long value) {
        probe.cpuEnds(simulation.nowPicos(), value);
    }

    /// The CPU promises not to use the bus before `timePicos`; [Long#MAX_VALUE]: until further notice.
    public void cpuIdleUntil(long timePicos) {
        cpuIdleUntil = timePicos;
        startHidden();
    }

    // The masters' side.

    void request(Slot slot, Transaction transaction) {
        if (transaction.tenure() == Tenure.HIDDEN) {
            startHidden();
        } else if (master == slot) {
            startCycle(timing.edge(simulation.nowPicos()));
        } else {
            hold();
        }
    }

    private void hold() {
        if (holdSince != NEVER || master != null) {
            return;
        }
        holdSince = Math.max(simulation.nowPicos(), returnedAt);
        long seen = timing.edge(holdSince) + timing.picos(timing.acknowledgeClocks());
        acknowledge.at(Math.max(seen, cpuBusyUntil));
        probe.hold(simulation.nowPicos(), true);
    }

    private void acknowledge() {
        long now = simulation.nowPicos();
        if (cpuBusyUntil > now || cycleEnd != NEVER) {
            acknowledge.at(cycleEnd == NEVER ? cpuBusyUntil : cycleEnd);
            return;
        }
        Slot winner = nextMaster();
        use.handoverPicos += now - Math.max(holdSince, cpuBusyUntil);
        holdSince = NEVER;
        master = winner;
        lastMaster = winner;
        masterSince = now;
        probe.acknowledge(now, true);
        startCycle(now);
    }

    private Slot nextMaster() {
        int first = lastMaster == null ? 0 : slots.indexOf(lastMaster) + 1;
        for (int i = 0; i < slots.size(); i++) {
            Slot slot = slots.get((first + i) % slots.size());
            if (slot.transaction != null && slot.transaction.tenure() != Tenure.HIDDEN) {
                return slot;
            }
        }
        throw Check.bug("HLDA and nobody holds");
    }

    private void startHidden() {
        if (master != null || cycleEnd != NEVER || cpuBusyUntil > simulation.nowPicos()) {
            return;
        }
        for (Slot slot : slots) {
            if (slot.transaction != null && slot.transaction.tenure() == Tenure.HIDDEN) {
                long start = timing.edge(Math.max(simulation.nowPicos(), returnedAt));
                if (start <= cpuIdleUntil - timing.picos(timing.dmaCycleClocks())) {
                    cycleIsHidden = true;
                    lastMaster = slot;
                    startCycle(start);
                }
                return;
            }
        }
    }

    private void startCycle(long startPicos) {
        cycleEnd = startPicos + timing.picos(timing.dmaCycleClocks());
        cycleStarted = false;
        if (!running) {
            cycle.at(startPicos);
        }
    }

    /// Runs cycles one after the other for as long as nobody else acts, then goes back to the agenda.
    private void runCycles() {
        running = true;
        while (cycleEnd != NEVER) {
            long next = cycleStarted ? cycleEnd : cycleEnd - timing.picos(timing.dmaCycleClocks());
            if (next > simulation.nowPicos()) {
                if (next >= simulation.horizonPicos()) {
                    cycle.at(next);
                    break;
                }
                simulation.advanceTo(next);
            }
            if (cycleStarted) {
                finishCycle();
            } else {
                beginCycle();
            }
        }
        running = false;
    }

    private void beginCycle() {
        cycleStarted = true;
        Transaction transaction = Objects.requireNonNull(Objects.requireNonNull(lastMaster).transaction);
        transaction.start();
        probe.masterBegins(simulation.nowPicos(), transaction, cycleIsHidden);
    }

    private void finishCycle() {
        long now = simulation.nowPicos();
        Slot slot = Objects.requireNonNull(lastMaster);
        Transaction transaction = Objects.requireNonNull(slot.transaction);
        Status status = move(transaction);
        probe.masterEnds(now, transaction);
        use.masterPicos += timing.picos(timing.dmaCycleClocks());
        use.masterCycles++;
        use.masterBytes += transaction.byteCount();
        slot.transaction = null;
        cycleEnd = NEVER;
        if (cycleIsHidden) {
            cycleIsHidden = false;
            freeCpu();
        } else if (transaction.tenure() == Tenure.RELEASE) {
            release(now);
        }
        transaction.complete(status);
    }

    private void release(long now) {
        master = null;
        use.heldPicos += now - masterSince;
        returnedAt = now + timing.picos(timing.releaseClocks());
        use.handoverPicos += returnedAt - now;
        probe.acknowledge(now, false);
        probe.hold(now, false);
        handBack.at(returnedAt);
    }

    private Status move(Transaction transaction) {
        long address = transaction.iova();
        int byteCount = transaction.byteCount();
        if (!map.isMemory(address, byteCount)) {
            return Status.ADDRESS_ERROR;
        }
        if (transaction.kind() == Kind.READ) {
            map.memory().read(address, transaction.data(), 0, byteCount);
        } else {
            map.memory().write(address, transaction.data(), 0, byteCount);
        }
        return Status.SUCCESS;
    }

    private void handBack() {
        freeCpu();
        for (Slot slot : slots) {
            if (slot.transaction != null && slot.transaction.tenure() != Tenure.HIDDEN) {
                hold();
            }
        }
        startHidden();
    }

    private void freeCpu() {
        Runnable waiter = cpuWaiter;
        if (waiter != null) {
            cpuWaiter = null;
            waiter.run();
        }
    }
}
