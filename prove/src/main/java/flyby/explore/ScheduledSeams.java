package flyby.explore;

import flyby.bus.Cpu;
import flyby.bus.Device;
import flyby.bus.DeviceHost;
import flyby.choice.Decisions;
import flyby.coherence.LineWatch;
import flyby.cpu.ThreadedCpu;
import flyby.dma.Dma;
import flyby.kernel.Kernel;
import flyby.memory.MemoryAgent;
import flyby.sim.Simulation;
import flyby.sim.Time;
import flyby.topology.Card;
import flyby.topology.MachineDescription;
import flyby.topology.Part;
import flyby.topology.PartKind;
import flyby.topology.Seams;
import java.util.function.BooleanSupplier;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/// What is between the parts of a machine, and around it somebody who decides what no specification decides: when
/// devices get on, when interrupts and register writes arrive, when the CPU is lost, and what cores and caches do.
///
/// Devices and programs are outermost: who else looks on sees everything when it really happens.
public final class ScheduledSeams implements Seams {
    /// What differs from machine to machine.
    ///
    /// @param isTranslated whether devices reach memory through an IOMMU
    /// @param threadsPreempt whether another thread may get the CPU at any access where waiting is allowed. Flyby's
    ///     threads take turns only where one waits, and drivers may count on that: a kernel with preemption has no
    ///     such promise
    /// @param latePicos how long all waits of a run are together, at most
    public record Freedom(boolean isTranslated, boolean threadsPreempt, long latePicos) {
        private static final long LATE_PICOS = 5 * Time.MILLISECOND;

        /// What `machine` may do.
        public static Freedom of(MachineDescription machine) {
            return new Freedom(
                    !machine.machine().settings().choice("iommu.mode").equals("off"), false, LATE_PICOS);
        }
    }

    private final Seams inner;
    private final Decisions decisions;
    private final Freedom freedom;
    private final Lateness lateness;

    public ScheduledSeams(Seams inner, Decisions decisions, Freedom freedom) {
        this.inner = inner;
        this.decisions = decisions;
        this.freedom = freedom;
        lateness = new Lateness(decisions, freedom.latePicos());
    }

    @Override
    public Seams in(Simulation simulation) {
        return new ScheduledSeams(inner.in(simulation), decisions, freedom);
    }

    @Override
    public Function<DeviceHost, Device> around(Part function, Function<DeviceHost, Device> maker) {
        return host -> {
            BooleanSupplier overtake =
                    () -> host instanceof flyby.function.Function endpoint && !endpoint.sendsMessages();
            return inner.around(function, late(function, maker, overtake)).apply(host);
        };
    }

    private Function<DeviceHost, Device> late(
            Part function, Function<DeviceHost, Device> maker, BooleanSupplier overtake) {
        return host -> {
            LateHost between = new LateHost(host, function.name(), lateness, !freedom.isTranslated(), overtake);
            between.made(maker.apply(between));
            return new LateDevice(between);
        };
    }

    @Override
    public @Nullable Card card(Part function) {
        return inner.card(function);
    }

    @Override
    public Cpu cpu(Cpu cpu) {
        String name = cpu instanceof ThreadedCpu core ? core.name() : "cpu";
        return new PreemptedCpu(inner.cpu(cpu), name, lateness, freedom.threadsPreempt());
    }

    /// Where devices' own addresses are physical, their accesses are told when they are decided.
    @Override
    public MemoryAgent memory(Part port, MemoryAgent agent) {
        MemoryAgent outer = inner.memory(port, agent);
        return freedom.isTranslated() || port.kind() == PartKind.ISA_BRIDGE
                ? new WatchedAgent(outer, port.name(), decisions)
                : outer;
    }

    @Override
    public @Nullable LineWatch lines() {
        return inner.lines();
    }

    @Override
    public Decisions decisions() {
        return decisions;
    }

    @Override
    public void kernel(Kernel kernel) {
        inner.kernel(kernel);
    }

    @Override
    public void dma(Part function, Dma dma) {
        inner.dma(function, dma);
    }
}
