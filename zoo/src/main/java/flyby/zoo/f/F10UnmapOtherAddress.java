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

/// The device was told of the data behind the header, and with that address the buffer is unmapped. What was mapped
/// stays so. Without an IOMMU or bounce buffers an unmap has nothing to look up.
public final class F10UnmapOtherAddress extends EngineSpecimen {
    private static final int BUFFER_BYTES = 256;
    private static final int HEADER_BYTES = 64;

    public F10UnmapOtherAddress() {
        super(new Label(
                "F10",
                "A mapping is unmapped with another address than was returned",
                "systec-dk/openPOWERLINK #45 (NULL instead of the handle); Linux fec, boundarydevices/linux #3",
                List.of(Rule.R23, Rule.R22, Rule.R4),
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
        long address = dma.mapSingle(buffer, BUFFER_BYTES, TO_DEVICE); // BUG
        if (dma.mappingError(address) == 0) {
            long data = address + HEADER_BYTES;
            engine.read(data, BUFFER_BYTES - HEADER_BYTES);
            dma.unmapSingle(data, BUFFER_BYTES, TO_DEVICE); // BUG
        }
        engine.free(buffer); // BUG
        engine.remove();
    }

    @Override
    public void fixed(Bench bench) {
        EngineDriver engine = new EngineDriver(bench);
        Dma dma = bench.dma();
        long buffer = engine.buffer(BUFFER_BYTES);
        long address = dma.mapSingle(buffer, BUFFER_BYTES, TO_DEVICE);
        if (dma.mappingError(address) == 0) {
            long data = address + HEADER_BYTES;
            engine.read(data, BUFFER_BYTES - HEADER_BYTES);
            dma.unmapSingle(address, BUFFER_BYTES, TO_DEVICE);
        }
        engine.free(buffer);
        engine.remove();
    }
}
