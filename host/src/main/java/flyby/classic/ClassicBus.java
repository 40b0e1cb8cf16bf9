package flyby.classic;

import flyby.base.Check;
import flyby.bus.InterruptSink;
import flyby.bus.Transaction;
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
/// which HOLD rises, and not after it; what its cycle does at its end is done before HLDA. After a release the CPU
/// has the bus for at least one cycle, if it waits for it. Masters that hold at once are served round robin.
/// [Tenure#HIDDEN] accesses ask for nothing: they run when the CPU has announced that it will not use the bus for
/// long enough ([#cpuIdleUntil]).
public final class ClassicBus {
    /// How many interrupt lines there are.
    public static final int LINES_MAX = 32;

    private static final long NEVER = Long.MAX_VALUE;
    private static final int NEAR_CLOCKS = 16;

    private final Simulation simulation;
    private final BusTiming timing;
    private final AddressMap map;
    private final InterruptSink interrupts;
    private final BusProbe probe;
    private final BusUse use = new BusUse();
    private final List<Slot> slots = new ArrayList<>();
    private final Steps steps;
    /// One cycle of a slot's transaction, in picoseconds.
    final long dmaCyclePicos;
    private final long releasePicos;
    private final long acknowledgePicos;

    /// An edge of the clock, not long ago.
    private long knownEdge;
    /// When HOLD rose, as the CPU sees it, or [#NEVER].
    private long holdSince = NEVER;
    /// When HLDA may come next, or [#NEVER].
    private long acknowledgeAt = NEVER;
    /// When the CPU drives the bus again, or [#NEVER].
    private long handBackAt = NEVER;
    private @Nullable Slot master;
    private @Nullable Slot lastMaster;
    private long masterSince;
    /// When the cycle of a master that runs or is about to run ends, or [#NEVER].
    private long cycleEnd = NEVER;
    /// When that cycle starts or, once it has started, ends; or [#NEVER].
    private long cycleAt = NEVER;
    /// When the last cycle of a master ended.
    private long lastCycleEnd;
    private boolean cycleStarted;
    private boolean cycleIsHidden;
    /// How many slots have a [Tenure#HIDDEN] access, and how many another one.
    private int hiddenCount;
    private int holdingCount;
    private long cpuBusyUntil;
    private boolean cpuCycleIsOpen;
    private long cpuIdleUntil;
    private long returnedAt;
    private @Nullable Runnable cpuWaiter;

    public ClassicBus(Simulation simulation, BusTiming timing, AddressMap map, InterruptSink interrupts) {
        this.simulation = simulation;
        this.timing = timing;
        this.map = map;
        this.interrupts = interrupts;
        this.probe = new BusProbe(simulation.trace(), timing);
        this.steps = new Steps(simulation);
        this.dmaCyclePicos = timing.picos(timing.dmaCycleClocks());
        this.releasePicos = timing.picos(timing.releaseClocks());
        this.acknowledgePicos = timing.picos(timing.acknowledgeClocks());
    }

    /// A new slot.
    ///
    /// @param firstLine the interrupt line of the device's vector 0, from 0 below [#LINES_MAX]; the others follow
    /// it
    public Slot slot(String name, int firstLine) {
        return added(new Slot(this, name, slots.size(), firstLine), firstLine);
    }

    /// A new slot for a device that runs bus cycles of its own.
    ///
    /// @param firstLine as of [#slot]
    public MasterSlot masterSlot(String name, int firstLine) {
        return added(new MasterSlot(this, name, slots.size(), firstLine), firstLine);
    }

    private <S extends Slot> S added(S slot, int firstLine) {
        Check.that(firstLine >= 0 && firstLine < LINES_MAX, "interrupt line %d", firstLine);
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

    BusProbe probe() {
        return probe;
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

    /// Asks that `whenFree` be called once, when it is worth asking [#cpuMayStart] again. Takes back what was
    /// promised with [#cpuIdleUntil].
    public void cpuWaits(Runnable whenFree) {
        Check.that(cpuWaiter == null, "the CPU waits for the bus twice");
        cpuWaiter = whenFree;
        cpuIdleUntil = 0;
    }

    /// The CPU starts a bus cycle of `clocks` clocks, now.
    public void cpuBegins(long address, int clocks, boolean isWrite, boolean isMemory) {
        assert cpuMayStart();
        long now = simulation.nowPicos();
        cpuBusyUntil = now + timing.picos(clocks);
        cpuCycleIsOpen = true;
        use.cpuPicos += cpuBusyUntil - now;
        use.cpuCycles++;
        probe.cpuBegins(now, address, isWrite, isMemory);
        if (acknowledgeAt < cpuBusyUntil) {
            acknowledgeAt = cpuBusyUntil;
            steps.plan();
        }
    }

    /// The CPU's bus cycle is over, now. What it moved is `value`.
    public void cpuEnds(long value) {
        long now = simulation.nowPicos();
        probe.cpuEnds(now, value);
        cpuCycleIsOpen = false;
        if (holdSince != NEVER && acknowledgeAt == NEVER && cycleEnd == NEVER) {
            acknowledgeAt = now;
            steps.plan();
        }
    }

    /// The CPU promises not to use the bus before `timePicos`; [Long#MAX_VALUE]: until further notice.
    public void cpuIdleUntil(long timePicos) {
        cpuIdleUntil = timePicos;
        startHidden();
    }

    // The masters' side.

    /// Whether `slot` has the bus, by a transaction that keeps it or after HOLD.
    boolean isMaster(Slot slot) {
        return master == slot;
    }

    /// `slot` has a new transaction, or raises HOLD.
    void request(Slot slot, boolean isHidden) {
        if (isHidden) {
            if (master == slot) {
                throw Check.bug("%s asks for unused bus time while it keeps the bus", slot);
            }
            hiddenCount++;
            startHidden();
        } else {
            holdingCount++;
            if (master == slot) {
                startCycle(edge(simulation.nowPicos()), dmaCyclePicos);
            } else {
                hold();
            }
        }
    }

    /// `slot` drops HOLD and gives back the bus, which it had as a master that runs its own cycles.
    void returned(Slot slot, boolean isHidden) {
        long now = simulation.nowPicos();
        lastCycleEnd = now;
        if (isHidden) {
            if (now > cycleEnd) {
                throw Check.bug("%s keeps the bus %d ps longer than it said", slot, now - cycleEnd);
            }
            cycleEnd = NEVER;
            cycleIsHidden = false;
            returnedAt = edge(now);
            handBackAt = returnedAt;
            if (holdSince != NEVER) {
                acknowledgeAt = Math.max(edge(holdSince) + acknowledgePicos, returnedAt);
            }
        } else {
            release(now);
        }
        steps.plan();
    }

    /// `slot` drops HOLD before HLDA came.
    void withdrawn(Slot slot, boolean isHidden) {
        if (isHidden) {
            hiddenCount--;
            if (cycleIsHidden && lastMaster == slot) {
                cycleIsHidden = false;
                cycleAt = NEVER;
                cycleEnd = NEVER;
            }
        } else {
            holdingCount--;
            if (holdingCount == 0 && holdSince != NEVER) {
                probe.hold(Math.max(simulation.nowPicos(), holdSince), false);
                holdSince = NEVER;
                acknowledgeAt = NEVER;
            }
        }
        if (master == null) {
            freeCpu();
            startHidden();
        }
        steps.plan();
    }

    /// A master that runs its own cycles has run one.
    void ownCycle(long picos, int byteCount) {
        use.masterPicos += picos;
        use.masterCycles++;
        use.masterBytes += byteCount;
    }

    /// Until when nobody else acts, this bus included.
    long horizonPicos() {
        long horizon = simulation.horizonPicos();
        return steps.running ? Math.min(horizon, steps.nextPicos()) : horizon;
    }

    private void hold() {
        if (holdSince != NEVER || master != null) {
            return;
        }
        holdSince = Math.max(simulation.nowPicos(), returnedAt);
        acknowledgeAt = Math.max(edge(holdSince) + acknowledgePicos, cpuBusyUntil);
        probe.hold(holdSince, true);
        steps.plan();
    }

    private void acknowledge() {
        long now = simulation.nowPicos();
        if (cpuBusyUntil > now || cycleEnd != NEVER) {
            // A hidden master that runs its own cycles says itself when they are over.
            acknowledgeAt = cycleEnd == NEVER ? cpuBusyUntil : cycleAt;
            return;
        }
        if (cpuCycleIsOpen) {
            // It ends at this instant; HLDA follows.
            acknowledgeAt = NEVER;
            return;
        }
        Slot winner = nextMaster();
        use.handoverPicos += now - Math.max(Math.max(holdSince, cpuBusyUntil), lastCycleEnd);
        holdSince = NEVER;
        acknowledgeAt = NEVER;
        master = winner;
        lastMaster = winner;
        masterSince = now;
        probe.acknowledge(now, true);
        if (winner.transaction == null) {
            holdingCount--;
            winner.takeOver();
        } else {
            startCycle(now, dmaCyclePicos);
            // At once: nobody can have come between.
            beginCycle();
        }
    }

    /// The clock edge at or after `timePicos`, without a division if that is soon after the one asked for last.
    private long edge(long timePicos) {
        long edge = knownEdge;
        long ahead = timePicos - edge;
        if (ahead < 0 || ahead > NEAR_CLOCKS * timing.clockPicos()) {
            edge = timing.edge(timePicos);
        } else {
            while (edge < timePicos) {
                edge += timing.clockPicos();
            }
        }
        knownEdge = edge;
        return edge;
    }

    private Slot nextMaster() {
        int count = slots.size();
        int index = lastMaster == null ? 0 : lastMaster.index + 1;
        for (int i = 0; i < count; i++, index++) {
            Slot slot = slots.get(index < count ? index : index - count);
            if (slot.isHolding()) {
                return slot;
            }
        }
        throw Check.bug("HLDA and nobody holds");
    }

    private void startHidden() {
        boolean isFree = master == null && cycleEnd == NEVER && cpuBusyUntil <= simulation.nowPicos();
        // Somebody who holds comes first: what runs in unused time must not delay him.
        if (hiddenCount == 0 || holdSince != NEVER || !isFree) {
            return;
        }
        long start = edge(Math.max(simulation.nowPicos(), returnedAt));
        int next = lastMaster == null ? 0 : lastMaster.index + 1;
        for (int i = 0; i < slots.size(); i++, next++) {
            Slot slot = slots.get(next % slots.size());
            if (slot.isHidden() && start <= cpuIdleUntil - slot.hiddenPicos()) {
                cycleIsHidden = true;
                lastMaster = slot;
                startCycle(start, slot.hiddenPicos());
                return;
            }
        }
    }

    private void startCycle(long startPicos, long picos) {
        cycleAt = startPicos;
        cycleEnd = startPicos + picos;
        cycleStarted = false;
        steps.plan();
    }

    private void beginCycle() {
        Slot slot = Objects.requireNonNull(lastMaster);
        Transaction transaction = slot.transaction;
        if (transaction == null) {
            cycleAt = NEVER;
            hiddenCount--;
            slot.takeOver();
            return;
        }
        cycleStarted = true;
        cycleAt = cycleEnd;
        transaction.start();
        probe.masterBegins(simulation.nowPicos(), transaction, cycleIsHidden);
    }

    private void finishCycle() {
        long now = simulation.nowPicos();
        Slot slot = Objects.requireNonNull(lastMaster);
        Transaction transaction = Objects.requireNonNull(slot.transaction);
        Status status = map.move(transaction);
        probe.masterEnds(now, transaction);
        use.masterPicos += dmaCyclePicos;
        use.masterCycles++;
        use.masterBytes += transaction.byteCount();
        slot.transaction = null;
        lastCycleEnd = now;
        cycleEnd = NEVER;
        cycleAt = NEVER;
        if (cycleIsHidden) {
            hiddenCount--;
            cycleIsHidden = false;
            freeCpu();
        } else {
            holdingCount--;
            if (transaction.tenure() != Tenure.HOLD || status != Status.SUCCESS) {
                release(now);
            }
        }
        transaction.complete(status);
        startHidden();
    }

    private void release(long now) {
        master = null;
        use.heldPicos += now - masterSince;
        returnedAt = edge(now) + releasePicos;
        use.handoverPicos += returnedAt - now;
        probe.acknowledge(now, false);
        probe.hold(now, false);
        handBackAt = returnedAt;
    }

    private void handBack() {
        handBackAt = NEVER;
        freeCpu();
        if (holdingCount > 0) {
            hold();
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

    /// All that the bus does by itself, as one event.
    ///
    /// At one instant a cycle starts or ends before the bus is handed back, and that before it is given away. As
    /// long as nobody else acts, one step follows the other without going back to the agenda.
    private final class Steps extends Event {
        private long plannedPicos = NEVER;
        private boolean running;

        Steps(Simulation simulation) {
            super(simulation, "bus");
        }

        /// Something has a new time. While the steps run, it is seen when the current one is over.
        void plan() {
            if (running) {
                return;
            }
            long next = nextPicos();
            if (next == plannedPicos) {
                return;
            }
            plannedPicos = next;
            if (next == NEVER) {
                cancel();
            } else {
                at(next);
            }
        }

        @Override
        protected void fire() {
            running = true;
            step(plannedPicos);
            long next = nextPicos();
            while (next < simulation.horizonPicos()) {
                simulation.advanceTo(next);
                step(next);
                next = nextPicos();
            }
            running = false;
            plannedPicos = NEVER;
            plan();
        }

        private long nextPicos() {
            return Math.min(cycleAt, Math.min(handBackAt, acknowledgeAt));
        }

        private void step(long now) {
            if (cycleAt == now) {
                if (cycleStarted) {
                    finishCycle();
                } else {
                    beginCycle();
                }
            } else if (handBackAt == now) {
                handBack();
            } else {
                acknowledge();
            }
        }
    }
}
