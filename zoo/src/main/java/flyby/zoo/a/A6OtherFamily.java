package flyby.zoo.a;

import static flyby.dma.Direction.BIDIRECTIONAL;

import flyby.check.Rule;
import flyby.dma.CoherentBuffer;
import flyby.dma.Dma;
import flyby.trial.Bench;
import flyby.trial.Subject.Hazard;
import flyby.zoo.EngineDriver;
import flyby.zoo.EngineSpecimen;
import java.util.List;
import java.util.Set;

/// What dma_alloc_coherent() gave is unmapped as if it were a mapping, and stays allocated: a leak with each probe.
/// Where neither caches nor an IOMMU have to do anything at an unmap, nobody notices.
public final class A6OtherFamily extends EngineSpecimen {
    private static final int BLOCK_BYTES = 4096;

    public A6OtherFamily() {
        super(new Label(
                "A6",
                "Memory is given back with the functions of another family",
                "Linux spi-fsl-dspi 03fe7aaf0c3d \"Free DMA memory with matching function\"; forcedeth, "
                        + "the example in dma-api.rst",
                List.of(Rule.R23, Rule.R55, Rule.R22),
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
        CoherentBuffer block = dma.allocCoherent(BLOCK_BYTES); // BUG
        if (block != null) {
            engine.write(block.dmaAddress(), BLOCK_BYTES);
            dma.unmapSingle(block.dmaAddress(), BLOCK_BYTES, BIDIRECTIONAL); // BUG
        }
        engine.remove();
    }

    @Override
    public void fixed(Bench bench) {
        EngineDriver engine = new EngineDriver(bench);
        Dma dma = bench.dma();
        CoherentBuffer block = dma.allocCoherent(BLOCK_BYTES);
        if (block != null) {
            engine.write(block.dmaAddress(), BLOCK_BYTES);
            dma.freeCoherent(BLOCK_BYTES, block.cpuAddress(), block.dmaAddress());
        }
        engine.remove();
    }
}
