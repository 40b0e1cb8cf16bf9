package flyby.zoo.a;

import static flyby.dma.Direction.TO_DEVICE;

import flyby.check.Rule;
import flyby.dma.Dma;
import flyby.trial.Bench;
import flyby.trial.Subject.Hazard;
import flyby.zoo.EngineDriver;
import flyby.zoo.EngineSpecimen;
import java.util.List;
import java.util.Set;

/// A map may fail: bounce buffers run out, IOVAs do, the device does not reach the memory. Then what it returns is
/// no address, and the device is sent there. On a PC with little to do, no map ever fails.
public final class A1UncheckedMapping extends EngineSpecimen {
    private static final int PACKET_BYTES = 64;

    public A1UncheckedMapping() {
        super(new Label(
                "A1",
                "The result of a map is used without dma_mapping_error()",
                "Linux mxs-dcp df6313d707e5; the series \"Add missing check after DMA map\" of 2025 "
                        + "(mwl8k, cx18, ivtv, rawnand renesas, et131x)",
                List.of(Rule.R26),
                List.of("coherent", "bounce")));
    }

    @Override
    public Set<Hazard> hazards() {
        return Set.of(Hazard.FAULTS);
    }

    @Override
    public void buggy(Bench bench) {
        EngineDriver engine = new EngineDriver(bench);
        Dma dma = bench.dma();
        long packet = engine.buffer(PACKET_BYTES);
        long address = dma.mapSingle(packet, PACKET_BYTES, TO_DEVICE); // BUG
        engine.read(address, PACKET_BYTES); // BUG
        dma.unmapSingle(address, PACKET_BYTES, TO_DEVICE);
        engine.free(packet);
        engine.remove();
    }

    @Override
    public void fixed(Bench bench) {
        EngineDriver engine = new EngineDriver(bench);
        Dma dma = bench.dma();
        long packet = engine.buffer(PACKET_BYTES);
        long address = dma.mapSingle(packet, PACKET_BYTES, TO_DEVICE);
        if (dma.mappingError(address) == 0) {
            engine.read(address, PACKET_BYTES);
            dma.unmapSingle(address, PACKET_BYTES, TO_DEVICE);
        }
        engine.free(packet);
        engine.remove();
    }
}
