package flyby.bench;

import flyby.bus.Completion;
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
import flyby.memory.MemoryTypes;
import flyby.memory.PhysicalMemory;
import flyby.root.ProcessorPort;
import flyby.sim.Coroutine;
import flyby.sim.Simulation;
import flyby.trace.Trace;
import java.lang.management.ManagementFactory;
import java.lang.management.ThreadMXBean;
import java.util.Arrays;
import java.util.Locale;

/// What a switch between two threads of a core costs the simulator, beside what two coroutines cost that wake each
/// other and nothing else: the limit.
///
/// Prints one RESULT line: CPU time per switch, the median of the rounds after the first five, in turns.
///
/// Usage: `ThreadRun [rounds=25]`.
public final class ThreadRun {
    private static final int WARM_UP_ROUNDS = 5;
    private static final int SWITCHES = 200_000;

    private ThreadRun() {}

    /// Runs the rounds and prints their medians.
    public static void main(String[] args) {
        int rounds = Integer.parseInt(args.length > 0 ? args[0] : "25");
        double[] threads = new double[rounds];
        double[] coroutines = new double[rounds];
        for (int i = 0; i < rounds; i++) {
            coroutines[i] = nanosPerSwitch(ThreadRun::coroutines);
            threads[i] = nanosPerSwitch(ThreadRun::threads);
        }
        System.out.printf(
                Locale.ROOT,
                "RESULT switches=%d coroutine_ns=%.1f thread_ns=%.1f ratio=%.2f%n",
                SWITCHES,
                median(coroutines),
                median(threads),
                median(threads) / median(coroutines));
    }

    private static double nanosPerSwitch(Runnable round) {
        ThreadMXBean bean = ManagementFactory.getThreadMXBean();
        long start = bean.getCurrentThreadCpuTime();
        round.run();
        return (bean.getCurrentThreadCpuTime() - start) / (double) SWITCHES;
    }

    private static double median(double[] rounds) {
        double[] warm = Arrays.copyOfRange(rounds, Math.min(WARM_UP_ROUNDS, rounds.length - 1), rounds.length);
        Arrays.sort(warm);
        return warm[warm.length / 2];
    }

    /// Each lets the time of a switch pass, wakes the other and parks.
    private static void coroutines() {
        Simulation simulation = new Simulation(1, Trace.off());
        Coroutine[] both = new Coroutine[2];
        for (int i = 0; i < 2; i++) {
            int own = i;
            both[i] = simulation.coroutine("coroutine " + i, self -> {
                for (int n = 0; n < SWITCHES / 2; n++) {
                    self.waitFor(1_000);
                    both[1 - own].wake();
                    self.park("its turn");
                }
            });
        }
        simulation.run();
    }

    /// Each completes what the other waits for, and waits itself.
    private static void threads() {
        Simulation simulation = new Simulation(1, Trace.off());
        CoherentMemory memory = new CoherentMemory(
                simulation,
                new PhysicalMemory(),
                new CoherenceParameters(
                        1,
                        1,
                        64,
                        64,
                        new Level(1024, 2, 1_000),
                        new Level(4096, 4, 5_000),
                        new Level(8192, 4, 20_000),
                        0,
                        30_000,
                        2_000,
                        new InputOutput(true, 0b1100, 10_000, 0),
                        new Memory(0x1_0000, 0, 1, 64, 80_000, 0, 0),
                        new SocketLink(0, 0),
                        Disturbances.NONE));
        ServerCore core = new ServerCore(
                simulation,
                "core",
                memory.core(0, 0),
                64,
                new NoRegisters(),
                new MemoryTypes(),
                new CoreTiming(1_000, 1_000, 2, 2, 50_000, 30_000, 1_000));
        Completion ping = new Completion("ping");
        Completion pong = new Completion("pong");
        core.run(cpu -> {
            cpu.spawn("pong", () -> hand(cpu, ping, pong));
            hand(cpu, pong, ping);
        });
        simulation.run();
    }

    private static void hand(Cpu cpu, Completion awaited, Completion completed) {
        for (int n = 0; n < SWITCHES / 2; n++) {
            completed.complete();
            cpu.await(awaited);
            awaited.reset();
        }
    }

    /// There is memory alone.
    private static final class NoRegisters implements ProcessorPort {
        @Override
        public boolean isMapped(long address) {
            return false;
        }

        @Override
        public void read(long address, int byteCount, long transfer, Reader reader) {
            reader.read(-1);
        }

        @Override
        public boolean write(long address, byte[] from, int offset, int byteCount, long transfer, Runnable room) {
            return true;
        }
    }
}
