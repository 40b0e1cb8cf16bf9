package flyby.zoo.f;

import static flyby.dma.Direction.TO_DEVICE;

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

/// The device counts to 65,535, and nobody has told the kernel: entries of 84 KiB are mapped and handed on, and the
/// counter wraps. Requests that are smaller, or lists whose entries are pages, pass.
public final class F8SegmentTooLong extends EngineSpecimen {
    private static final int PIECE_BYTES = 84 << 10;
    private static final int SEGMENT_BYTES = 42 << 10;
    private static final int ORDER = 5;

    public F8SegmentTooLong() {
        super(new Label(
                "F8",
                "A segment is longer than the device was declared to take",
                "Linux dwc3 8bbae288a85a, xhci-pci 93915a4170e9, mmci sdmmc, lima; sata_rcar \"Fix DMA "
                        + "boundary mask\"",
                List.of(Rule.R12, Rule.DEVICE_PROTOCOL),
                List.of(
                        "coherent",
                        "non-coherent",
                        "weak-order",
                        "iommu-strict",
                        "iommu-lazy",
                        "bounce",
                        "timing",
                        "big-endian")));
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
            Scatterlist list = list(pages, 1, PIECE_BYTES);
            int count = dma.mapSg(list, 1, TO_DEVICE, Attributes.NONE); // BUG
            if (count > 0) {
                ring.awaitDone(ring.send(list, count)); // BUG
                dma.unmapSg(list, 1, TO_DEVICE, Attributes.NONE);
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
        dma.setMaxSegSize(SEGMENT_BYTES);
        EngineRing ring = EngineRing.start(engine, 8);
        if (ring != null) {
            long pages = engine.pages(ORDER);
            Scatterlist list = list(pages, 2, SEGMENT_BYTES);
            int count = dma.mapSg(list, 2, TO_DEVICE, Attributes.NONE);
            if (count > 0) {
                ring.awaitDone(ring.send(list, count));
                dma.unmapSg(list, 2, TO_DEVICE, Attributes.NONE);
            }
            engine.freePages(pages, ORDER);
            ring.free();
        }
        engine.remove();
    }

    /// `pieces` pieces of `byteCount` bytes each.
    private static Scatterlist list(long at, int pieces, int byteCount) {
        Scatterlist list = new Scatterlist(pieces);
        for (int i = 0; i < pieces; i++) {
            list.set(i, at + (long) i * byteCount, byteCount);
        }
        return list;
    }
}
