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
/// lies below 4 GiB, nothing is lost.
public final class F5AddressTruncated extends EngineSpecimen {
    private static final int HEADER_BYTES = 64;
    private static final int BODY_BYTES = 256;
    private static final long LOW_HALF = 0xffff_ffffL;

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
        long packet = engine.buffer(HEADER_BYTES + BODY_BYTES);
        long header = dma.mapSingle(packet, HEADER_BYTES, TO_DEVICE);
        long body = dma.mapSingle(packet + HEADER_BYTES, BODY_BYTES, TO_DEVICE);
        if (dma.mappingError(header) == 0 && dma.mappingError(body) == 0) {
            engine.read(header & LOW_HALF, HEADER_BYTES); // BUG
            engine.read(body & LOW_HALF, BODY_BYTES); // BUG
        }
        unmap(dma, header, HEADER_BYTES);
        unmap(dma, body, BODY_BYTES);
        engine.free(packet);
        engine.remove();
    }

    @Override
    public void fixed(Bench bench) {
        EngineDriver engine = new EngineDriver(bench);
        Dma dma = bench.dma();
        dma.setMaskAndCoherent(Dma.bitMask(64));
        long packet = engine.buffer(HEADER_BYTES + BODY_BYTES);
        long header = dma.mapSingle(packet, HEADER_BYTES, TO_DEVICE);
        long body = dma.mapSingle(packet + HEADER_BYTES, BODY_BYTES, TO_DEVICE);
        if (dma.mappingError(header) == 0 && dma.mappingError(body) == 0) {
            engine.read(header, HEADER_BYTES);
            engine.read(body, BODY_BYTES);
        }
        unmap(dma, header, HEADER_BYTES);
        unmap(dma, body, BODY_BYTES);
        engine.free(packet);
        engine.remove();
    }

    private static void unmap(Dma dma, long address, int byteCount) {
        if (dma.mappingError(address) == 0) {
            dma.unmapSingle(address, byteCount, TO_DEVICE);
        }
    }
}
