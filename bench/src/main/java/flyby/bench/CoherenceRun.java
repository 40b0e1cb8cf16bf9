package flyby.bench;

import flyby.coherence.CoherenceParameters;
import flyby.coherence.CoherenceParameters.Disturbances;
import flyby.coherence.CoherenceParameters.InputOutput;
import flyby.coherence.CoherenceParameters.Level;
import flyby.coherence.CoherenceParameters.Memory;
import flyby.coherence.CoherenceParameters.SocketLink;
import flyby.coherence.CoherentMemory;
import flyby.memory.MemoryAgent;
import flyby.memory.PhysicalMemory;
import flyby.sim.Simulation;
import flyby.trace.Trace;
import java.lang.management.ManagementFactory;
import java.lang.management.ThreadMXBean;
import java.util.Arrays;
import java.util.Locale;

/// What a device's access to the caches of a server costs the simulator: a last-level cache of 25 MiB in 20 ways,
/// two of them for devices, of one or two sockets.
///
/// Prints one RESULT line: CPU time per cache line, the median of the rounds after the first five.
///
/// Usage: `CoherenceRun [write|read] [runBytes=256] [windowKiB=512] [sockets=1] [rounds=25]`.
public final class CoherenceRun {
    private static final int LINE_BYTES = 64;
    private static final int WARM_UP_ROUNDS = 5;
    private static final int SYNC_BYTES = 64 << 10;
    private static final long ROUND_BYTES = 64L << 20;

    private CoherenceRun() {}

    /// Runs the rounds and prints their median.
    public static void main(String[] args) {
        boolean isWrite = args.length == 0 || args[0].equals("write");
        int runBytes = Integer.parseInt(args.length > 1 ? args[1] : "256");
        long windowBytes = Long.parseLong(args.length > 2 ? args[2] : "512") << 10;
        int sockets = Integer.parseInt(args.length > 3 ? args[3] : "1");
        int rounds = Integer.parseInt(args.length > 4 ? args[4] : "25");
        Simulation simulation = new Simulation(1, Trace.off());
        CoherentMemory memory = new CoherentMemory(simulation, new PhysicalMemory(), server(sockets));
        ThreadMXBean threads = ManagementFactory.getThreadMXBean();
        double[] nanos = new double[rounds];
        for (int i = 0; i < rounds; i++) {
            long start = threads.getCurrentThreadCpuTime();
            round(simulation, memory.agent(0), isWrite, runBytes, windowBytes);
            nanos[i] = (threads.getCurrentThreadCpuTime() - start) / (double) (ROUND_BYTES / LINE_BYTES);
        }
        double[] warm = Arrays.copyOfRange(nanos, Math.min(WARM_UP_ROUNDS, rounds - 1), rounds);
        Arrays.sort(warm);
        System.out.printf(
                Locale.ROOT,
                "RESULT op=%s run_B=%d window_KiB=%d sockets=%d allocations=%d write_backs=%d"
                        + " ns/line=%.2f ns/run=%.2f%n",
                isWrite ? "write" : "read",
                runBytes,
                windowBytes >> 10,
                sockets,
                memory.counts(0).deviceAllocations(),
                memory.counts(0).writeBacks(),
                warm[warm.length / 2],
                warm[warm.length / 2] * runBytes / LINE_BYTES);
    }

    private static void round(
            Simulation simulation, MemoryAgent agent, boolean isWrite, int runBytes, long windowBytes) {
        byte[] bytes = new byte[runBytes];
        long address = 0;
        for (long done = 0; done < ROUND_BYTES; done += runBytes) {
            bytes[0]++;
            long picos = isWrite
                    ? agent.write(address, bytes, 0, runBytes, true)
                    : agent.read(address, bytes, 0, runBytes, true);
            if (done % SYNC_BYTES == 0) {
                // Seldom, because this is not about what the agenda costs.
                simulation.runUntil(simulation.nowPicos() + picos);
            }
            address = address + runBytes < windowBytes ? address + runBytes : 0;
        }
    }

    private static CoherenceParameters server(int sockets) {
        return new CoherenceParameters(
                sockets,
                8,
                LINE_BYTES,
                LINE_BYTES,
                new Level(32 << 10, 8, 1_600),
                new Level(256 << 10, 8, 4_800),
                new Level(25 << 20, 20, 21_200),
                0,
                23_000,
                10_000,
                new InputOutput(true, 0xc0000, 20_000, 500),
                new Memory(1L << 30, 0, 4, 256, 75_000, 3_750, 32),
                new SocketLink(25_000, 3_333),
                Disturbances.NONE);
    }
}
