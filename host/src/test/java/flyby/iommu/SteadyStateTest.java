package flyby.iommu;

import static org.assertj.core.api.Assertions.assertThat;

import flyby.bus.AddressType;
import flyby.iommu.layout.InvalidationDescriptors;
import flyby.iommu.layout.RemappingRegisters;
import flyby.sim.Event;
import flyby.sim.Prng;
import flyby.trace.HashSink;
import flyby.trace.Trace;
import java.lang.management.ManagementFactory;
import java.util.List;
import org.junit.jupiter.api.Test;

/// Translations and invalidations by the million: nothing is allocated, and equal runs are equal.
final class SteadyStateTest {
    private static final int NIC = 0x0100;
    private static final int DEPTH = 32;
    private static final int PAGES = 256;
    private static final long NOISE_BYTES = 16_384;

    /// Requests for random pages, so many at once, and an invalidation of one page now and then.
    private static final class Load {
        private final IommuBench bench;
        private final Prng prng = new Prng(5);
        private final Event invalidation;
        private final Translation[] translations = new Translation[DEPTH];
        private int left;
        private int tail;

        Load(Trace trace) {
            bench = new IommuBench(IommuParameters.typical().withTimes(10_000, 50_000), trace);
            long table = bench.frame();
            bench.context(NIC, 1, table, 0);
            for (int page = 0; page < PAGES; page++) {
                bench.map(table, page * 4096L, 0x100_0000 + page * 4096L, 1, 3);
            }
            bench.enable();
            invalidation = bench.simulation.event("invalidation", this::invalidate);
            for (int i = 0; i < DEPTH; i++) {
                translations[i] = new Translation(this::next);
            }
        }

        void run(int count) {
            left = count;
            invalidation.in(1_000_000);
            for (int i = 0; i < DEPTH; i++) {
                next(translations[i]);
            }
            bench.simulation.run();
        }

        private void next(Translation translation) {
            boolean isDone = true;
            while (isDone && left > 0) {
                left--;
                long iova = prng.below(PAGES) * 4096;
                translation.ask(NIC, iova, 64, true, AddressType.UNTRANSLATED);
                isDone = bench.iommu.translate(translation);
            }
        }

        private void invalidate() {
            bench.memory.write64(IommuBench.QUEUE + tail, InvalidationDescriptors.IOTLB | 3 << 4 | 3 << 6 | 1L << 16);
            bench.memory.write64(IommuBench.QUEUE + tail + 8, prng.below(PAGES) * 4096 | prng.below(2) << 6);
            tail = (tail + 16) % 4096;
            bench.write(RemappingRegisters.IQT, 8, tail);
            if (left > 0) {
                invalidation.in(1_000_000);
            }
        }
    }

    @Test
    void translatingAllocatesNothing() {
        Load load = new Load(Trace.to(List.of(new HashSink())));
        load.run(300_000);
        long before = allocatedBytes();
        load.run(300_000);

        assertThat(allocatedBytes() - before).isLessThan(NOISE_BYTES);
        assertThat(load.bench.iommu.statistics().translations()).isEqualTo(600_000);
        assertThat(load.bench.iommu.statistics().invalidations()).isPositive();
    }

    @Test
    void equalRunsAreEqual() {
        assertThat(hash()).isEqualTo(hash());
    }

    private static String hash() {
        HashSink sink = new HashSink();
        new Load(Trace.to(List.of(sink))).run(20_000);
        assertThat(sink.recordCount()).isGreaterThan(10_000);
        return sink.text();
    }

    private static long allocatedBytes() {
        return ((com.sun.management.ThreadMXBean) ManagementFactory.getThreadMXBean()).getCurrentThreadAllocatedBytes();
    }
}
