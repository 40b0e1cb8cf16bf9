package flyby.zoo.i;

import static flyby.zoo.engine.EngineRegisters.CONTROL;
import static flyby.zoo.engine.EngineRegisters.CONTROL_POLL;
import static flyby.zoo.engine.EngineRegisters.CONTROL_RUN;
import static flyby.zoo.engine.EngineRegisters.DESCRIPTOR_BYTES;
import static flyby.zoo.engine.EngineRegisters.RING_HIGH;
import static flyby.zoo.engine.EngineRegisters.RING_LOW;
import static flyby.zoo.engine.EngineRegisters.RING_SIZE;

import flyby.check.Rule;
import flyby.dma.CoherentBuffer;
import flyby.sim.Time;
import flyby.trial.Bench;
import flyby.zoo.EngineDriver;
import flyby.zoo.EngineSpecimen;
import flyby.zoo.engine.EngineOptions;
import java.util.List;

/// The driver leaves: it gives the ring back first, and stops the engine afterwards. That still polls the ring, which
/// by then may be somebody else's memory. It is, on a PC, rarely so soon.
public final class I1FreedBeforeStopped extends EngineSpecimen {
    private static final int SLOTS = 16;

    public I1FreedBeforeStopped() {
        super(
                new Label(
                        "I1",
                        "Ring or buffers freed before the device is stopped",
                        "rcore-os/virtio-drivers #30 \"Reset queues when device is dropped\"",
                        List.of(Rule.R4, Rule.R25, Rule.R40, Rule.R86, Rule.FREED_MEMORY),
                        List.of(
                                "coherent",
                                "non-coherent",
                                "weak-order",
                                "iommu-strict",
                                "iommu-lazy",
                                "bounce",
                                "timing",
                                "big-endian")),
                EngineOptions.PLAIN.withPolling(100 * Time.NANOSECOND));
    }

    @Override
    public void buggy(Bench bench) {
        EngineDriver driver = EngineDriver.silent(bench);
        CoherentBuffer ring = driver.dma().allocCoherent(SLOTS * DESCRIPTOR_BYTES);
        if (ring != null) {
            run(bench, driver, ring);
            driver.dma().freeCoherent(ring.byteCount(), ring.cpuAddress(), ring.dmaAddress()); // BUG
        }
        driver.remove();
    }

    @Override
    public void fixed(Bench bench) {
        EngineDriver driver = EngineDriver.silent(bench);
        CoherentBuffer ring = driver.dma().allocCoherent(SLOTS * DESCRIPTOR_BYTES);
        if (ring != null) {
            run(bench, driver, ring);
        }
        driver.remove();
        if (ring != null) {
            driver.dma().freeCoherent(ring.byteCount(), ring.cpuAddress(), ring.dmaAddress());
        }
    }

    private static void run(Bench bench, EngineDriver driver, CoherentBuffer ring) {
        driver.registers().write32(RING_LOW, ring.dmaAddress() & 0xffff_ffffL);
        driver.registers().write32(RING_HIGH, ring.dmaAddress() >>> 32);
        driver.registers().write32(RING_SIZE, SLOTS);
        driver.registers().write32(CONTROL, CONTROL_RUN | CONTROL_POLL);
        bench.kernel().sleep(10 * Time.MICROSECOND);
    }
}
