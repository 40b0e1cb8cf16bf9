package flyby.zoo.d;

import static flyby.zoo.engine.EngineRegisters.CONTROL;
import static flyby.zoo.engine.EngineRegisters.CONTROL_FIRST;
import static flyby.zoo.engine.EngineRegisters.CONTROL_LAST;
import static flyby.zoo.engine.EngineRegisters.CONTROL_OWN;
import static flyby.zoo.engine.EngineRegisters.CONTROL_RUN;
import static flyby.zoo.engine.EngineRegisters.DESCRIPTOR_ADDRESS;
import static flyby.zoo.engine.EngineRegisters.DESCRIPTOR_BYTES;
import static flyby.zoo.engine.EngineRegisters.DESCRIPTOR_CONTROL;
import static flyby.zoo.engine.EngineRegisters.DESCRIPTOR_LENGTH;
import static flyby.zoo.engine.EngineRegisters.HEAD;
import static flyby.zoo.engine.EngineRegisters.RING_HIGH;
import static flyby.zoo.engine.EngineRegisters.RING_LOW;
import static flyby.zoo.engine.EngineRegisters.RING_SIZE;
import static flyby.zoo.engine.EngineRegisters.TAIL;

import flyby.bus.Cpu;
import flyby.check.Rule;
import flyby.dma.CoherentBuffer;
import flyby.dma.Direction;
import flyby.dma.Dma;
import flyby.sim.Time;
import flyby.trial.Bench;
import flyby.zoo.EngineDriver;
import flyby.zoo.EngineSpecimen;
import flyby.zoo.engine.EngineOptions;
import java.util.List;

/// The engine always reads 32 descriptors at once, also where the ring has 16: it reads beyond the memory that it was
/// given. That lies in the same page, mostly, so that nothing happens but that it is somebody else's.
public final class D6PrefetchPastTheRing extends EngineSpecimen {
    private static final int SLOTS = 16;
    private static final int PREFETCHED = 32;
    private static final int PACKET_BYTES = 128;

    public D6PrefetchPastTheRing() {
        super(
                new Label(
                        "D6",
                        "Hardware prefetch runs past the ring",
                        "openwrt #24872 \"airoha: grow the small RX rings to stop hw DMA past the ring\"",
                        List.of(Rule.R4, Rule.BOUNDS, Rule.R82),
                        List.of(
                                "coherent",
                                "non-coherent",
                                "weak-order",
                                "iommu-strict",
                                "iommu-lazy",
                                "bounce",
                                "timing",
                                "big-endian")),
                EngineOptions.PLAIN.withPrefetch(PREFETCHED));
    }

    @Override
    public void buggy(Bench bench) {
        EngineDriver driver = EngineDriver.silent(bench);
        CoherentBuffer ring = driver.dma().allocCoherent(SLOTS * DESCRIPTOR_BYTES); // BUG
        if (ring != null) {
            send(bench, driver, ring);
        }
        driver.remove();
    }

    @Override
    public void fixed(Bench bench) {
        EngineDriver driver = EngineDriver.silent(bench);
        // A prefetch that begins at the last descriptor ends within the memory, too.
        CoherentBuffer ring = driver.dma().allocCoherent((SLOTS + PREFETCHED) * DESCRIPTOR_BYTES);
        if (ring != null) {
            send(bench, driver, ring);
        }
        driver.remove();
    }

    private static void send(Bench bench, EngineDriver driver, CoherentBuffer ring) {
        Cpu cpu = bench.cpu();
        Dma dma = driver.dma();
        long buffer = driver.buffer(PACKET_BYTES);
        long mapped = dma.mapSingle(buffer, PACKET_BYTES, Direction.TO_DEVICE);
        if (dma.mappingError(mapped) == 0) {
            cpu.store64(ring.cpuAddress() + DESCRIPTOR_ADDRESS, cpu.le64(mapped));
            cpu.store32(ring.cpuAddress() + DESCRIPTOR_LENGTH, cpu.le32(PACKET_BYTES));
            long flags = CONTROL_OWN | CONTROL_FIRST | CONTROL_LAST;
            cpu.store32(ring.cpuAddress() + DESCRIPTOR_CONTROL, cpu.le32(flags));
            driver.registers().write32(RING_LOW, ring.dmaAddress() & 0xffff_ffffL);
            driver.registers().write32(RING_HIGH, ring.dmaAddress() >>> 32);
            driver.registers().write32(RING_SIZE, SLOTS);
            driver.registers().write32(CONTROL, CONTROL_RUN);
            driver.registers().write32(TAIL, 1);
            int error = bench.kernel()
                    .poll(() -> driver.registers().read32(HEAD) == 1, Time.MICROSECOND, EngineDriver.TIMEOUT_PICOS);
            bench.expect(error == 0, "the packet is sent");
            driver.stop();
            dma.unmapSingle(mapped, PACKET_BYTES, Direction.TO_DEVICE);
        }
        driver.free(buffer);
        dma.freeCoherent(ring.byteCount(), ring.cpuAddress(), ring.dmaAddress());
    }
}
