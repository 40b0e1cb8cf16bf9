package flyby.zoo.f;

import static flyby.dma.Direction.TO_DEVICE;

import flyby.check.Rule;
import flyby.dma.Dma;
import flyby.trial.Bench;
import flyby.trial.Subject.Hazard;
import flyby.zoo.EngineDriver;
import flyby.zoo.EngineSpecimen;
import flyby.zoo.engine.EngineOptions;
import java.util.List;
import java.util.Set;

/// The device has 30 wires for addresses, the driver leaves the mask at 32 bits: of a buffer above 1 GiB the device
/// drops the high bits, and reads something else. It passes wherever buffers happen to lie below.
public final class F6MaskTooWide extends EngineSpecimen {
    private static final int WIRES = 30;
    private static final int BUFFER_BYTES = 256;

    public F6MaskTooWide() {
        super(
                new Label(
                        "F6",
                        "The mask says more than the device can address",
                        "raspberrypi/linux #3509 (dwc2 reaches 1 GB: checksums of copied files are wrong); "
                                + "slaclab/aes-stream-drivers #296",
                        List.of(Rule.R6, Rule.R10, Rule.DEVICE_PROTOCOL, Rule.R4),
                        List.of("coherent")),
                EngineOptions.PLAIN.withAddressBits(WIRES));
    }

    @Override
    public Set<Hazard> hazards() {
        return Set.of(Hazard.FAULTS);
    }

    @Override
    public void buggy(Bench bench) {
        EngineDriver engine = new EngineDriver(bench);
        Dma dma = bench.dma();
        dma.setMaskAndCoherent(Dma.bitMask(32)); // BUG
        long buffer = engine.buffer(BUFFER_BYTES);
        long address = dma.mapSingle(buffer, BUFFER_BYTES, TO_DEVICE); // BUG
        if (dma.mappingError(address) == 0) {
            engine.read(address, BUFFER_BYTES); // BUG
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
        if (dma.setMaskAndCoherent(Dma.bitMask(WIRES)) == 0) {
            long address = dma.mapSingle(buffer, BUFFER_BYTES, TO_DEVICE);
            if (dma.mappingError(address) == 0) {
                engine.read(address, BUFFER_BYTES);
                dma.unmapSingle(address, BUFFER_BYTES, TO_DEVICE);
            }
        }
        engine.free(buffer);
        engine.remove();
    }
}
