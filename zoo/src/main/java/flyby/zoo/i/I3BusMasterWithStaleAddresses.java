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
import java.util.List;

/// A kernel crashes, and the next one finds the engine as it was left: running, with the address of a ring that is
/// nobody's any more. Its driver switches bus mastering on, and gets around to the engine later. After a cold boot
/// there is no such engine.
public final class I3BusMasterWithStaleAddresses extends EngineSpecimen {
    private static final int SLOTS = 16;
    private static final long FIRMWARE_LOAD_PICOS = 20 * Time.MICROSECOND;

    public I3BusMasterWithStaleAddresses() {
        super(new Label(
                "I3",
                "Bus mastering on with stale addresses",
                "enjoy-digital/litex_m2sdr #145: IO_PAGE_FAULT storm, probe lock-up",
                List.of(Rule.R86, Rule.R4, Rule.R25, Rule.R40, Rule.FREED_MEMORY),
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
    public void buggy(Bench bench) {
        firstLife(bench);
        bench.pci().enable();
        bench.pci().setMaster(); // BUG the engine still has the addresses of its first life
        bench.kernel().sleep(FIRMWARE_LOAD_PICOS);
        EngineDriver driver = EngineDriver.silent(bench);
        driver.remove();
    }

    @Override
    public void fixed(Bench bench) {
        firstLife(bench);
        bench.pci().enable();
        bench.kernel().sleep(FIRMWARE_LOAD_PICOS);
        // Resets the engine before it sets bus mastering.
        EngineDriver driver = EngineDriver.silent(bench);
        driver.remove();
    }

    /// A driver whose kernel crashes: bus mastering ends, and its memory is given to others.
    private static void firstLife(Bench bench) {
        EngineDriver driver = EngineDriver.silent(bench);
        CoherentBuffer ring = driver.dma().allocCoherent(SLOTS * DESCRIPTOR_BYTES);
        if (ring != null) {
            driver.registers().write32(RING_LOW, ring.dmaAddress() & 0xffff_ffffL);
            driver.registers().write32(RING_HIGH, ring.dmaAddress() >>> 32);
            driver.registers().write32(RING_SIZE, SLOTS);
            driver.registers().write32(CONTROL, CONTROL_RUN | CONTROL_POLL);
            bench.kernel().sleep(10 * Time.MICROSECOND);
        }
        driver.pci().clearMaster();
        if (ring != null) {
            // What it has asked for before is answered by then.
            bench.kernel().sleep(10 * Time.MICROSECOND);
            driver.dma().freeCoherent(ring.byteCount(), ring.cpuAddress(), ring.dmaAddress());
        }
    }
}
