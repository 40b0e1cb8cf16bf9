package flyby.zoo.h;

import static flyby.zoo.engine.EngineRegisters.CONTROL_RUN;
import static flyby.zoo.engine.EngineRegisters.CONTROL_WRITE;

import flyby.bus.Cpu;
import flyby.check.Rule;
import flyby.dma.Direction;
import flyby.dma.Dma;
import flyby.kernel.KernelMemory;
import flyby.trial.Bench;
import flyby.trial.Subject.Hazard;
import flyby.zoo.EngineDriver;
import flyby.zoo.EngineRing;
import flyby.zoo.EngineSpecimen;
import java.util.List;
import java.util.Set;

/// A driver keeps the address of its own book-keeping in front of the packet, in the buffer that the engine may write,
/// and follows it when the packet is there. An honest engine writes behind it.
public final class H8PointerInTheBuffer extends EngineSpecimen {
    private static final int SLOTS = 8;
    private static final int PACKETS = 6;
    private static final int HEADROOM_BYTES = 64;
    private static final int PACKET_BYTES = 256;
    private static final int BOOK_BYTES = 64;

    public H8PointerInTheBuffer() {
        super(new Label(
                "H8",
                "Driver pointer stored in device-writable memory",
                "Linux dpaa2-eth (skb found through the returned frame); Markuze et al., EuroSys 2021",
                List.of(Rule.R85),
                List.of("iommu-lazy")));
    }

    @Override
    public Set<Hazard> hazards() {
        return Set.of(Hazard.MALICE);
    }

    @Override
    public void buggy(Bench bench) {
        receive(bench, (cpu, page, book) -> {
            long found = cpu.load64(page);
            cpu.store64(found, cpu.load64(found) + 1); // BUG
        });
    }

    @Override
    public void fixed(Bench bench) {
        // The driver knows where its book is: nobody has to tell it.
        receive(bench, (cpu, page, book) -> cpu.store64(book, cpu.load64(book) + 1));
    }

    @FunctionalInterface
    private interface Counting {
        void count(Cpu cpu, long page, long book);
    }

    private static void receive(Bench bench, Counting counting) {
        EngineDriver driver = EngineDriver.silent(bench);
        EngineRing ring = EngineRing.start(driver, SLOTS, CONTROL_RUN);
        KernelMemory memory = bench.kernel().memory();
        Cpu cpu = bench.cpu();
        Dma dma = driver.dma();
        long book = memory.kmalloc(BOOK_BYTES, "packets of a queue");
        cpu.store64(book, 0);
        long page = memory.allocatePages(0, KernelMemory.Zone.NORMAL, "packet");
        cpu.store64(page, book);
        long mapped = dma.mapSingle(page, KernelMemory.PAGE_BYTES, Direction.BIDIRECTIONAL);
        boolean isMapped = dma.mappingError(mapped) == 0;
        for (int i = 0; ring != null && isMapped && i < PACKETS; i++) {
            driver.engine().receive(EngineDriver.pattern(PACKET_BYTES));
            int slot = ring.fill(mapped + HEADROOM_BYTES, PACKET_BYTES, CONTROL_WRITE);
            ring.doorbell();
            ring.awaitDone(slot);
            dma.syncSingleForCpu(mapped, KernelMemory.PAGE_BYTES, Direction.BIDIRECTIONAL);
            counting.count(cpu, page, book);
            dma.syncSingleForDevice(mapped, KernelMemory.PAGE_BYTES, Direction.BIDIRECTIONAL);
        }
        if (ring != null) {
            ring.free();
        }
        driver.remove();
        if (isMapped) {
            dma.unmapSingle(mapped, KernelMemory.PAGE_BYTES, Direction.BIDIRECTIONAL);
        }
        memory.freePages(page, 0);
        memory.kfree(book);
    }
}
