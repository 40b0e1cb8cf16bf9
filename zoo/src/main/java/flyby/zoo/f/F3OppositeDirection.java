package flyby.zoo.f;

import static flyby.dma.Direction.FROM_DEVICE;
import static flyby.dma.Direction.TO_DEVICE;

import flyby.check.Rule;
import flyby.dma.Dma;
import flyby.trial.Bench;
import flyby.trial.Subject.Hazard;
import flyby.zoo.EngineDriver;
import flyby.zoo.EngineSpecimen;
import java.util.List;
import java.util.Set;

/// The direction is that of the request, not of the data. An IOMMU refuses the write, a bounce buffer is never
/// copied back, caches are not invalidated. On a PC without any of these it makes no difference.
public final class F3OppositeDirection extends EngineSpecimen {
    private static final int BUFFER_BYTES = 256;

    public F3OppositeDirection() {
        super(new Label(
                "F3",
                "A buffer that the device writes is mapped TO_DEVICE",
                "Avnu/igb_avb #11 (\"PTE Read access is not set\"); perceival/openwrt-flint3 #92, patch "
                        + "0420 (receive buffers mapped TO_DEVICE)",
                List.of(Rule.R33, Rule.R34, Rule.R37),
                List.of("iommu-strict", "bounce", "non-coherent")));
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
        long address = dma.mapSingle(buffer, BUFFER_BYTES, TO_DEVICE); // BUG
        if (dma.mappingError(address) == 0) {
            engine.write(address, BUFFER_BYTES); // BUG
            dma.unmapSingle(address, BUFFER_BYTES, TO_DEVICE);
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
            engine.write(address, BUFFER_BYTES);
            dma.unmapSingle(address, BUFFER_BYTES, FROM_DEVICE);
        }
        engine.free(buffer);
        engine.remove();
    }
}
