package flyby.zoo.k;

import flyby.check.Rule;
import flyby.dma.CoherentBuffer;
import flyby.dma.Dma;
import flyby.dma.DmaFaults.Point;
import flyby.kernel.Errno;
import flyby.trial.Bench;
import flyby.trial.Subject.Hazard;
import flyby.zoo.EngineDriver;
import flyby.zoo.EngineSpecimen;
import java.util.List;
import java.util.Set;

/// There is memory for the ring and none for the queue: probe returns its error, and the ring stays. Probes seldom
/// fail, and a machine that boots forgives a leak.
public final class K2ProbeErrorLeaks extends EngineSpecimen {
    private static final int RING_BYTES = 1024;
    private static final int QUEUE_BYTES = 4096;

    public K2ProbeErrorLeaks() {
        super(new Label(
                "K2",
                "An error while probing leaks what was allocated before it",
                "bluez bluetooth-next #441 btintel_pcie; CVE-2026-43257, Linux cx88 snd_cx88_hw_params",
                List.of(Rule.R27, Rule.R55, Rule.R22),
                List.of("coherent")));
    }

    @Override
    public Set<Hazard> hazards() {
        return Set.of(Hazard.FAULTS);
    }

    @Override
    public void buggy(Bench bench) {
        EngineDriver engine = new EngineDriver(bench);
        Dma dma = bench.dma();
        dma.faults().fail(Point.ALLOC, 2);
        int error = probe(dma);
        bench.expect(error != 0, "probe has failed");
        engine.remove();
    }

    @Override
    public void fixed(Bench bench) {
        EngineDriver engine = new EngineDriver(bench);
        Dma dma = bench.dma();
        dma.faults().fail(Point.ALLOC, 2);
        int error = probeOrUndo(dma);
        bench.expect(error != 0, "probe has failed");
        engine.remove();
    }

    private static int probe(Dma dma) {
        CoherentBuffer ring = dma.allocCoherent(RING_BYTES); // BUG
        if (ring == null) {
            return -Errno.ENOMEM;
        }
        CoherentBuffer queue = dma.allocCoherent(QUEUE_BYTES); // BUG
        if (queue == null) {
            return -Errno.ENOMEM; // BUG
        }
        work(dma, ring, queue);
        return 0;
    }

    private static int probeOrUndo(Dma dma) {
        CoherentBuffer ring = dma.allocCoherent(RING_BYTES);
        if (ring == null) {
            return -Errno.ENOMEM;
        }
        CoherentBuffer queue = dma.allocCoherent(QUEUE_BYTES);
        if (queue == null) {
            dma.freeCoherent(RING_BYTES, ring.cpuAddress(), ring.dmaAddress());
            return -Errno.ENOMEM;
        }
        work(dma, ring, queue);
        return 0;
    }

    /// The device works, and its driver leaves it.
    private static void work(Dma dma, CoherentBuffer ring, CoherentBuffer queue) {
        dma.freeCoherent(QUEUE_BYTES, queue.cpuAddress(), queue.dmaAddress());
        dma.freeCoherent(RING_BYTES, ring.cpuAddress(), ring.dmaAddress());
    }
}
