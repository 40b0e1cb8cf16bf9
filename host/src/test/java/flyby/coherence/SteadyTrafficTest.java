package flyby.coherence;

import static org.assertj.core.api.Assertions.assertThat;

import com.sun.management.ThreadMXBean;
import flyby.coherence.CoherenceParameters.Disturbances;
import flyby.memory.MemoryAgent;
import flyby.memory.PhysicalMemory;
import flyby.sim.Event;
import flyby.sim.Prng;
import flyby.sim.Simulation;
import flyby.trace.Trace;
import java.lang.management.ManagementFactory;
import java.util.zip.CRC32;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/// Traffic without end: equal seeds give equal times and bytes, and no access allocates anything.
final class SteadyTrafficTest {
    private static final ThreadMXBean THREADS = (ThreadMXBean) ManagementFactory.getThreadMXBean();

    /// Two machines that differ in everything that has a branch of its own.
    private static Shape shape(boolean inclusive) {
        return new Shape(2, 2, 4, inclusive ? 0 : 3, true, inclusive ? 0b1100 : 0, 0, new Disturbances(5, 50));
    }

    @ParameterizedTest
    @ValueSource(booleans = {true, false})
    void equalSeedsGiveEqualRuns(boolean inclusive) {
        long first = Traffic.of(shape(inclusive), 1).run(20_000);

        assertThat(Traffic.of(shape(inclusive), 1).run(20_000)).isEqualTo(first);
        assertThat(Traffic.of(shape(inclusive), 2).run(20_000)).isNotEqualTo(first);
    }

    @ParameterizedTest
    @ValueSource(booleans = {true, false})
    void anAccessAllocatesNothing(boolean inclusive) {
        Traffic traffic = Traffic.of(shape(inclusive), 1);
        traffic.run(400_000);
        long before = THREADS.getCurrentThreadAllocatedBytes();
        traffic.run(400_000);

        // Not zero, because the count itself and the JIT's way in may allocate; nothing near one byte each.
        assertThat(THREADS.getCurrentThreadAllocatedBytes() - before).isLessThan(50_000);
    }

    /// One access after another, each at most as long after the last as that took.
    private static final class Traffic extends Event {
        private final Simulation world;
        private final CoreCache[] cores = new CoreCache[4];
        private final MemoryAgent[] agents = new MemoryAgent[2];
        private final Prng prng;
        private final byte[] buffer = new byte[600];
        private final CRC32 sum = new CRC32();
        private int left;

        static Traffic of(Shape shape, long seed) {
            return new Traffic(new Simulation(seed, Trace.off()), shape);
        }

        private Traffic(Simulation simulation, Shape shape) {
            super(simulation, "traffic");
            world = simulation;
            CoherentMemory memory = new CoherentMemory(simulation, new PhysicalMemory(), shape.parameters());
            for (int i = 0; i < cores.length; i++) {
                cores[i] = memory.core(i / 2, i % 2);
                agents[i / 2] = memory.agent(i / 2);
            }
            prng = simulation.prng().child("traffic");
        }

        long run(int accesses) {
            left = accesses;
            in(0);
            world.run();
            return sum.getValue();
        }

        @Override
        protected void fire() {
            CoreCache core = cores[(int) prng.below(4)];
            MemoryAgent agent = agents[(int) prng.below(2)];
            long address = prng.below(2) * Shape.MEMORY_BYTES + prng.below(4_096);
            int inLine = 64 - (int) (address % 64);
            int count = 1 + (int) prng.below(600);
            buffer[(int) prng.below(600)]++;
            long picos = switch ((int) prng.below(6)) {
                case 0 -> core.load(address, buffer, 0, Math.min(inLine, count));
                case 1 -> core.store(address, buffer, 0, Math.min(inLine, count));
                case 2 -> agent.read(address, buffer, 0, count, prng.chance(9, 10));
                case 3 -> agent.write(address, buffer, 0, count, prng.chance(9, 10));
                case 4 -> core.cleanAndInvalidate(address, prng.below(100));
                default -> core.clean(address, prng.below(100));
            };
            sum.update(buffer, 0, count);
            sum.update((int) picos);
            if (--left > 0) {
                in(prng.below(picos + 1));
            }
        }
    }
}
