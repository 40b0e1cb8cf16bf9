package flyby.zoo.a;

import flyby.check.Rule;
import flyby.dma.CoherentBuffer;
import flyby.dma.Dma;
import flyby.trial.Bench;
import flyby.trial.Subject.Hazard;
import flyby.zoo.EngineDriver;
import flyby.zoo.EngineSpecimen;
import java.util.List;
import java.util.Set;

/// Freeing coherent memory may change how it is mapped for the CPU, which means waiting for other CPUs: not with
/// interrupts off. Where devices ask the caches it never has to, and only the warning shows it.
public final class A11FreeCoherentWhileAtomic extends EngineSpecimen {
    private static final int BLOCK_BYTES = 4096;

    public A11FreeCoherentWhileAtomic() {
        super(new Label(
                "A11",
                "dma_free_coherent() is called with interrupts off",
                "raspberrypi/linux #89 (dwc_otg qh_free) and #1178 (bcm2835_dma_desc_free), with the "
                        + "warning of the kernel",
                List.of(Rule.R55, Rule.CALLING_CONTEXT),
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
        CoherentBuffer block = dma.allocCoherent(BLOCK_BYTES);
        if (block != null) {
            engine.write(block.dmaAddress(), BLOCK_BYTES);
            boolean wereOn = bench.cpu().saveInterrupts();
            dma.freeCoherent(BLOCK_BYTES, block.cpuAddress(), block.dmaAddress()); // BUG
            bench.cpu().restoreInterrupts(wereOn);
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
            boolean wereOn = bench.cpu().saveInterrupts();
            // What has to be done with interrupts off stands here.
            bench.cpu().restoreInterrupts(wereOn);
            dma.freeCoherent(BLOCK_BYTES, block.cpuAddress(), block.dmaAddress());
        }
        engine.remove();
    }
}
