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

/// Seams with something around them: passes on everything that is not overridden.
public abstract class WrappedSeams implements Seams {
    private Seams inner;

    protected WrappedSeams(Seams inner) {
        this.inner = inner;
    }

    @Override
    public Seams in(Simulation simulation) {
        inner = inner.in(simulation);
        return this;
    }

    @Override
    public Function<DeviceHost, Device> around(Part function, Function<DeviceHost, Device> maker) {
        return inner.around(function, maker);
    }

    @Override
    public @Nullable Card card(Part function) {
        return inner.card(function);
    }

    @Override
    public Cpu cpu(Cpu cpu) {
        return inner.cpu(cpu);
    }

    @Override
    public MemoryAgent memory(Part port, MemoryAgent agent) {
        return inner.memory(port, agent);
    }

    @Override
    public @Nullable LineWatch lines() {
        return inner.lines();
    }

    @Override
    public @Nullable Decisions decisions() {
        return inner.decisions();
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
