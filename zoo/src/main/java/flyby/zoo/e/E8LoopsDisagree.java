package flyby.zoo.e;

import static flyby.dma.Direction.FROM_DEVICE;

import flyby.check.Rule;
import flyby.dma.Dma;
import flyby.trial.Bench;
import flyby.trial.Subject.Hazard;
import flyby.zoo.EngineDriver;
import flyby.zoo.EngineSpecimen;
import java.util.List;
import java.util.Set;

/// Mapped are all clusters, unmapped those from the third on, and with the size of a buffer: two mappings leak each
/// time, the others are taken back in part. Without an IOMMU nothing of that shows.
public final class E8LoopsDisagree extends EngineSpecimen {
    private static final int COUNT = 4;
    private static final int CLUSTER_BYTES = 2048;
    private static final int BUFFER_BYTES = 1536;

    public E8LoopsDisagree() {
        super(new Label(
                "E8",
                "The loops that map and unmap disagree in bounds and size",
                "luigirizzo/netmap #407; porjo/mt7601 #34 (allocates 5, frees 4: the coherent pool is "
                        + "used up after some ten reloads)",
                List.of(Rule.R22, Rule.R23),
                List.of(
                        "coherent",
                        "non-coherent",
                        "weak-order",
                        "iommu-strict",
                        "iommu-lazy",
                        "bounce",
                        "timing",
                        "big-endian")));
    }

    @Override
    public Set<Hazard> hazards() {
        return Set.of(Hazard.FAULTS);
    }

    @Override
    public void buggy(Bench bench) {
        EngineDriver engine = new EngineDriver(bench);
        Dma dma = bench.dma();
        long pages = engine.pages(1);
        long[] addresses = new long[COUNT];
        int mapped = map(dma, pages, addresses);
        for (int i = 0; i < mapped; i++) {
            engine.write(addresses[i], BUFFER_BYTES);
        }
        for (int i = 2; i < mapped; i++) {
            dma.unmapSingle(addresses[i], BUFFER_BYTES, FROM_DEVICE); // BUG
        }
        engine.freePages(pages, 1); // BUG
        engine.remove();
    }

    @Override
    public void fixed(Bench bench) {
        EngineDriver engine = new EngineDriver(bench);
        Dma dma = bench.dma();
        long pages = engine.pages(1);
        long[] addresses = new long[COUNT];
        int mapped = map(dma, pages, addresses);
        for (int i = 0; i < mapped; i++) {
            engine.write(addresses[i], BUFFER_BYTES);
        }
        for (int i = 0; i < mapped; i++) {
            dma.unmapSingle(addresses[i], CLUSTER_BYTES, FROM_DEVICE);
        }
        engine.freePages(pages, 1);
        engine.remove();
    }

    /// Maps the clusters of `pages`, as many as can be.
    ///
    /// @return how many
    private static int map(Dma dma, long pages, long[] addresses) {
        for (int i = 0; i < COUNT; i++) {
            addresses[i] = dma.mapSingle(pages + (long) i * CLUSTER_BYTES, CLUSTER_BYTES, FROM_DEVICE); // BUG
            if (dma.mappingError(addresses[i]) != 0) {
                return i;
            }
        }
        return COUNT;
    }
}
