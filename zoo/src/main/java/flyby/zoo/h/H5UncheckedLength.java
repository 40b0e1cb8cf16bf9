package flyby.zoo.h;

import static flyby.zoo.engine.EngineRegisters.CONTROL_WRITE;

import flyby.check.Rule;
import flyby.dma.Direction;
import flyby.dma.Dma;
import flyby.kernel.KernelMemory;
import flyby.trial.Bench;
import flyby.trial.Subject.Hazard;
import flyby.zoo.EngineDriver;
import flyby.zoo.EngineSpecimen;
import java.util.List;
import java.util.Set;

/// A completion says how long the packet was. Less than a header wraps around to very much, and more than the buffer
/// is as bad: what lies behind the buffer goes into the packet. Honest engines write whole headers.
public final class H5UncheckedLength extends EngineSpecimen {
    private static final int PACKETS = 12;
    private static final int HEADER_BYTES = 12;
    private static final int PACKET_BYTES = 16;
    /// What a packet of the network stack holds at most.
    private static final int STACK_BYTES = 2 * KernelMemory.PAGE_BYTES;

    public H5UncheckedLength() {
        super(new Label(
                "H5",
                "Completion length used without bounds",
                "RT-Thread #11327 (underflow leaks kernel memory into packets), intel/MigTD #799",
                List.of(Rule.R85, Rule.R81, Rule.BOUNDS, Rule.THROWS),
                List.of("iommu-lazy", "bounce")));
    }

    @Override
    public Set<Hazard> hazards() {
        return Set.of(Hazard.MALICE);
    }

    @Override
    public void buggy(Bench bench) {
        receive(bench, (driver, page, length) -> {
            long byteCount = length - HEADER_BYTES & 0xffff_ffffL;
            byte[] packet = new byte[STACK_BYTES];
            int copied = (int) Math.min(byteCount, packet.length);
            bench.cpu().loadBytes(page + HEADER_BYTES, packet, 0, copied); // BUG
        });
    }

    @Override
    public void fixed(Bench bench) {
        receive(bench, (driver, page, length) -> {
            if (length < HEADER_BYTES || length > PACKET_BYTES) {
                // Too short to be one, or longer than it can be: dropped.
                return;
            }
            byte[] packet = new byte[STACK_BYTES];
            bench.cpu().loadBytes(page + HEADER_BYTES, packet, 0, (int) length - HEADER_BYTES);
        });
    }

    @FunctionalInterface
    private interface Taking {
        /// @param length as the engine says
        void take(EngineDriver driver, long page, long length);
    }

    private static void receive(Bench bench, Taking taking) {
        EngineDriver driver = EngineDriver.silent(bench);
        CompletionReader reader = CompletionReader.start(bench, driver);
        KernelMemory memory = bench.kernel().memory();
        Dma dma = driver.dma();
        long page = memory.allocatePages(0, KernelMemory.Zone.NORMAL, "packets");
        long mapped = dma.mapSingle(page, KernelMemory.PAGE_BYTES, Direction.FROM_DEVICE);
        if (reader != null && dma.mappingError(mapped) == 0) {
            boolean goesOn = true;
            for (int i = 0; i < PACKETS && goesOn; i++) {
                driver.engine().receive(EngineDriver.pattern(PACKET_BYTES));
                reader.ring().fill(mapped, PACKET_BYTES, CONTROL_WRITE);
                reader.ring().doorbell();
                goesOn = reader.await();
                if (goesOn) {
                    dma.syncSingleForCpu(mapped, KernelMemory.PAGE_BYTES, Direction.FROM_DEVICE);
                    taking.take(driver, page, reader.length());
                    dma.syncSingleForDevice(mapped, KernelMemory.PAGE_BYTES, Direction.FROM_DEVICE);
                }
                reader.next();
            }
        }
        if (reader != null) {
            reader.free();
        }
        driver.remove();
        if (dma.mappingError(mapped) == 0) {
            dma.unmapSingle(mapped, KernelMemory.PAGE_BYTES, Direction.FROM_DEVICE);
        }
        memory.freePages(page, 0);
    }
}
