package flyby.explore;

import flyby.bus.Cpu;
import flyby.coherence.CoherenceParameters;
import flyby.coherence.CoherenceParameters.Disturbances;
import flyby.coherence.CoherenceParameters.InputOutput;
import flyby.coherence.CoherenceParameters.Level;
import flyby.coherence.CoherenceParameters.Memory;
import flyby.coherence.CoherenceParameters.SocketLink;
import flyby.coherence.CoherentMemory;
import flyby.core.CoreTiming;
import flyby.core.MemoryOrder;
import flyby.core.ServerCore;
import flyby.memory.MemoryTypes;
import flyby.memory.PhysicalMemory;
import flyby.root.ProcessorPort;
import flyby.sim.Simulation;
import flyby.sim.Time;
import flyby.trace.Trace;
import java.util.List;
import java.util.function.BiConsumer;
import java.util.stream.IntStream;

/// Two cores with a little memory and no devices, that run a small program each: a litmus test.
final class Litmus implements ProcessorPort {
    static final MemoryOrder TSO = new MemoryOrder(8, false, 100 * Time.NANOSECOND, 0);
    static final MemoryOrder WEAK = new MemoryOrder(8, true, 100 * Time.NANOSECOND, 100 * Time.NANOSECOND);

    /// Shared places, each in a line of its own, and what loads put there.
    static final long X = 0x1000;

    static final long Y = 0x1040;
    private static final long MEMORY_BYTES = 0x1_0000;
    private static final long LATE_PICOS = Time.SECOND;

    private final MemoryOrder order;
    private final long startPicos;
    private final List<BiConsumer<Cpu, int[]>> programs;

    /// @param programs one for each core, and what it puts its results in
    Litmus(MemoryOrder order, List<BiConsumer<Cpu, int[]>> programs) {
        this(order, 0, programs);
    }

    private Litmus(MemoryOrder order, long startPicos, List<BiConsumer<Cpu, int[]>> programs) {
        this.order = order;
        this.startPicos = startPicos;
        this.programs = programs;
    }

    /// The same, with the second core beginning so much later.
    Litmus startingAfter(long picos) {
        return new Litmus(order, picos, programs);
    }

    /// What the loads got, core by core, and then what X and Y are in the end.
    List<Integer> run(Schedule schedule) {
        Simulation simulation = new Simulation(1, Trace.off());
        long nanos = Time.NANOSECOND;
        CoherentMemory memory = new CoherentMemory(
                simulation,
                new PhysicalMemory(),
                new CoherenceParameters(
                        1,
                        2,
                        64,
                        64,
                        new Level(1024, 2, nanos),
                        new Level(4096, 4, 5 * nanos),
                        new Level(8192, 4, 20 * nanos),
                        0,
                        30 * nanos,
                        2 * nanos,
                        new InputOutput(true, 0b1100, 10 * nanos, 0),
                        new Memory(MEMORY_BYTES, 0, 1, 64, 80 * nanos, 0, 0),
                        new SocketLink(0, 0),
                        Disturbances.NONE));
        CoreTiming timing = new CoreTiming(nanos, nanos, 2, 2, 50 * nanos, 30 * nanos, 10 * nanos, order, 0);
        int[][] results = new int[programs.size()][2];
        Lateness lateness = new Lateness(schedule, LATE_PICOS);
        for (int i = 0; i < programs.size(); i++) {
            int index = i;
            ServerCore core =
                    new ServerCore(simulation, "cpu" + i, memory.core(0, i), 64, this, new MemoryTypes(), timing);
            core.decide(schedule);
            core.view(cpu -> new PreemptedCpu(cpu, "cpu" + index, lateness, false));
            core.run(cpu -> {
                cpu.delay(index * startPicos);
                programs.get(index).accept(cpu, results[index]);
            });
        }
        simulation.run();
        return IntStream.of(results[0][0], results[0][1], results[1][0], results[1][1], memory.peek(X), memory.peek(Y))
                .boxed()
                .toList();
    }

    @Override
    public boolean isMapped(long address) {
        return false;
    }

    @Override
    public void read(long address, int byteCount, long transfer, Reader reader) {
        throw new AssertionError("a register");
    }

    @Override
    public boolean write(long address, byte[] from, int offset, int byteCount, long transfer, Runnable whenRoom) {
        throw new AssertionError("a register");
    }
}
