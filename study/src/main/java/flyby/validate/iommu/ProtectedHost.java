package flyby.validate.iommu;

import flyby.base.Check;
import flyby.bus.AddressType;
import flyby.bus.Cpu;
import flyby.coherence.CoherenceParameters;
import flyby.coherence.CoherenceParameters.Disturbances;
import flyby.coherence.CoherenceParameters.InputOutput;
import flyby.coherence.CoherenceParameters.Level;
import flyby.coherence.CoherenceParameters.Memory;
import flyby.coherence.CoherenceParameters.SocketLink;
import flyby.coherence.CoherentMemory;
import flyby.core.CoreTiming;
import flyby.core.ServerCore;
import flyby.dmar.RemappingUnit;
import flyby.iommu.Iommu;
import flyby.iommu.IommuParameters;
import flyby.iommu.Translation;
import flyby.memory.MemoryTypes;
import flyby.memory.PhysicalMemory;
import flyby.pcie.PacketPool;
import flyby.pcie.Segmentation;
import flyby.root.RootComplex;
import flyby.root.RootParameters;
import flyby.root.RootWindows;
import flyby.sim.Simulation;
import flyby.sim.Time;
import flyby.trace.Trace;
import java.util.function.Consumer;

/// A core with caches, a root complex with a remapping unit, and the unit's driver; and a device that asks the unit
/// directly. Times are of ordinary size, and no row depends on them but by order of magnitude.
final class ProtectedHost {
    static final int DEVICE = 0x0100;
    static final long PAGE = 4096;

    private static final long REGISTERS = 0xfed9_0000L;
    private static final long MEMORY_BYTES = 1L << 30;
    private static final long TABLES = 64L << 20;
    private static final long TABLE_BYTES = 64L << 20;
    private static final int LINE_BYTES = 64;
    private static final long POLL_PICOS = 20 * Time.NANOSECOND;
    private static final long NS = Time.NANOSECOND;

    private final Simulation simulation = new Simulation(0, Trace.off());
    private final Iommu iommu;
    private final ServerCore core;

    ProtectedHost() {
        CoherentMemory memory = new CoherentMemory(
                simulation,
                new PhysicalMemory(),
                new CoherenceParameters(
                        1,
                        1,
                        LINE_BYTES,
                        LINE_BYTES,
                        new Level(32 << 10, 8, NS),
                        new Level(256 << 10, 8, 4 * NS),
                        new Level(2 << 20, 16, 20 * NS),
                        0,
                        30 * NS,
                        NS,
                        new InputOutput(true, 0b11, 50 * NS, NS),
                        new Memory(MEMORY_BYTES, 0, 2, 256, 80 * NS, 4 * NS, 32),
                        new SocketLink(0, 0),
                        Disturbances.NONE));
        RootComplex root = new RootComplex(
                simulation,
                new PacketPool(LINE_BYTES),
                new RootParameters(
                        100 * NS,
                        50 * NS,
                        50 * NS,
                        100 * NS,
                        10_000_000 * NS,
                        8,
                        new Segmentation(256, 512, 64),
                        0,
                        false),
                RootWindows.Q35,
                (_, _) -> {});
        iommu = new Iommu(
                simulation, "iommu", IommuParameters.typical().withTimes(0, 100 * NS), memory.agent(0), root::message);
        root.integrated(iommu, REGISTERS, Iommu.REGISTER_BYTES);
        core = new ServerCore(
                simulation,
                "core",
                memory.core(0, 0),
                LINE_BYTES,
                root.processor("core", memory.agent(0)),
                new MemoryTypes(),
                new CoreTiming(NS, NS, 10, 10, 500 * NS, 100 * NS, 1_000 * NS));
        root.interrupts(core.vectors());
    }

    /// The simulation, for timers.
    Simulation simulation() {
        return simulation;
    }

    /// The unit as hardware beside it sees it.
    Iommu iommu() {
        return iommu;
    }

    /// Runs `program` on the core to its end.
    void run(Consumer<Cpu> program) {
        boolean[] isOver = new boolean[1];
        core.run(cpu -> {
            program.accept(cpu);
            isOver[0] = true;
        });
        simulation.run();
        Check.that(isOver[0], "the program waits for ever: %s", simulation.waiting());
    }

    /// Loads the unit's driver.
    RemappingUnit driver(Cpu cpu) {
        return new RemappingUnit(cpu, REGISTERS, TABLES, TABLE_BYTES, 4, POLL_PICOS);
    }

    /// Whether a write of the device to `iova` is let through; the core waits for the answer.
    boolean reaches(Cpu cpu, long iova) {
        return ask(cpu, iova, AddressType.UNTRANSLATED).isAllowed();
    }

    /// What the unit says to a write of the device, once it has said it.
    Translation ask(Cpu cpu, long iova, AddressType type) {
        boolean[] isDone = new boolean[1];
        Translation translation = new Translation(_ -> isDone[0] = true);
        translation.ask(DEVICE, iova, LINE_BYTES, true, type);
        isDone[0] = iommu.translate(translation);
        while (!isDone[0]) {
            cpu.delay(POLL_PICOS);
        }
        return translation;
    }

    /// Requests that were refused so far.
    long faults() {
        return iommu.statistics().faults();
    }
}
