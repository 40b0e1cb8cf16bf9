package flyby.zoo.f;

import static flyby.dma.Direction.FROM_DEVICE;

import flyby.check.Rule;
import flyby.dma.Dma;
import flyby.trial.Bench;
import flyby.trial.Subject.Hazard;
import flyby.zoo.EngineDriver;
import flyby.zoo.EngineSpecimen;
import java.util.List;
import java.util.Set;

/// Only what was received is unmapped, to save the caches some work. Behind an IOMMU the rest stays mapped, with
/// bounce buffers the bookkeeping is wrong. Where neither is, it does save work.
public final class F1UnmapSize extends EngineSpecimen {
    private static final int BUFFER_BYTES = 6000;
    private static final int HEADER_BYTES = 64;

    public F1UnmapSize() {
        super(new Label(
                "F1",
                "A mapping is unmapped with another size",
                "openbmc/linux #201, ftgmac100: deliberately, so as not to invalidate what was not received",
                List.of(Rule.R23),
                List.of("iommu-strict", "bounce")));
    }

    @Override
    public Set<Hazard> hazards() {
        return Set.of(Hazard.FAULTS);
    }

    @Override
    public void buggy(Bench bench) {
        EngineDriver engine = new EngineDriver(bench);
        Dma dma = bench.dma();
        long buffer = engine.buffer(BUFFER_BYTES);
        long address = dma.mapSingle(buffer, BUFFER_BYTES, FROM_DEVICE); // BUG
        if (dma.mappingError(address) == 0) {
            int received = engine.write(address, HEADER_BYTES);
            dma.unmapSingle(address, Math.max(1, received), FROM_DEVICE); // BUG
        }
        engine.free(buffer);
        engine.remove();
    }

    @Override
    public void fixed(Bench bench) {
        EngineDriver engine = new EngineDriver(bench);
        Dma dma = bench.dma();
        long buffer = engine.buffer(BUFFER_BYTES);
        long address = dma.mapSingle(buffer, BUFFER_BYTES, FROM_DEVICE);
        if (dma.mappingError(address) == 0) {
            engine.write(address, HEADER_BYTES);
            dma.unmapSingle(address, BUFFER_BYTES, FROM_DEVICE);
        }
        engine.free(buffer);
        engine.remove();
    }
}
