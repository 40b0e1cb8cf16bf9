package flyby.zoo.lookalikes;

import static flyby.dma.Direction.BIDIRECTIONAL;

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

/// The request is given up before it was started. A mapping that nobody used is unmapped like any other.
public final class L11NeverShown implements Lookalike {
    private static final int BUFFER_BYTES = 256;

    @Override
    public int number() {
        return 11;
    }

    @Override
    public String title() {
        return "A mapping is taken back without the device ever having heard of it";
    }

    @Override
    public List<Card> cards(Scene scene) {
        return List.of(Engine.card(EngineOptions.PLAIN, scene));
    }

    @Override
    public void run(Bench bench) {
        EngineDriver engine = new EngineDriver(bench);
        Dma dma = bench.dma();
        long buffer = engine.buffer(BUFFER_BYTES);
        long address = dma.mapSingle(buffer, BUFFER_BYTES, BIDIRECTIONAL);
        if (dma.mappingError(address) == 0) {
            dma.unmapSingle(address, BUFFER_BYTES, BIDIRECTIONAL);
        }
        byte[] seen = engine.load(buffer, BUFFER_BYTES);
        bench.expect(Arrays.equals(seen, EngineDriver.pattern(BUFFER_BYTES)), "the buffer is what it was");
        engine.free(buffer);
        engine.remove();
    }
}
