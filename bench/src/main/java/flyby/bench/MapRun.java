package flyby.bench;

import flyby.base.Check;
import flyby.bus.Cpu;
import flyby.dma.Direction;
import flyby.dma.Dma;
import flyby.kernel.KernelMemory;
import flyby.machine.KernelSetup;
import flyby.machine.MachineLibrary;
import flyby.machine.PcieMachine;
import flyby.params.Given;
import flyby.sim.Simulation;
import flyby.trace.Trace;
import java.lang.management.ManagementFactory;
import java.lang.management.ThreadMXBean;
import java.util.List;
import java.util.Locale;
import java.util.function.Consumer;

/// What a map with its unmap, and a sync for the CPU with one for the device, cost on a server: in host nanoseconds of
/// the simulator, and in simulated nanoseconds of the machine.
///
/// Two limits of the same run stand beside them: one load of the simulated core that hits its first cache, which is
/// what everything is made of, and one copy of as many bytes, which is the least that bouncing is made of. Prints a
/// RESULT line for each size, of the fastest round.
///
/// Usage: `MapRun [off|passthrough|lazy|strict|bounce] [pairs=20000] [rounds=7]`.
public final class MapRun {
    private static final ThreadMXBean THREADS = ManagementFactory.getThreadMXBean();
    private static final String BOUNCE = "bounce";
    private static final int[] SIZES = {64, 4_096, 65_536};
    /// So many are mapped, then unmapped.
    private static final int GROUP = 32;

    private static final int BUFFER_ORDER = 4;

    private final String mode;
    private final int pairs;
    private final int rounds;

    private MapRun(String mode, int pairs, int rounds) {
        this.mode = mode;
        this.pairs = pairs / GROUP * GROUP;
        this.rounds = rounds;
    }

    public static void main(String[] arguments) {
        new MapRun(
                        arguments.length > 0 ? arguments[0] : "strict",
                        arguments.length > 1 ? Integer.parseInt(arguments[1]) : 20_000,
                        arguments.length > 2 ? Integer.parseInt(arguments[2]) : 7)
                .run();
    }

    private void run() {
        onServer(mode, (machine, cpu) -> {
            KernelSetup setup = new KernelSetup(machine, cpu);
            Dma dma = setup.dma(machine.device("copy0"));
            KernelMemory memory = setup.kernel().memory();
            Check.that(dma.setMaskAndCoherent(Dma.bitMask(32)) == 0, "the mask is refused");
            long[] buffers = buffers(memory);
            for (int size : SIZES) {
                measure(cpu, dma, buffers, size);
            }
        });
    }

    private static long[] buffers(KernelMemory memory) {
        long[] buffers = new long[GROUP];
        for (int i = 0; i < GROUP; i++) {
            buffers[i] = memory.allocatePages(BUFFER_ORDER, KernelMemory.Zone.NORMAL, "buffer");
            Check.that(buffers[i] != KernelMemory.NONE, "no memory for buffers");
        }
        return buffers;
    }

    private void measure(Cpu cpu, Dma dma, long[] buffers, int size) {
        Sample fastest = new Sample(Double.MAX_VALUE, 0, Double.MAX_VALUE, 0, Double.MAX_VALUE, Double.MAX_VALUE);
        for (int round = 0; round < rounds; round++) {
            fastest = fastest.least(round(cpu, dma, buffers, size));
        }
        System.out.printf(
                Locale.ROOT,
                "RESULT flyby-map mode=%s size=%d host_ns/pair=%.1f sim_ns/pair=%.1f host_ns/sync=%.1f sim_ns/sync=%.1f"
                        + " ns/load=%.2f ns/copy=%.1f%n",
                mode,
                size,
                fastest.pairNanos,
                fastest.pairPicos / 1e3,
                fastest.syncNanos,
                fastest.syncPicos / 1e3,
                fastest.loadNanos,
                fastest.copyNanos);
    }

    /// One round, for each pair: host time, simulated time, and the limits.
    private record Sample(
            double pairNanos,
            double pairPicos,
            double syncNanos,
            double syncPicos,
            double loadNanos,
            double copyNanos) {
        Sample least(Sample other) {
            return new Sample(
                    Math.min(pairNanos, other.pairNanos),
                    other.pairPicos,
                    Math.min(syncNanos, other.syncNanos),
                    other.syncPicos,
                    Math.min(loadNanos, other.loadNanos),
                    Math.min(copyNanos, other.copyNanos));
        }
    }

    private Sample round(Cpu cpu, Dma dma, long[] buffers, int size) {
        Direction direction = Direction.BIDIRECTIONAL;
        long[] mapped = new long[GROUP];
        long picos = cpu.nowPicos();
        long nanos = nanos();
        for (int done = 0; done < pairs; done += GROUP) {
            for (int i = 0; i < GROUP; i++) {
                mapped[i] = dma.mapSingle(buffers[i], size, direction);
            }
            for (int i = 0; i < GROUP; i++) {
                dma.unmapSingle(mapped[i], size, direction);
            }
        }
        double pairNanos = (double) (nanos() - nanos) / pairs;
        double pairPicos = (double) (cpu.nowPicos() - picos) / pairs;
        long one = dma.mapSingle(buffers[0], size, direction);
        Check.that(one != Dma.MAPPING_ERROR, "nothing was mapped");
        Check.that(!mode.equals(BOUNCE) || one != buffers[0], "nothing was bounced");
        picos = cpu.nowPicos();
        nanos = nanos();
        for (int done = 0; done < pairs; done++) {
            dma.syncSingleForCpu(one, size, direction);
            dma.syncSingleForDevice(one, size, direction);
        }
        double syncNanos = (double) (nanos() - nanos) / pairs;
        double syncPicos = (double) (cpu.nowPicos() - picos) / pairs;
        dma.unmapSingle(one, size, direction);
        return new Sample(pairNanos, pairPicos, syncNanos, syncPicos, loadNanos(cpu, buffers[0]), copyNanos(size));
    }

    private double loadNanos(Cpu cpu, long address) {
        long sum = 0;
        long begin = nanos();
        for (int i = 0; i < pairs; i++) {
            sum += cpu.load64(address);
        }
        double each = (double) (nanos() - begin) / pairs;
        Check.that(sum == cpu.load64(address) * pairs, "memory changes by itself");
        return each;
    }

    private double copyNanos(int size) {
        byte[] from = new byte[size];
        byte[] to = new byte[size];
        long begin = nanos();
        for (int i = 0; i < pairs; i++) {
            from[i % size]++;
            System.arraycopy(from, 0, to, 0, size);
        }
        double each = (double) (nanos() - begin) / pairs;
        Check.that(from[0] == to[0], "a copy is none");
        return each;
    }

    /// CPU time of this thread: what else the machine does counts less.
    static long nanos() {
        return THREADS.getCurrentThreadCpuTime();
    }

    /// Something that a core of a server does.
    interface Program {
        void run(PcieMachine machine, Cpu cpu);
    }

    /// Has a core of a server run `program` to its end.
    ///
    /// @param mode of the IOMMU, or [#BOUNCE]: without one, and with bounce buffers for all
    static void onServer(String mode, Program program) {
        Simulation simulation = new Simulation(0, Trace.off());
        List<Given> givens = Given.fromCommandLine(List.of(
                mode.equals(BOUNCE) ? "swiotlb.mode=force" : "iommu.mode=" + mode));
        PcieMachine machine = new PcieMachine(simulation, MachineLibrary.modern("server-gen3-bdw", givens));
        boolean[] isOver = new boolean[1];
        Consumer<Cpu> whole = cpu -> {
            program.run(machine, cpu);
            isOver[0] = true;
            simulation.stop();
        };
        machine.cpu().run(whole);
        simulation.run();
        Check.that(isOver[0], "the program did not end: %s", simulation.waiting());
    }
}
