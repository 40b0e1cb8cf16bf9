package flyby.validate.iommu;

import flyby.bus.AddressType;
import flyby.dmar.FunctionTables;
import flyby.dmar.PageTables;
import flyby.dmar.TableAccess;
import flyby.dmar.TableFrames;
import flyby.iommu.Iommu;
import flyby.iommu.IommuParameters;
import flyby.iommu.Translation;
import flyby.iommu.layout.RemappingRegisters;
import flyby.memory.FlatMemory;
import flyby.memory.PhysicalMemory;
import flyby.sim.Simulation;
import flyby.trace.Trace;

/// A device whose accesses go through a remapping unit and are not otherwise delayed: what a stream gets through is
/// decided by its walks. Tables are in memory that answers each read after the same time.
final class PageStream {
    static final long PAGE = 4096;

    private static final int DEVICE = 0x0100;
    private static final int LINE_BYTES = 64;
    private static final long MEMORY_BYTES = 1L << 36;
    private static final long TABLES = 1L << 32;
    private static final long TABLE_BYTES = 1L << 28;

    private final Simulation simulation = new Simulation(0, Trace.off());
    private final Iommu iommu;
    private final PageTables tables;
    private int left;

    PageStream(IommuParameters parameters, long readPicos) {
        PhysicalMemory bytes = new PhysicalMemory();
        FlatMemory memory = new FlatMemory(bytes, MEMORY_BYTES, readPicos, readPicos);
        iommu = new Iommu(simulation, "iommu", parameters, memory, (_, _) -> {});
        TableAccess access = new TableAccess() {
            @Override
            public long load64(long address) {
                return bytes.read64(address);
            }

            @Override
            public void store64(long address, long value) {
                bytes.write64(address, value);
            }
        };
        TableFrames frames = new TableFrames(access, TABLES, TABLE_BYTES);
        tables = new PageTables(access, frames, 4, 1);
        FunctionTables functions = new FunctionTables(access, frames);
        functions.translate(DEVICE, 1, tables, false);
        iommu.writeRegister(0, RemappingRegisters.RTADDR, 8, functions.root());
        iommu.writeRegister(
                0, RemappingRegisters.GCMD, 4, RemappingRegisters.GCMD_SRTP.mask() | RemappingRegisters.GCMD_TE.mask());
    }

    /// Maps the page at `iova` to itself, cut off to what memory there is.
    void map(long iova) {
        tables.map(iova, iova & (TABLES - 1), PAGE, true, true);
    }

    /// Reads of tables that an access to `iova` takes.
    long reads(long iova) {
        long before = iommu.statistics().memoryReads();
        translate(iova);
        return iommu.statistics().memoryReads() - before;
    }

    /// One access to `iova`, until it is translated, and nothing else meanwhile.
    void translate(long iova) {
        Translation translation = new Translation(_ -> {});
        translation.ask(DEVICE, iova, LINE_BYTES, true, AddressType.UNTRANSLATED);
        iommu.translate(translation);
        simulation.run();
    }

    /// What was translated last is on its way for `picos`.
    void moveFor(long picos) {
        simulation.runUntil(simulation.nowPicos() + picos);
    }

    long nowPicos() {
        return simulation.nowPicos();
    }

    /// Keeps `count` lines of different pages under way, out of `pages` pages, until `total` are through.
    ///
    /// @return picoseconds that it takes
    long flood(int count, int pages, int total) {
        long before = simulation.nowPicos();
        left = total;
        for (int i = 0; i < count; i++) {
            next(new Translation(each -> next(each, pages)), pages);
        }
        simulation.run();
        return simulation.nowPicos() - before;
    }

    private void next(Translation translation, int pages) {
        boolean isDone = true;
        while (isDone && left > 0) {
            left--;
            translation.ask(DEVICE, left % pages * PAGE, LINE_BYTES, true, AddressType.UNTRANSLATED);
            isDone = iommu.translate(translation);
        }
    }
}
