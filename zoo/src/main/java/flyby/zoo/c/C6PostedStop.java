package flyby.zoo.c;

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

/// The engine is told to stop, and its ring is freed at once; but the write is posted, and the engine, which has
/// not heard of it, looks into the ring once more. A PC's bridges are fast, and what it reads then is mostly
/// still there.
public final class C6PostedStop extends EngineSpecimen {
    private static final int RING = 8;
    private static final int RING_BYTES = RING * DESCRIPTOR_BYTES;
    private static final long POLL_PICOS = 100 * Time.NANOSECOND;
    private static final long WORK_PICOS = 5 * Time.MICROSECOND;

    public C6PostedStop() {
        super(
                new Label(
                        "C6",
                        "A posted write is not flushed before its effect is relied on",
                        "Linux ath11k 0fe8010fc5b1 and ath12k 55f3aa06951c (flush PCIE_SOC_GLOBAL_RESET); "
                                + "Prandr/dma_ip_drivers #24 (the dummy read was never coded)",
                        List.of(Rule.R76, Rule.R25, Rule.R4, Rule.R55, Rule.R86, Rule.FREED_MEMORY),
                        List.of("coherent", "weak-order", "iommu-strict", "timing")),
                EngineOptions.PLAIN.withPolling(POLL_PICOS));
    }

    @Override
    public void buggy(Bench bench) {
        EngineDriver engine = new EngineDriver(bench);
        CoherentBuffer ring = bench.dma().allocCoherent(RING_BYTES);
        if (ring != null) {
            start(engine, ring);
            bench.cpu().delay(WORK_PICOS);
            engine.registers().write32(CONTROL, 0); // BUG
            bench.dma().freeCoherent(RING_BYTES, ring.cpuAddress(), ring.dmaAddress()); // BUG
        }
        engine.remove();
    }

    @Override
    public void fixed(Bench bench) {
        EngineDriver engine = new EngineDriver(bench);
        CoherentBuffer ring = bench.dma().allocCoherent(RING_BYTES);
        if (ring != null) {
            start(engine, ring);
            bench.cpu().delay(WORK_PICOS);
            engine.registers().write32(CONTROL, 0);
            engine.registers().read32(CONTROL);
            engine.awaitIdle();
            bench.dma().freeCoherent(RING_BYTES, ring.cpuAddress(), ring.dmaAddress());
        }
        engine.remove();
    }

    /// The engine looks at the ring from now on, where there is nothing yet.
    private static void start(EngineDriver engine, CoherentBuffer ring) {
        engine.registers().write32(RING_LOW, ring.dmaAddress() & 0xffff_ffffL);
        engine.registers().write32(RING_HIGH, ring.dmaAddress() >>> 32);
        engine.registers().write32(RING_SIZE, RING);
        engine.registers().write32(CONTROL, CONTROL_RUN | CONTROL_POLL);
    }
}
