package flyby.topology;

import flyby.bus.Cpu;
import flyby.bus.Device;
import flyby.bus.DeviceHost;
import flyby.choice.Decisions;
import flyby.coherence.LineWatch;
import flyby.dma.Dma;
import flyby.kernel.Kernel;
import flyby.memory.MemoryAgent;
import flyby.sim.Simulation;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/// What is put between the parts of a machine: recorders, faults, checkers; and cards that no catalogue has.
@FunctionalInterface
public interface Seams {
    /// Nothing.
    Seams DIRECT = (_, maker) -> maker;

    /// What a machine has that is built in `simulation`: asked for once, before anything else.
    default Seams in(Simulation simulation) {
        return this;
    }

    /// A maker of the device that `maker` makes, with whatever is to be around it.
    ///
    /// @param function the part of the machine that the device is behind
    Function<DeviceHost, Device> around(Part function, Function<DeviceHost, Device> maker);

    /// What is plugged in where `function` is, instead of what its settings say; null: nothing else.
    default @Nullable Card card(Part function) {
        return null;
    }

    /// The CPU that programs see: `cpu`, with whatever is to be around it.
    default Cpu cpu(Cpu cpu) {
        return cpu;
    }

    /// How what is behind a root port or an ISA bridge reaches memory: by `agent`, with whatever is to be around it.
    default MemoryAgent memory(Part port, MemoryAgent agent) {
        return agent;
    }

    /// Who is told what happens to cached lines; null: nobody.
    default @Nullable LineWatch lines() {
        return null;
    }

    /// Who is asked where cores and caches could do one thing or another; null: chance decides, by the simulation's
    /// seed.
    default @Nullable Decisions decisions() {
        return null;
    }

    /// The machine's operating system runs from now on.
    default void kernel(Kernel kernel) {}

    /// It has made `dma` for the device behind `function`.
    default void dma(Part function, Dma dma) {}
}
