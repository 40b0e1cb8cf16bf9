package flyby.zoo.d;

import static flyby.zoo.engine.EngineRegisters.CONTROL;
import static flyby.zoo.engine.EngineRegisters.CONTROL_OWN;
import static flyby.zoo.engine.EngineRegisters.CONTROL_POLL;
import static flyby.zoo.engine.EngineRegisters.CONTROL_RUN;
import static flyby.zoo.engine.EngineRegisters.CONTROL_WRITE;
import static flyby.zoo.engine.EngineRegisters.DESCRIPTOR_ADDRESS;
import static flyby.zoo.engine.EngineRegisters.DESCRIPTOR_BYTES;
import static flyby.zoo.engine.EngineRegisters.DESCRIPTOR_CONTROL;
import static flyby.zoo.engine.EngineRegisters.DESCRIPTOR_LENGTH;
import static flyby.zoo.engine.EngineRegisters.RING_HIGH;
import static flyby.zoo.engine.EngineRegisters.RING_LOW;
import static flyby.zoo.engine.EngineRegisters.RING_SIZE;

import flyby.bus.Cpu;
import flyby.check.Rule;
import flyby.dma.CoherentBuffer;
import flyby.dma.Direction;
import flyby.sim.Time;
import flyby.trial.Bench;
import flyby.zoo.EngineDriver;
import flyby.zoo.EngineSpecimen;
import java.util.List;

/// An interface goes down with buffers still posted, and up again: the ring is programmed anew, but its descriptors
/// still say OWN, with the addresses of buffers that were given back. It works as long as nothing was left over.
public final class D7StaleOwnershipAtRestart extends EngineSpecimen {
    private static final int SLOTS = 4;
    private static final int PACKET_BYTES = 128;
    private static final long LOOK_PICOS = Time.MICROSECOND;

    private final long[] buffers = new long[SLOTS];
    private final long[] mapped = new long[SLOTS];

    public D7StaleOwnershipAtRestart() {
        super(new Label(
                "D7",
                "Descriptor ownership not reinitialised at restart",
                "espressif/esp-idf #7752: TX descriptors still owned by DMA after reinstall",
                List.of(Rule.R4, Rule.R25, Rule.R40, Rule.FREED_MEMORY, Rule.DEVICE_PROTOCOL),
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
        EngineDriver driver = EngineDriver.silent(bench);
        CoherentBuffer ring = driver.dma().allocCoherent(SLOTS * DESCRIPTOR_BYTES);
        if (ring != null) {
            start(driver, ring);
            receive(bench, driver, ring, SLOTS);
            stop(driver);
            start(driver, ring); // BUG the descriptors of the last run are still the engine's
            receive(bench, driver, ring, 1);
            stop(driver);
            driver.dma().freeCoherent(ring.byteCount(), ring.cpuAddress(), ring.dmaAddress());
        }
        driver.remove();
    }

    @Override
    public void fixed(Bench bench) {
        EngineDriver driver = EngineDriver.silent(bench);
        CoherentBuffer ring = driver.dma().allocCoherent(SLOTS * DESCRIPTOR_BYTES);
        if (ring != null) {
            start(driver, ring);
            receive(bench, driver, ring, SLOTS);
            stop(driver);
            for (int i = 0; i < SLOTS; i++) {
                bench.cpu().store32(ring.cpuAddress() + (long) i * DESCRIPTOR_BYTES + DESCRIPTOR_CONTROL, 0);
            }
            start(driver, ring);
            receive(bench, driver, ring, 1);
            stop(driver);
            driver.dma().freeCoherent(ring.byteCount(), ring.cpuAddress(), ring.dmaAddress());
        }
        driver.remove();
    }

    private static void start(EngineDriver driver, CoherentBuffer ring) {
        driver.registers().write32(RING_LOW, ring.dmaAddress() & 0xffff_ffffL);
        driver.registers().write32(RING_HIGH, ring.dmaAddress() >>> 32);
        driver.registers().write32(RING_SIZE, SLOTS);
        driver.registers().write32(CONTROL, CONTROL_RUN | CONTROL_POLL);
    }

    /// Posts `count` buffers, of which only the first is used up, for two packets come in, and the second finds none
    /// or one that is posted.
    private void receive(Bench bench, EngineDriver driver, CoherentBuffer ring, int count) {
        for (int i = 0; i < count; i++) {
            post(bench, driver, ring.cpuAddress() + (long) i * DESCRIPTOR_BYTES, i);
        }
        driver.engine().receive(EngineDriver.pattern(PACKET_BYTES));
        if (count == 1) {
            driver.engine().receive(EngineDriver.pattern(PACKET_BYTES));
        }
        bench.kernel().poll(() -> isDone(bench.cpu(), ring.cpuAddress()), LOOK_PICOS, EngineDriver.TIMEOUT_PICOS);
        // What came in second is looked for, too.
        bench.kernel().sleep(5 * Time.MICROSECOND);
    }

    private static boolean isDone(Cpu cpu, long descriptor) {
        return (cpu.le32(cpu.load32(descriptor + DESCRIPTOR_CONTROL)) & CONTROL_OWN) == 0;
    }

    private void post(Bench bench, EngineDriver driver, long descriptor, int i) {
        Cpu cpu = bench.cpu();
        long buffer = bench.kernel().memory().kmalloc(PACKET_BYTES, "packet");
        mapped[i] = driver.dma().mapSingle(buffer, PACKET_BYTES, Direction.FROM_DEVICE);
        if (driver.dma().mappingError(mapped[i]) != 0) {
            driver.free(buffer);
            return;
        }
        buffers[i] = buffer;
        cpu.store64(descriptor + DESCRIPTOR_ADDRESS, cpu.le64(mapped[i]));
        cpu.store32(descriptor + DESCRIPTOR_LENGTH, cpu.le32(PACKET_BYTES));
        cpu.dmaWriteBarrier();
        cpu.store32(descriptor + DESCRIPTOR_CONTROL, cpu.le32(CONTROL_OWN | CONTROL_WRITE));
    }

    /// The interface goes down: what was posted is taken back.
    private void stop(EngineDriver driver) {
        driver.stop();
        for (int i = 0; i < SLOTS; i++) {
            if (buffers[i] != 0) {
                driver.dma().unmapSingle(mapped[i], PACKET_BYTES, Direction.FROM_DEVICE); // BUG OWN stays set
                driver.free(buffers[i]);
                buffers[i] = 0;
            }
        }
    }
}
