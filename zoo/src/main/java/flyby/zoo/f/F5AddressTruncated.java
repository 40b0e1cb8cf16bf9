package flyby.zoo.f;

import static flyby.dma.Direction.TO_DEVICE;

import flyby.check.Rule;
import flyby.dma.Dma;
import flyby.trial.Bench;
import flyby.trial.Subject.Hazard;
import flyby.zoo.EngineDriver;
import flyby.zoo.EngineSpecimen;
import java.util.List;
import java.util.Set;

/// The address went through 32 bits on its way into the descriptor. As long as memory, or what the IOMMU gives out,
/// lies
/// below 4 GiB, nothing is lost.
public final class F5AddressTruncated extends EngineSpecimen {
    private static final int BUFFER_BYTES = 256;

    public F5AddressTruncated() {
        super(new Label(
                "F5",
                "The high half of a DMA address gets lost",
                "google/gasket-driver #2 (ulong too narrow); slaclab/aes-stream-drivers #296 (bits 63:40 dropped)",
                List.of(Rule.R2, Rule.R4, Rule.R10),
                List.of("iommu-strict")));
    }

    @Override
    public Set<Hazard> hazards() {
        return Set.of(Hazard.FAULTS);
    }

    @Override
    public void buggy(Bench bench) {
        EngineDriver engine = new EngineDriver(bench);
        Dma dma = bench.dma();
        dma.setMaskAndCoherent(Dma.bitMask(64));
        long buffer = engine.buffer(BUFFER_BYTES);
        long address = dma.mapSingle(buffer, BUFFER_BYTES, TO_DEVICE);
        if (dma.mappingError(address) == 0) {
            engine.read(address & 0xffff_ffffL, BUFFER_BYTES); // BUG
            dma.unmapSingle(address, BUFFER_BYTES, TO_DEVICE);
        }
        engine.free(buffer);
        engine.remove();
    }

    @Override
    public void fixed(Bench bench) {
        EngineDriver engine = new EngineDriver(bench);
        Dma dma = bench.dma();
        dma.setMaskAndCoherent(Dma.bitMask(64));
        long buffer = engine.buffer(BUFFER_BYTES);
        long address = dma.mapSingle(buffer, BUFFER_BYTES, TO_DEVICE);
        if (dma.mappingError(address) == 0) {
            engine.read(address, BUFFER_BYTES);
            dma.unmapSingle(address, BUFFER_BYTES, TO_DEVICE);
        }
        engine.free(buffer);
        engine.remove();
    }
}
