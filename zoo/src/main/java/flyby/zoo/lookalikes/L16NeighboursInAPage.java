package flyby.zoo.lookalikes;

import static flyby.dma.Direction.FROM_DEVICE;

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

/// The granule of the IOMMU that is mapped for the buffer has the driver's own data in it, too. A device that is
/// trusted does not look at them: what is exposed is a matter of policy, and not of this driver.
public final class L16NeighboursInAPage implements Lookalike {
    private static final int BUFFER_BYTES = 256;

    @Override
    public int number() {
        return 16;
    }

    @Override
    public String title() {
        return "Buffers and other data lie in one page, for a device that is trusted";
    }

    @Override
    public List<Card> cards(Scene scene) {
        return List.of(Engine.card(EngineOptions.PLAIN, scene));
    }

    @Override
    public void run(Bench bench) {
        EngineDriver engine = new EngineDriver(bench);
        Dma dma = bench.dma();
        long secret = engine.buffer(BUFFER_BYTES);
        long buffer = engine.buffer(BUFFER_BYTES);
        engine.fillMemory(new byte[BUFFER_BYTES]);
        long address = dma.mapSingle(buffer, BUFFER_BYTES, FROM_DEVICE);
        if (dma.mappingError(address) == 0) {
            engine.write(address, BUFFER_BYTES);
            dma.unmapSingle(address, BUFFER_BYTES, FROM_DEVICE);
            bench.expect(bench.cpu().load8(buffer) == 0, "the data came in");
        }
        byte[] seen = engine.load(secret, BUFFER_BYTES);
        bench.expect(Arrays.equals(seen, EngineDriver.pattern(BUFFER_BYTES)), "the neighbour is what it was");
        engine.free(buffer);
        engine.free(secret);
        engine.remove();
    }
}
