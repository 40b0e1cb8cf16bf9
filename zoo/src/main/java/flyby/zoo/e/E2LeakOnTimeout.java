package flyby.zoo.e;

import static flyby.dma.Direction.TO_DEVICE;
import static flyby.zoo.engine.EngineRegisters.GO_READ;

import flyby.check.Rule;
import flyby.dma.Dma;
import flyby.kernel.Errno;
import flyby.sim.Time;
import flyby.trial.Bench;
import flyby.trial.Subject.Hazard;
import flyby.zoo.EngineDriver;
import flyby.zoo.EngineSpecimen;
import flyby.zoo.engine.EngineOptions;
import java.util.List;
import java.util.Set;

/// The unmap stands on the path of success alone: each time-out costs a mapping. Without bounce buffers or an IOMMU
/// a mapping is nothing that could run out.
public final class E2LeakOnTimeout extends EngineSpecimen {
    private static final int BUFFER_BYTES = 256;
    private static final long PATIENCE_PICOS = 100 * Time.MICROSECOND;

    public E2LeakOnTimeout() {
        super(
                new Label(
                        "E2",
                        "A mapping leaks on a path that ordinary days take",
                        "raspberrypi/linux #3164 and #5019 (sdhci and bcm2835-mmc, until \"swiotlb buffer is "
                                + "full\"); lwfinger/rtl8192ee #3; Linux moxart_ether",
                        List.of(Rule.R22),
                        List.of(
                                "coherent",
                                "non-coherent",
                                "weak-order",
                                "iommu-strict",
                                "iommu-lazy",
                                "bounce",
                                "timing",
                                "big-endian")),
                EngineOptions.PLAIN.withLatency(100 * Time.NANOSECOND, 300 * Time.MICROSECOND));
    }

    @Override
    public Set<Hazard> hazards() {
        return Set.of(Hazard.FAULTS);
    }

    @Override
    public void buggy(Bench bench) {
        EngineDriver engine = new EngineDriver(bench);
        Dma dma = bench.dma();
        long buffer = engine.buffer(BUFFER_BYTES);
        long address = dma.mapSingle(buffer, BUFFER_BYTES, TO_DEVICE); // BUG
        if (dma.mappingError(address) == 0) {
            engine.start(GO_READ, address, BUFFER_BYTES);
            if (engine.await(PATIENCE_PICOS) == -Errno.ETIMEDOUT) {
                engine.stop();
            } else {
                dma.unmapSingle(address, BUFFER_BYTES, TO_DEVICE); // BUG
            }
        }
        engine.free(buffer); // BUG
        engine.remove();
    }

    @Override
    public void fixed(Bench bench) {
        EngineDriver engine = new EngineDriver(bench);
        Dma dma = bench.dma();
        long buffer = engine.buffer(BUFFER_BYTES);
        long address = dma.mapSingle(buffer, BUFFER_BYTES, TO_DEVICE);
        if (dma.mappingError(address) == 0) {
            engine.start(GO_READ, address, BUFFER_BYTES);
            if (engine.await(PATIENCE_PICOS) == -Errno.ETIMEDOUT) {
                engine.stop();
            }
            dma.unmapSingle(address, BUFFER_BYTES, TO_DEVICE);
        }
        engine.free(buffer);
        engine.remove();
    }
}
