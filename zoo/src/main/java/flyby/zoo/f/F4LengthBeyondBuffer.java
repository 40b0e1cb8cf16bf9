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

/// The data begin behind some bytes of the driver's own, and the length is still that of the whole buffer: a packet
/// of full size ends in what follows. Packets are seldom so large, and what follows is seldom missed.
public final class F4LengthBeyondBuffer extends EngineSpecimen {
    private static final int BUFFER_BYTES = 2048;
    private static final int HEADROOM_BYTES = 10;

    public F4LengthBeyondBuffer() {
        super(new Label(
                "F4",
                "The device is told of more bytes than the buffer has",
                "FreeRTOS-Plus-TCP #442 (10 bytes in front not subtracted); zephyr #89581 and #109042 (4 "
                        + "bytes of CRC)",
                List.of(Rule.R4, Rule.BOUNDS),
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
        int roomBytes = BUFFER_BYTES - HEADROOM_BYTES;
        long address = dma.mapSingle(buffer + HEADROOM_BYTES, roomBytes, FROM_DEVICE);
        if (dma.mappingError(address) == 0) {
            engine.write(address, BUFFER_BYTES); // BUG
            dma.unmapSingle(address, roomBytes, FROM_DEVICE);
        }
        engine.free(buffer);
        engine.remove();
    }

    @Override
    public void fixed(Bench bench) {
        EngineDriver engine = new EngineDriver(bench);
        Dma dma = bench.dma();
        long buffer = engine.buffer(BUFFER_BYTES);
        int roomBytes = BUFFER_BYTES - HEADROOM_BYTES;
        long address = dma.mapSingle(buffer + HEADROOM_BYTES, roomBytes, FROM_DEVICE);
        if (dma.mappingError(address) == 0) {
            engine.write(address, roomBytes);
            dma.unmapSingle(address, roomBytes, FROM_DEVICE);
        }
        engine.free(buffer);
        engine.remove();
    }
}
