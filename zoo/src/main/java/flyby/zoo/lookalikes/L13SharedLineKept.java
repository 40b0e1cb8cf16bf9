package flyby.zoo.lookalikes;

import static flyby.dma.Attributes.DEBUGGING_IGNORE_CACHELINES;
import static flyby.dma.Direction.FROM_DEVICE;

import flyby.dma.Dma;
import flyby.topology.Card;
import flyby.trial.Bench;
import flyby.trial.Scene;
import flyby.zoo.EngineDriver;
import flyby.zoo.Lookalike;
import flyby.zoo.engine.Engine;
import flyby.zoo.engine.EngineOptions;
import java.util.List;

/// Both mappings say DEBUGGING_IGNORE_CACHELINES: a promise that the CPU leaves the line alone while one of them
/// is live, which is kept. What the CPU does not dirty, no maintenance can lose.
public final class L13SharedLineKept implements Lookalike {
    private static final int VALUE_BYTES = 8;

    @Override
    public int number() {
        return 13;
    }

    @Override
    public String title() {
        return "Two buffers that the device writes share a line, and the CPU writes neither";
    }

    @Override
    public List<Card> cards(Scene scene) {
        return List.of(Engine.card(EngineOptions.PLAIN, scene));
    }

    @Override
    public void run(Bench bench) {
        EngineDriver engine = new EngineDriver(bench);
        Dma dma = bench.dma();
        long values = engine.buffer(2 * VALUE_BYTES);
        engine.fillMemory(new byte[] {1, 2, 3, 4, 5, 6, 7, 8});
        long one = dma.mapSingle(values, VALUE_BYTES, FROM_DEVICE, DEBUGGING_IGNORE_CACHELINES);
        long other = dma.mapSingle(values + VALUE_BYTES, VALUE_BYTES, FROM_DEVICE, DEBUGGING_IGNORE_CACHELINES);
        boolean isOne = dma.mappingError(one) == 0;
        boolean isOther = dma.mappingError(other) == 0;
        if (isOne && isOther) {
            engine.write(one, VALUE_BYTES);
            engine.write(other, VALUE_BYTES);
        }
        if (isOne) {
            dma.unmapSingle(one, VALUE_BYTES, FROM_DEVICE, DEBUGGING_IGNORE_CACHELINES);
        }
        if (isOther) {
            dma.unmapSingle(other, VALUE_BYTES, FROM_DEVICE, DEBUGGING_IGNORE_CACHELINES);
        }
        if (isOne && isOther) {
            bench.expect(bench.cpu().load8(values) == 1, "the first value came in");
            bench.expect(bench.cpu().load8(values + VALUE_BYTES) == 1, "and the second");
        }
        engine.free(values);
        engine.remove();
    }
}
