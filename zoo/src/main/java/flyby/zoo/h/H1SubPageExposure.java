package flyby.zoo.h;

import flyby.bus.Cpu;
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

/// A small buffer is mapped, and with it the whole page: an IOMMU knows nothing smaller. In that page lies the table of
/// functions that the driver calls, for `kmalloc` puts next to each other what is of one size. Without an IOMMU, a
/// device reaches everything anyway.
public final class H1SubPageExposure extends EngineSpecimen {
    private static final int STATUS_BYTES = 64;
    private static final int TABLE_BYTES = 64;
    private static final long HANDLER = 0xffff_ffff_8123_4560L;

    public H1SubPageExposure() {
        super(new Label(
                "H1",
                "Sub-page exposure: unrelated kernel data in a mapped granule",
                "Markuze et al., EuroSys 2021 (72 % of drivers expose callback pointers); Thunderclap, NDSS 2019",
                List.of(Rule.R82),
                List.of("iommu-lazy")));
    }

    @Override
    public Set<Hazard> hazards() {
        return Set.of(Hazard.MALICE);
    }

    @Override
    public void buggy(Bench bench) {
        KernelMemory memory = bench.kernel().memory();
        long table = memory.kmalloc(TABLE_BYTES, "functions to call");
        bench.cpu().store64(table, HANDLER);
        long status = memory.kmalloc(STATUS_BYTES, "status of the engine"); // BUG it shares a page
        askForStatus(bench, status, STATUS_BYTES);
        memory.kfree(status);
        call(bench, table);
        memory.kfree(table);
    }

    @Override
    public void fixed(Bench bench) {
        KernelMemory memory = bench.kernel().memory();
        long table = memory.kmalloc(TABLE_BYTES, "functions to call");
        bench.cpu().store64(table, HANDLER);
        // A page of its own, however little of it is needed.
        long status = memory.allocatePages(0, KernelMemory.Zone.NORMAL, "status of the engine");
        askForStatus(bench, status, KernelMemory.PAGE_BYTES);
        memory.freePages(status, 0);
        call(bench, table);
        memory.kfree(table);
    }

    private static void askForStatus(Bench bench, long status, int byteCount) {
        EngineDriver driver = new EngineDriver(bench);
        Dma dma = driver.dma();
        long mapped = dma.mapSingle(status, byteCount, Direction.FROM_DEVICE); // BUG the page around it, too
        if (dma.mappingError(mapped) == 0) {
            driver.write(mapped, STATUS_BYTES);
            driver.stop();
            dma.unmapSingle(mapped, byteCount, Direction.FROM_DEVICE);
        }
        driver.remove();
    }

    private static void call(Bench bench, long table) {
        Cpu cpu = bench.cpu();
        bench.expect(cpu.load64(table) == HANDLER, "the function is the driver's own");
    }
}
