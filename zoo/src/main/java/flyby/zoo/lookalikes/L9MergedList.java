package flyby.zoo.lookalikes;

import static flyby.dma.Attributes.NONE;
import static flyby.dma.Direction.TO_DEVICE;
import static flyby.zoo.engine.EngineRegisters.CONTROL_FIRST;
import static flyby.zoo.engine.EngineRegisters.CONTROL_LAST;

import flyby.dma.Dma;
import flyby.dma.Scatterlist;
import flyby.kernel.KernelMemory;
import flyby.topology.Card;
import flyby.trial.Bench;
import flyby.trial.Scene;
import flyby.zoo.EngineDriver;
import flyby.zoo.EngineRing;
import flyby.zoo.Lookalike;
import flyby.zoo.engine.Engine;
import flyby.zoo.engine.EngineOptions;
import java.util.List;

/// Pages that lie apart become one range behind an IOMMU. The engine is given as many entries as the map has
/// returned, with their DMA addresses and lengths, and the unmap gets the count that the map got.
public final class L9MergedList implements Lookalike {
    private static final int PAGES = 3;
    private static final int PAGE_BYTES = KernelMemory.PAGE_BYTES;
    private static final int RING = 8;

    @Override
    public int number() {
        return 9;
    }

    @Override
    public String title() {
        return "A list is mapped to fewer entries than it has";
    }

    @Override
    public List<Card> cards(Scene scene) {
        return List.of(Engine.card(EngineOptions.PLAIN, scene));
    }

    @Override
    public void run(Bench bench) {
        EngineDriver engine = new EngineDriver(bench);
        Dma dma = bench.dma();
        KernelMemory memory = bench.kernel().memory();
        Scatterlist list = new Scatterlist(PAGES);
        for (int i = 0; i < PAGES; i++) {
            long page = memory.allocatePages(0, KernelMemory.Zone.NORMAL, "page of a list");
            bench.cpu().storeBytes(page, EngineDriver.pattern(PAGE_BYTES), 0, PAGE_BYTES);
            list.set(i, page, PAGE_BYTES);
        }
        EngineRing ring = EngineRing.start(engine, RING);
        int count = dma.mapSg(list, PAGES, TO_DEVICE, NONE);
        if (count > 0 && ring != null) {
            int last = -1;
            for (int i = 0; i < count; i++) {
                long flags = (i == 0 ? CONTROL_FIRST : 0) | (i == count - 1 ? CONTROL_LAST : 0);
                last = ring.fill(list.dmaAddress(i), (int) list.dmaLength(i), flags);
            }
            ring.doorbell();
            ring.awaitDone(last);
            bench.expect(isSent(engine), "the pages were sent as one packet");
        }
        if (ring != null) {
            ring.free();
        }
        if (count > 0) {
            dma.unmapSg(list, PAGES, TO_DEVICE, NONE);
        }
        for (int i = 0; i < PAGES; i++) {
            memory.freePages(list.address(i), 0);
        }
        engine.remove();
    }

    private static boolean isSent(EngineDriver engine) {
        return engine.engine().sent().size() == 1 && engine.engine().sent().getFirst().length == PAGES * PAGE_BYTES;
    }
}
