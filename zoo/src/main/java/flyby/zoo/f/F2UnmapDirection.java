package flyby.zoo.f;

import static flyby.dma.Direction.FROM_DEVICE;
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

/// What the device has read is unmapped as if it had written it: a bounce buffer is copied over the data, a cache
/// is invalidated with what the CPU has stored. On a PC the direction of an unmap means nothing.
public final class F2UnmapDirection extends EngineSpecimen {
    private static final int ENTRIES = 2;
    private static final int ORDER = 1;

    public F2UnmapDirection() {
        super(new Label(
                "F2",
                "A mapping is unmapped with another direction",
                "Linux crypto aspeed 15fa9f242604 and atmel 70e92b5b9c11 \"Fix dma_unmap_sg() direction\"",
                List.of(Rule.R23),
                List.of("bounce", "non-coherent")));
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
                dma.unmapSg(list, ENTRIES, FROM_DEVICE, Attributes.NONE); // BUG
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
