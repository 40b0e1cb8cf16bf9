package flyby.zoo.k;

import flyby.check.Rule;
import flyby.dma.CoherentBuffer;
import flyby.dma.Dma;
import flyby.dma.DmaFaults.Point;
import flyby.trial.Bench;
import flyby.trial.Subject.Hazard;
import flyby.zoo.EngineDriver;
import flyby.zoo.EngineSpecimen;
import java.util.List;
import java.util.Set;

/// dma_alloc_coherent() may have no memory, and returns NULL: the first store goes there. On a machine that has
/// just booted there always is some.
public final class K6UncheckedAllocation extends EngineSpecimen {
    private static final int RING_BYTES = 4096;

    public K6UncheckedAllocation() {
        super(new Label(
                "K6",
                "Coherent memory is used without a look whether there is any",
                "slaclab/aes-stream-drivers #270 (five unchecked allocations in AxisG2_Init)",
                List.of(Rule.R54, Rule.THROWS, Rule.R26),
                List.of("coherent")));
    }

    @Override
    public Set<Hazard> hazards() {
        return Set.of(Hazard.FAULTS);
    }

    @Override
    @SuppressWarnings("NullAway") // Who compiles with it is told of the bug at once.
    public void buggy(Bench bench) {
        EngineDriver engine = new EngineDriver(bench);
        Dma dma = bench.dma();
        dma.faults().fail(Point.ALLOC, 1);
        CoherentBuffer ring = dma.allocCoherent(RING_BYTES); // BUG
        bench.cpu().store32(ring.cpuAddress(), 0); // BUG
        engine.read(ring.dmaAddress(), RING_BYTES);
        dma.freeCoherent(RING_BYTES, ring.cpuAddress(), ring.dmaAddress());
        engine.remove();
    }

    @Override
    public void fixed(Bench bench) {
        EngineDriver engine = new EngineDriver(bench);
        Dma dma = bench.dma();
        dma.faults().fail(Point.ALLOC, 1);
        CoherentBuffer ring = dma.allocCoherent(RING_BYTES);
        if (ring != null) {
            bench.cpu().store32(ring.cpuAddress(), 0);
            engine.read(ring.dmaAddress(), RING_BYTES);
            dma.freeCoherent(RING_BYTES, ring.cpuAddress(), ring.dmaAddress());
        }
        engine.remove();
    }
}
