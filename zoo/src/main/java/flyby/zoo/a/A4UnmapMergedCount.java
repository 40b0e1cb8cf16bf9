package flyby.zoo.a;

import static flyby.dma.Direction.TO_DEVICE;
import static flyby.kernel.KernelMemory.PAGE_BYTES;

import flyby.check.Rule;
import flyby.dma.Attributes;
import flyby.dma.Dma;
import flyby.dma.Scatterlist;
import flyby.trial.Bench;
import flyby.trial.Subject.Hazard;
import flyby.zoo.EngineDriver;
import flyby.zoo.EngineRing;
import flyby.zoo.EngineSpecimen;
import java.util.List;
import java.util.Set;

/// Where entries meet, the IOMMU makes one of them, and the device is told of fewer. Unmapping takes what was
/// mapped: with the smaller count the rest stays mapped. On a PC without an IOMMU nothing is merged, and both
/// counts are the same.
public final class A4UnmapMergedCount extends EngineSpecimen {
    private static final int ENTRIES = 4;
    private static final int ORDER = 2;

    public A4UnmapMergedCount() {
        super(new Label(
                "A4",
                "dma_unmap_sg() is called with the count that dma_map_sg() returned",
                "Linux mmc bcm2835 ff09b71bf9da, mmc mvsdio 8ab2f1c35669, crypto rockchip, scsi mvsas: "
                        + "\"Fix dma_unmap_sg() nents value\"",
                List.of(Rule.R49, Rule.R22),
                List.of("iommu-strict")));
    }

    @Override
    public Set<Hazard> hazards() {
        return Set.of(Hazard.FAULTS);
    }

    @Override
    public void buggy(Bench bench) {
        EngineDriver engine = new EngineDriver(bench);
        Dma dma = bench.dma();
        EngineRing ring = EngineRing.start(engine, 8);
        if (ring != null) {
            long pages = engine.pages(ORDER);
            Scatterlist list = list(pages);
            int count = dma.mapSg(list, ENTRIES, TO_DEVICE, Attributes.NONE); // BUG
            if (count > 0) {
                ring.awaitDone(ring.send(list, count));
                dma.unmapSg(list, count, TO_DEVICE, Attributes.NONE); // BUG
            }
            engine.freePages(pages, ORDER);
            ring.free();
        }
        engine.remove();
    }

    @Override
    public void fixed(Bench bench) {
        EngineDriver engine = new EngineDriver(bench);
        Dma dma = bench.dma();
        EngineRing ring = EngineRing.start(engine, 8);
        if (ring != null) {
            long pages = engine.pages(ORDER);
            Scatterlist list = list(pages);
            int count = dma.mapSg(list, ENTRIES, TO_DEVICE, Attributes.NONE);
            if (count > 0) {
                ring.awaitDone(ring.send(list, count));
                dma.unmapSg(list, ENTRIES, TO_DEVICE, Attributes.NONE);
            }
            engine.freePages(pages, ORDER);
            ring.free();
        }
        engine.remove();
    }

    private static Scatterlist list(long pages) {
        Scatterlist list = new Scatterlist(ENTRIES);
        for (int i = 0; i < ENTRIES; i++) {
            list.set(i, pages + (long) i * PAGE_BYTES, PAGE_BYTES);
        }
        return list;
    }
}
