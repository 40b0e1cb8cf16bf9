package flyby.zoo.lookalikes;

import static flyby.dma.Attributes.NONE;
import static flyby.dma.Direction.TO_DEVICE;

import flyby.dma.Dma;
import flyby.kernel.KernelMemory;
import flyby.topology.Card;
import flyby.trial.Bench;
import flyby.trial.Scene;
import flyby.zoo.EngineDriver;
import flyby.zoo.Lookalike;
import flyby.zoo.engine.Engine;
import flyby.zoo.engine.EngineOptions;
import java.util.Arrays;
import java.util.List;

/// Behind an IOMMU that gives out address 0 it is as good as any other: the driver asks `dma_mapping_error`
/// alone, and keeps beside the address whether it has one.
public final class L8AddressZero implements Lookalike {
    private static final int PACKET_BYTES = 64;
    private static final int PACKETS = 3;

    @Override
    public int number() {
        return 8;
    }

    @Override
    public String title() {
        return "A mapping at DMA address 0 is used";
    }

    @Override
    public List<Card> cards(Scene scene) {
        return List.of(Engine.card(EngineOptions.PLAIN, scene));
    }

    @Override
    public void run(Bench bench) {
        EngineDriver engine = new EngineDriver(bench);
        Dma dma = bench.dma();
        for (int i = 0; i < PACKETS; i++) {
            // A page of its own, from the first byte on: where there are IOVAs from 0 on, it may have that.
            long page = bench.kernel().memory().allocatePages(0, KernelMemory.Zone.NORMAL, "packet");
            bench.cpu().storeBytes(page, EngineDriver.pattern(PACKET_BYTES), 0, PACKET_BYTES);
            long address = dma.mapPage(page, 0, PACKET_BYTES, TO_DEVICE, NONE);
            boolean isMapped = dma.mappingError(address) == 0;
            if (isMapped) {
                engine.read(address, PACKET_BYTES);
                dma.unmapPage(address, PACKET_BYTES, TO_DEVICE, NONE);
                bench.expect(
                        Arrays.equals(engine.memoryBytes(PACKET_BYTES), EngineDriver.pattern(PACKET_BYTES)),
                        "the packet was sent");
            }
            bench.kernel().memory().freePages(page, 0);
        }
        engine.remove();
    }
}
