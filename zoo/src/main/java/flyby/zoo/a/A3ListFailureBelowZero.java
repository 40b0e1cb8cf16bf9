package flyby.zoo.a;

import static flyby.dma.Direction.TO_DEVICE;
import static flyby.kernel.KernelMemory.PAGE_BYTES;

import flyby.check.Rule;
import flyby.dma.Attributes;
import flyby.dma.Dma;
import flyby.dma.DmaFaults.Point;
import flyby.dma.Scatterlist;
import flyby.trial.Bench;
import flyby.trial.Subject.Hazard;
import flyby.zoo.EngineDriver;
import flyby.zoo.EngineRing;
import flyby.zoo.EngineSpecimen;
import java.util.List;
import java.util.Set;

/// dma_map_sg() returns how many entries there are for the device, and 0 if it has failed. The test passes, no
/// descriptor is filled, and the doorbell is rung for nothing. Only a map that fails shows it.
public final class A3ListFailureBelowZero extends EngineSpecimen {
    private static final int ENTRIES = 2;
    private static final int ORDER = 1;

    public A3ListFailureBelowZero() {
        super(new Label(
                "A3",
                "The failure of dma_map_sg() is looked for below 0",
                "Linux qce AEAD, linux-crypto 2026 (src_nents < 0; later a list is unmapped that was "
                        + "never mapped); nextbsd-kernel #206",
                List.of(Rule.R50, Rule.R26, Rule.DEVICE_PROTOCOL),
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
        EngineRing ring = EngineRing.start(engine, 8);
        if (ring != null) {
            long pages = engine.pages(ORDER);
            Scatterlist list = list(pages);
            dma.faults().fail(Point.MAP, 1);
            int count = dma.mapSg(list, ENTRIES, TO_DEVICE, Attributes.NONE); // BUG
            if (count >= 0) { // BUG
                ring.awaitDone(ring.send(list, count)); // BUG
                dma.unmapSg(list, ENTRIES, TO_DEVICE, Attributes.NONE); // BUG
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
            dma.faults().fail(Point.MAP, 1);
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
