package flyby.zoo.e;

import static flyby.dma.Direction.FROM_DEVICE;
import static flyby.zoo.engine.EngineRegisters.GO;
import static flyby.zoo.engine.EngineRegisters.GO_WRITE;

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

/// The driver has waited long enough, tells the engine to stop, and takes the buffer away. The engine ends what it
/// has begun, in memory that is somebody else's by then. On a quick device the time-out never happens.
public final class E1UnmapBeforeStop extends EngineSpecimen {
    private static final int BUFFER_BYTES = 256;
    private static final long PATIENCE_PICOS = 100 * Time.MICROSECOND;

    public E1UnmapBeforeStop() {
        super(
                new Label(
                        "E1",
                        "A buffer is unmapped and freed while the transfer still runs",
                        "Prandr/dma_ip_drivers #24; Xilinx/dma_ip_drivers #117 and aws-fpga #516 (IO_PAGE_FAULT "
                                + "after \"timed out\"); tbsdtv/linux_media #431",
                        List.of(Rule.R25, Rule.R40, Rule.R4, Rule.FREED_MEMORY),
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
        long address = dma.mapSingle(buffer, BUFFER_BYTES, FROM_DEVICE);
        if (dma.mappingError(address) == 0) {
            engine.start(GO_WRITE, address, BUFFER_BYTES);
            if (engine.await(PATIENCE_PICOS) == -Errno.ETIMEDOUT) {
                engine.registers().write32(GO, 0);
                engine.registers().read32(GO);
            }
            dma.unmapSingle(address, BUFFER_BYTES, FROM_DEVICE); // BUG
        }
        engine.free(buffer); // BUG
        engine.awaitIdle();
        engine.remove();
    }

    @Override
    public void fixed(Bench bench) {
        EngineDriver engine = new EngineDriver(bench);
        Dma dma = bench.dma();
        long buffer = engine.buffer(BUFFER_BYTES);
        long address = dma.mapSingle(buffer, BUFFER_BYTES, FROM_DEVICE);
        if (dma.mappingError(address) == 0) {
            engine.start(GO_WRITE, address, BUFFER_BYTES);
            if (engine.await(PATIENCE_PICOS) == -Errno.ETIMEDOUT) {
                engine.registers().write32(GO, 0);
                engine.registers().read32(GO);
                engine.awaitIdle();
            }
            dma.unmapSingle(address, BUFFER_BYTES, FROM_DEVICE);
        }
        engine.free(buffer);
        engine.remove();
    }
}
