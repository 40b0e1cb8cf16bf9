package flyby.machine;

import flyby.base.Check;
import flyby.bus.Device;
import flyby.bus.InterruptSink;
import flyby.copy.CopyEngine;
import flyby.memory.PhysicalMemory;
import flyby.sim.Simulation;
import flyby.split.SplitBus;
import java.util.ArrayList;
import java.util.List;

/// Copy engines that share a split-transaction bus into one memory.
///
/// ```
///   engine 0   engine 1   engine 2  ...
///      |          |          |
///   ---+--- arbiter, request and response channel --- memory
/// ```
/// There is no CPU: whoever hears an engine's interrupt tells it what to do next.
public final class CopyBoard {
    /// Everything that makes one board differ from another.
    ///
    /// @param engineCount 1 to [SplitBus#PORTS_MAX]
    /// @param blockBytesMax the largest block that an engine is given
    public record Parameters(SplitBus.Timing bus, int engineCount, CopyEngine.Profile engine, long blockBytesMax) {
        public Parameters {
            Check.that(engineCount >= 1 && engineCount <= SplitBus.PORTS_MAX, "%d engines", engineCount);
            Check.that(blockBytesMax >= 1, "blocks of %d bytes", blockBytesMax);
        }
    }

    private final Parameters parameters;
    private final PhysicalMemory memory = new PhysicalMemory();
    private final SplitBus bus;
    private final List<CopyEngine> engines = new ArrayList<>();

    /// @param interrupts hears the interrupt of engine `number`
    public CopyBoard(Simulation simulation, Parameters parameters, InterruptSink interrupts) {
        this.parameters = parameters;
        long memoryBytes = 2 * parameters.blockBytesMax() * parameters.engineCount();
        bus = new SplitBus(simulation, "bus", parameters.bus(), memory, memoryBytes, SplitBus.Mode.RUN_AHEAD);
        for (int i = 0; i < parameters.engineCount(); i++) {
            int number = i;
            String name = "engine " + i;
            var port = bus.attach(name, (_, asserted) -> interrupts.interrupt(number, asserted));
            engines.add(new CopyEngine(port, name, parameters.engine()));
        }
    }

    /// The registers of engine `number`, from 0.
    public Device engine(int number) {
        return engines.get(number);
    }

    /// Where engine `number` finds its block.
    public long source(int number) {
        return 2 * parameters.blockBytesMax() * number;
    }

    /// Where engine `number` puts its block.
    public long destination(int number) {
        return source(number) + parameters.blockBytesMax();
    }

    public PhysicalMemory memory() {
        return memory;
    }

    public SplitBus bus() {
        return bus;
    }
}
