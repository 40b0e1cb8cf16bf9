package flyby.machine;

import flyby.base.LittleEndian;
import flyby.coherence.CoreCache;
import flyby.iommu.layout.RemappingTables;

/// Tables of an IOMMU for one function and one window, written once by a CPU: what pcie-bench's driver has, which
/// maps everything before it starts.
final class StaticTables {
    private static final int TABLE_BYTES = 4_096;
    private static final int LEVELS = 4;
    /// Address width of four levels.
    private static final int WIDTH_48 = 2;
    private static final int DOMAIN = 1;

    private final CoreCache core;
    private final byte[] word = new byte[Long.BYTES];
    private final long root;
    private long freeTable;

    /// @param base where there is room for tables, on a page boundary; the root table is put there
    StaticTables(CoreCache core, long base) {
        this.core = core;
        this.root = base;
        this.freeTable = base + TABLE_BYTES;
    }

    long root() {
        return root;
    }

    /// Lets all requests of `requesterId` pass as they are.
    void passThrough(int requesterId) {
        context(requesterId, newTable(), RemappingTables.TT_PASS_THROUGH);
    }

    /// Maps `byteCount` bytes from `iova` on to `address` and onwards, for `requesterId` alone.
    ///
    /// @param level of the entries that are pages: 1 for 4 KiB, 2 for 2 MiB, 3 for 1 GiB; both addresses are
    ///     multiples of that
    void map(int requesterId, long iova, long address, long byteCount, int level) {
        long top = newTable();
        context(requesterId, top, RemappingTables.TT_TRANSLATE);
        long pageBytes = 1L << RemappingTables.levelShift(level);
        long allowed = RemappingTables.PAGE_READ.mask() | RemappingTables.PAGE_WRITE.mask();
        long page = allowed | (level > 1 ? RemappingTables.PAGE_SIZE.mask() : 0);
        for (long done = 0; done < byteCount; done += pageBytes) {
            long table = top;
            for (int each = LEVELS; each > level; each--) {
                long entry = table + RemappingTables.pageOffset(iova + done, each);
                if (load(entry) == 0) {
                    store(entry, newTable() | allowed);
                }
                table = load(entry) & RemappingTables.PAGE_ADDRESS.mask();
            }
            store(table + RemappingTables.pageOffset(iova + done, level), (address + done) | page);
        }
    }

    private void context(int requesterId, long table, int translationType) {
        long contexts = newTable();
        store(root + RemappingTables.rootOffset(requesterId), contexts | RemappingTables.PRESENT.mask());
        long entry = contexts + RemappingTables.contextOffset(requesterId);
        store(entry, table | RemappingTables.CONTEXT_TT.to(translationType) | RemappingTables.PRESENT.mask());
        store(entry + Long.BYTES, RemappingTables.CONTEXT_DID.to(DOMAIN) | RemappingTables.CONTEXT_AW.to(WIDTH_48));
    }

    private long newTable() {
        long table = freeTable;
        freeTable += TABLE_BYTES;
        return table;
    }

    private long load(long address) {
        core.load(address, word, 0, Long.BYTES);
        return LittleEndian.get(word, 0, Long.BYTES);
    }

    private void store(long address, long value) {
        LittleEndian.put(value, word, 0, Long.BYTES);
        core.store(address, word, 0, Long.BYTES);
    }
}
