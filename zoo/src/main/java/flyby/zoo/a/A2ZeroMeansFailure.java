package flyby.zoo.a;

import static flyby.dma.Direction.TO_DEVICE;

import flyby.check.Rule;
import flyby.dma.Dma;
import flyby.dma.DmaFaults.Point;
import flyby.trial.Bench;
import flyby.trial.Subject.Hazard;
import flyby.zoo.EngineDriver;
import flyby.zoo.EngineSpecimen;
import java.util.List;
import java.util.Set;

/// The driver takes 0 for failure, as of kmalloc. A map that fails returns DMA_MAPPING_ERROR, all ones, and 0 may
/// be an address. It passes as long as no map fails.
public final class A2ZeroMeansFailure extends EngineSpecimen {
    private static final int PACKET_BYTES = 64;

    public A2ZeroMeansFailure() {
        super(new Label(
                "A2",
                "The failure of a map is looked for as address 0",
                "Linux octeontx2-pf d998b0e5afff (\"0 is a valid DMA address\"), ps3_gelic_net "
                        + "bebe933d35a6; axienet \"Improve DMA error handling\"",
                List.of(Rule.R5, Rule.R26),
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
        dma.faults().fail(Point.MAP, 1);
        long address = dma.mapSingle(packet, PACKET_BYTES, TO_DEVICE); // BUG
        if (address != 0) { // BUG
            engine.read(address, PACKET_BYTES); // BUG
            dma.unmapSingle(address, PACKET_BYTES, TO_DEVICE);
        }
        engine.free(packet);
        engine.remove();
    }

    @Override
    public void fixed(Bench bench) {
        EngineDriver engine = new EngineDriver(bench);
        Dma dma = bench.dma();
        long packet = engine.buffer(PACKET_BYTES);
        dma.faults().fail(Point.MAP, 1);
        long address = dma.mapSingle(packet, PACKET_BYTES, TO_DEVICE);
        if (dma.mappingError(address) == 0) {
            engine.read(address, PACKET_BYTES);
            dma.unmapSingle(address, PACKET_BYTES, TO_DEVICE);
        }
        engine.free(packet);
        engine.remove();
    }
}
