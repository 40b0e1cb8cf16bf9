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

/// The buffer goes back to the allocator with the mapping alive: the device can still write whatever lies there
/// next. It does so only if it is late, and so for years nothing happens.
public final class E5FreeWhileMapped extends EngineSpecimen {
    private static final int BUFFER_BYTES = 256;

    public E5FreeWhileMapped() {
        super(new Label(
                "E5",
                "Memory is freed while it is still mapped",
                "perceival/openwrt-flint3 #92, patch 0421 (cleanup of the receive ring); what "
                        + "IOMMU_DEBUG_PAGEALLOC of 2025 looks for",
                List.of(Rule.R22, Rule.R40, Rule.FREED_MEMORY, Rule.R4),
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
        long buffer = engine.buffer(BUFFER_BYTES);
        long address = dma.mapSingle(buffer, BUFFER_BYTES, FROM_DEVICE); // BUG
        if (dma.mappingError(address) == 0) {
            engine.write(address, BUFFER_BYTES);
        }
        engine.free(buffer); // BUG
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
