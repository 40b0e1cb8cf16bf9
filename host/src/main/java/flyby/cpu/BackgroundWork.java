package flyby.cpu;

import flyby.classic.ClassicBus;
import flyby.sim.Event;
import flyby.sim.Simulation;
import flyby.trace.Trace;

/// Does units of other work until it is told to stop, and stops between two phases of a unit.
///
/// A state machine on one event, not a coroutine: it is what the CPU does most of the time.
final class BackgroundWork {
    /// Where the work program's instructions and data lie; it never touches what drivers use.
    private static final long WORK_ADDRESS = 0x100;

    private final Simulation simulation;
    private final ClassicBus bus;
    private final WorkPattern pattern;
    private final Runnable whenStopped;
    private final Event step;
    private final Runnable busIsFree;
    private final int row;
    private final int workName;
    private final int stallName;
    /// Phase of the unit: below `pattern.busCycles()` a bus cycle, at it the internal clocks.
    private int phase;
    private boolean phaseIsOpen;
    private boolean stopping;
    private boolean waitsForBus;
    private long stalledSince;
    private long stallPicos;
    private long unitCount;

    BackgroundWork(Simulation simulation, ClassicBus bus, WorkPattern pattern, int row, Runnable whenStopped) {
        this.simulation = simulation;
        this.bus = bus;
        this.pattern = pattern;
        this.row = row;
        this.whenStopped = whenStopped;
        this.step = new Step(simulation);
        this.busIsFree = () -> step.in(0);
        this.workName = simulation.trace().name("other work");
        this.stallName = simulation.trace().name("stalled: bus is taken");
    }

    long unitCount() {
        return unitCount;
    }

    long stallPicos() {
        return stallPicos;
    }

    /// Goes on where it stopped.
    void start() {
        Trace trace = simulation.trace();
        if (trace.isOn()) {
            trace.begin(simulation.nowPicos(), row, workName, 0, unitCount);
        }
        stopping = false;
        next();
    }

    /// Stops as soon as the CPU can; `whenStopped` is called then.
    void stop() {
        stopping = true;
    }

    private void step() {
        if (waitsForBus) {
            waitsForBus = false;
            long now = simulation.nowPicos();
            stallPicos += now - stalledSince;
            if (simulation.trace().isOn()) {
                simulation.trace().end(now, row);
            }
            next();
            return;
        }
        if (phaseIsOpen && phase < pattern.busCycles()) {
            bus.cpuEnds(0);
        }
        phaseIsOpen = false;
        phase++;
        if (phase > pattern.busCycles() || (phase == pattern.busCycles() && pattern.internalClocks() == 0)) {
            phase = 0;
            unitCount++;
        }
        if (stopping) {
            if (simulation.trace().isOn()) {
                simulation.trace().end(simulation.nowPicos(), row);
            }
            whenStopped.run();
        } else {
            next();
        }
    }

    private void next() {
        if (phase < pattern.busCycles()) {
            if (!bus.cpuMayStart()) {
                stall();
                return;
            }
            int clocks = bus.timing().cpuCycleClocks();
            bus.cpuBegins(WORK_ADDRESS, clocks, false, true);
            phaseIsOpen = true;
            step.in(bus.timing().picos(clocks));
        } else {
            long end = simulation.nowPicos() + bus.timing().picos(pattern.internalClocks());
            bus.cpuIdleUntil(end);
            step.at(end);
        }
    }

    private void stall() {
        waitsForBus = true;
        stalledSince = simulation.nowPicos();
        Trace trace = simulation.trace();
        if (trace.isOn()) {
            trace.begin(stalledSince, row, stallName, 0, 0);
        }
        bus.cpuWaits(busIsFree);
    }

    /// A class of its own and not a lambda, because it is what fires most.
    private final class Step extends Event {
        Step(Simulation simulation) {
            super(simulation, "cpu.work");
        }

        @Override
        protected void fire() {
            step();
        }
    }
}
