package flyby.zoo.lookalikes;

import static flyby.dma.Direction.TO_DEVICE;

import flyby.dma.Dma;
import flyby.topology.Card;
import flyby.trial.Bench;
import flyby.trial.Scene;
import flyby.zoo.EngineDriver;
import flyby.zoo.Lookalike;
import flyby.zoo.engine.Engine;
import flyby.zoo.engine.EngineOptions;
import java.util.List;

/// One packet is sent twice, and mapped twice at the same time. The device only reads it, and so neither mapping
/// can hurt the other.
public final class L1ReadByBoth implements Lookalike {
    private static final int PACKET_BYTES = 96;

    @Override
    public int number() {
        return 1;
    }

    @Override
    public String title() {
        return "Two live TO_DEVICE mappings of the same bytes";
    }

    @Override
    public List<Card> cards(Scene scene) {
        return List.of(Engine.card(EngineOptions.PLAIN, scene));
    }

    @Override
    public void run(Bench bench) {
        EngineDriver engine = new EngineDriver(bench);
        Dma dma = bench.dma();
        long packet = engine.buffer(PACKET_BYTES);
        long one = dma.mapSingle(packet, PACKET_BYTES, TO_DEVICE);
        long other = dma.mapSingle(packet, PACKET_BYTES, TO_DEVICE);
        if (dma.mappingError(one) == 0) {
            engine.read(one, PACKET_BYTES);
        }
        if (dma.mappingError(other) == 0) {
            engine.read(other, PACKET_BYTES);
            dma.unmapSingle(other, PACKET_BYTES, TO_DEVICE);
        }
        if (dma.mappingError(one) == 0) {
            dma.unmapSingle(one, PACKET_BYTES, TO_DEVICE);
        }
        engine.free(packet);
        engine.remove();
    }
}
