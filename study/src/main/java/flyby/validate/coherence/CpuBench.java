package flyby.validate.coherence;

import flyby.bus.Cpu;
import flyby.machine.MachineLibrary;
import flyby.machine.PcieMachine;
import flyby.params.Given;
import flyby.sim.Simulation;
import flyby.trace.Trace;
import java.util.List;
import java.util.function.BiConsumer;

/// A program on the first core of a shipped machine.
final class CpuBench {
    private CpuBench() {}

    /// Runs `program` to its end.
    ///
    /// @param sets as after `--set`, inside the machine
    static void run(String machine, BiConsumer<Cpu, PcieMachine> program, String... sets) {
        Simulation simulation = new Simulation(1, Trace.off());
        PcieMachine made =
                new PcieMachine(simulation, MachineLibrary.modern(machine, Given.fromCommandLine(List.of(sets))));
        made.cpu().run(cpu -> {
            program.accept(cpu, made);
            simulation.stop();
        });
        simulation.run();
    }
}
