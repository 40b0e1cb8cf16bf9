package flyby.bench;

import flyby.iommu.Iommu;
import flyby.iommu.layout.RemappingRegisters;
import flyby.memory.PhysicalMemory;

/// The IOMMU's tables for the stream: 16 MiB from [StreamDevice#BASE] on, one to one, in pages of 4 KiB, for both
/// functions. As `flyby.iommu.layout` describes them.
final class StreamTables {
    private static final long ROOT = 0x10_0000;
    private static final long CONTEXTS = 0x10_1000;
    private static final long LEVEL4 = 0x10_2000;
    private static final long LEVEL3 = 0x10_3000;
    private static final long LEVEL2 = 0x10_4000;
    private static final long LEVEL1 = 0x10_5000;
    private static final int TABLES = 8;
    private static final int ENTRIES = 512;
    private static final long PAGE_BYTES = 4_096;
    private static final long PRESENT = 1;
    private static final long READ_WRITE = 3;
    /// Address width 2: four levels. Domain 1.
    private static final long FOUR_LEVELS_DOMAIN_1 = 1 << 8 | 2;

    private static final long TRANSLATE_WITH_THIS_ROOT = 0xc000_0000L;

    private final PhysicalMemory memory;

    StreamTables(PhysicalMemory memory) {
        this.memory = memory;
        memory.write64(ROOT + (StreamDevice.FUNCTION >>> 8) * 16L, CONTEXTS | PRESENT);
        context(StreamDevice.FUNCTION);
        context(StreamDevice.CONTENDER);
        memory.write64(LEVEL4, LEVEL3 | READ_WRITE);
        memory.write64(LEVEL3 + (StreamDevice.BASE >>> 30) * 8, LEVEL2 | READ_WRITE);
        for (int table = 0; table < TABLES; table++) {
            long pages = LEVEL1 + table * PAGE_BYTES;
            memory.write64(LEVEL2 + table * 8L, pages | READ_WRITE);
            for (int i = 0; i < ENTRIES; i++) {
                long page = StreamDevice.BASE + ((long) table * ENTRIES + i) * PAGE_BYTES;
                memory.write64(pages + i * 8L, page | READ_WRITE);
            }
        }
    }

    private void context(int requesterId) {
        long entry = CONTEXTS + (requesterId & 0xff) * 16L;
        memory.write64(entry, LEVEL4 | PRESENT);
        memory.write64(entry + 8, FOUR_LEVELS_DOMAIN_1);
    }

    /// Has `iommu` translate by these tables.
    void enable(Iommu iommu) {
        iommu.writeRegister(0, RemappingRegisters.RTADDR, 8, ROOT);
        iommu.writeRegister(0, RemappingRegisters.GCMD, 4, TRANSLATE_WITH_THIS_ROOT);
    }
}
