package flyby.zoo.lookalikes;

import static flyby.dma.Direction.TO_DEVICE;
import static flyby.zoo.engine.EngineRegisters.GO_READ;

import flyby.dma.Dma;
import flyby.topology.Card;
import flyby.trial.Bench;
import flyby.trial.Scene;
import flyby.zoo.EngineDriver;
import flyby.zoo.Lookalike;
import flyby.zoo.engine.Engine;
import flyby.zoo.engine.EngineOptions;
import java.util.Arrays;
import java.util.List;

/// A packet is looked at, for a statistic, while it is being sent. Two readers do not disturb each other.
public final class L3ReadWhileSending implements Lookalike {
    private static final int PACKET_BYTES = 256;

    @Override
    public int number() {
        return 3;
    }

    @Override
    public String title() {
        return "The CPU reads a TO_DEVICE buffer while the device reads it";
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
        long address = dma.mapSingle(packet, PACKET_BYTES, TO_DEVICE);
        if (dma.mappingError(address) == 0) {
            engine.start(GO_READ, address, PACKET_BYTES);
            byte[] seen = engine.load(packet, PACKET_BYTES);
            bench.expect(Arrays.equals(seen, EngineDriver.pattern(PACKET_BYTES)), "the packet is what it was");
            engine.await();
            dma.unmapSingle(address, PACKET_BYTES, TO_DEVICE);
        }
        engine.free(packet);
        engine.remove();
    }
}
