package flyby.zoo.e;

import static flyby.dma.Direction.TO_DEVICE;

import flyby.check.Rule;
import flyby.dma.Dma;
import flyby.trial.Bench;
import flyby.trial.Subject.Hazard;
import flyby.zoo.EngineDriver;
import flyby.zoo.EngineSpecimen;
import java.util.List;
import java.util.Set;

/// The error path unmaps, and so does the function that frees the request. By then the address may be another
/// mapping, which is lost with it. Without an IOMMU or bounce buffers an unmap does nothing.
public final class E3DoubleUnmap extends EngineSpecimen {
    private static final int BUFFER_BYTES = 256;

    public E3DoubleUnmap() {
        super(new Label(
                "E3",
                "A mapping is unmapped twice",
                "tianocore/edk2 #8071 SdMmcCreateTrb (Bugzilla 1989); Mellanox/nv_peer_memory #13",
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
        long buffer = engine.buffer(BUFFER_BYTES);
        long address = dma.mapSingle(buffer, BUFFER_BYTES, TO_DEVICE);
        if (dma.mappingError(address) != 0) {
            engine.free(buffer);
        } else {
            if (engine.read(address, BUFFER_BYTES) >= 0) {
                dma.unmapSingle(address, BUFFER_BYTES, TO_DEVICE);
            }
            release(engine, buffer, address); // BUG
        }
        engine.remove();
    }

    @Override
    public void fixed(Bench bench) {
        EngineDriver engine = new EngineDriver(bench);
        Dma dma = bench.dma();
        long buffer = engine.buffer(BUFFER_BYTES);
        long address = dma.mapSingle(buffer, BUFFER_BYTES, TO_DEVICE);
        if (dma.mappingError(address) != 0) {
            engine.free(buffer);
        } else {
            engine.read(address, BUFFER_BYTES);
            release(engine, buffer, address);
        }
        engine.remove();
    }

    private static void release(EngineDriver engine, long buffer, long address) {
        engine.dma().unmapSingle(address, BUFFER_BYTES, TO_DEVICE); // BUG
        engine.free(buffer);
    }
}
