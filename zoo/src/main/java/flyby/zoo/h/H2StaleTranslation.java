package flyby.zoo.h;

import static flyby.zoo.engine.EngineRegisters.CONTROL_RUN;
import static flyby.zoo.engine.EngineRegisters.CONTROL_WRITE;

import flyby.base.LittleEndian;
import flyby.bus.Cpu;
import flyby.check.Rule;
import flyby.dma.Direction;
import flyby.dma.Dma;
import flyby.kernel.KernelMemory;
import flyby.sim.Time;
import flyby.trial.Bench;
import flyby.trial.Subject.Hazard;
import flyby.zoo.EngineDriver;
import flyby.zoo.EngineRing;
import flyby.zoo.EngineSpecimen;
import flyby.zoo.engine.EngineOptions;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/// A packet is unmapped, checked, and used where it lies. The IOMMU is told of an unmapping late, and the engine still
/// has the translation: it changes the packet after it was checked. Honest devices are done by then.
public final class H2StaleTranslation extends EngineSpecimen {
    private static final int SLOTS = 8;
    private static final int PACKETS = 6;
    private static final int PAYLOAD_MAX = 256;
    private static final int HEADER_BYTES = 4;

    public H2StaleTranslation() {
        super(
                new Label(
                        "H2",
                        "Use after unmap through a stale IOTLB entry",
                        "Markuze et al., ASPLOS 2016 \"True IOMMU Protection\"; Thunderclap, NDSS 2019",
                        List.of(Rule.R83, Rule.R40, Rule.R78, Rule.R85),
                        List.of("iommu-lazy")),
                EngineOptions.PLAIN.rewritingLater(2 * Time.MICROSECOND));
    }

    @Override
    public Set<Hazard> hazards() {
        return Set.of(Hazard.MALICE);
    }

    @Override
    public void buggy(Bench bench) {
        EngineDriver driver = EngineDriver.silent(bench);
        EngineRing ring = EngineRing.start(driver, SLOTS, CONTROL_RUN);
        for (int i = 0; ring != null && i < PACKETS; i++) {
            long page = bench.kernel().memory().allocatePages(0, KernelMemory.Zone.NORMAL, "packet");
            long mapped = driver.dma().mapSingle(page, KernelMemory.PAGE_BYTES, Direction.FROM_DEVICE);
            if (driver.dma().mappingError(mapped) == 0) {
                int byteCount = receive(driver, ring, mapped);
                driver.dma().unmapSingle(mapped, KernelMemory.PAGE_BYTES, Direction.FROM_DEVICE); // BUG not yet
                deliver(bench, page, byteCount); // BUG it lies where the engine can still write
            }
            bench.kernel().memory().freePages(page, 0);
        }
        remove(driver, ring);
    }

    @Override
    public void fixed(Bench bench) {
        EngineDriver driver = EngineDriver.silent(bench);
        EngineRing ring = EngineRing.start(driver, SLOTS, CONTROL_RUN);
        KernelMemory memory = bench.kernel().memory();
        Dma dma = driver.dma();
        // One page for all packets, mapped as long as the engine is there; what is delivered is a copy.
        long page = memory.allocatePages(0, KernelMemory.Zone.NORMAL, "packets");
        long mapped = dma.mapSingle(page, KernelMemory.PAGE_BYTES, Direction.FROM_DEVICE);
        long copy = memory.kmalloc(HEADER_BYTES + PAYLOAD_MAX, "copy of a packet");
        boolean isMapped = dma.mappingError(mapped) == 0;
        for (int i = 0; ring != null && isMapped && i < PACKETS; i++) {
            int byteCount = receive(driver, ring, mapped);
            dma.syncSingleForCpu(mapped, KernelMemory.PAGE_BYTES, Direction.FROM_DEVICE);
            byte[] bytes = driver.load(page, byteCount);
            bench.cpu().storeBytes(copy, bytes, 0, bytes.length);
            deliver(bench, copy, byteCount);
            dma.syncSingleForDevice(mapped, KernelMemory.PAGE_BYTES, Direction.FROM_DEVICE);
        }
        remove(driver, ring);
        if (isMapped) {
            dma.unmapSingle(mapped, KernelMemory.PAGE_BYTES, Direction.FROM_DEVICE);
        }
        memory.freePages(page, 0);
        memory.kfree(copy);
    }

    private static int receive(EngineDriver driver, EngineRing ring, long mapped) {
        byte[] packet = EngineDriver.pattern(HEADER_BYTES + PAYLOAD_MAX);
        LittleEndian.put(PAYLOAD_MAX, packet, 0, HEADER_BYTES);
        driver.engine().receive(packet);
        int slot = ring.fill(mapped, packet.length, CONTROL_WRITE);
        ring.doorbell();
        return ring.awaitDone(slot) == 0 ? 0 : ring.result(slot, packet.length);
    }

    /// Gives the packet at `address` to whoever it is for.
    private static void deliver(Bench bench, long address, int byteCount) {
        Cpu cpu = bench.cpu();
        if (byteCount < HEADER_BYTES || cpu.le32(cpu.load32(address)) > byteCount - HEADER_BYTES) {
            // None, or not whole.
            return;
        }
        // Filters, sockets: whatever looks at it first.
        cpu.delay(5 * Time.MICROSECOND);
        long length = cpu.le32(cpu.load32(address)); // BUG if the engine can still write there
        byte[] payload = new byte[PAYLOAD_MAX];
        cpu.loadBytes(address + HEADER_BYTES, payload, 0, (int) length); // BUG the same
    }

    private static void remove(EngineDriver driver, @Nullable EngineRing ring) {
        if (ring != null) {
            ring.free();
        }
        driver.remove();
    }
}
