package flyby.iommu.layout;

import static flyby.register.BitField.bit;
import static flyby.register.BitField.bits;

import flyby.register.BitField;

/// The tables of DMA remapping in memory. Intel VT-d, sections 9.1 (root entry), 9.3 (context entry) and 9.8
/// (second-stage paging entries).
/// ```
///            63                         12 11       4  3  2   1   0
/// root       | context table             |  reserved            | P |   + 8 bytes reserved
/// context    | second-stage table        |  reserved | TT |FPD  | P |
///   + 8      | reserved 63:24 | DID 23:8 | 0 | ignored 6:3 | AW 2:0 |
/// page table | address 51:12 | SNP 11 | ignored | PS 7 | ignored | W 1 | R 0 |
/// ```
public final class RemappingTables {
    /// Bytes of a root entry; one for each bus.
    public static final int ROOT_ENTRY_BYTES = 16;
    /// Bytes of a context entry; one for each device and function.
    public static final int CONTEXT_ENTRY_BYTES = 16;
    /// Bytes of an entry of a page table; 512 in each.
    public static final int PAGE_ENTRY_BYTES = 8;
    /// Entries of a page table.
    public static final int PAGE_ENTRIES = 512;
    /// Log2 of the smallest page, and of every table.
    public static final int PAGE_SHIFT = 12;
    /// Bits of the address that each level of the tables takes.
    public static final int LEVEL_BITS = 9;

    /// Present, of root and context entries.
    public static final BitField PRESENT = bit("P", 0);
    /// The table that the entry leads to, of root and context entries.
    public static final BitField TABLE = bits("TABLE", 63, 12);
    /// What root entries keep free, below the table.
    public static final BitField ROOT_RESERVED = bits("R", 11, 1);
    /// Fault processing disable: faults of this function are not recorded.
    public static final BitField CONTEXT_FPD = bit("FPD", 1);
    /// Translation type.
    public static final BitField CONTEXT_TT = bits("TT", 3, 2);
    /// What context entries keep free, below the table.
    public static final BitField CONTEXT_RESERVED = bits("R", 11, 4);
    /// Address width, in the upper 8 bytes: 1 for 39 bits and 3 levels, 2 for 48 and 4, 3 for 57 and 5.
    public static final BitField CONTEXT_AW = bits("AW", 2, 0);
    /// Domain identifier, in the upper 8 bytes.
    public static final BitField CONTEXT_DID = bits("DID", 23, 8);
    /// What context entries keep free in the upper 8 bytes, above the domain identifier.
    public static final BitField CONTEXT_RESERVED_HIGH = bits("R", 63, 24);

    /// TT: untranslated requests are translated; translation requests and translated requests are blocked.
    public static final int TT_TRANSLATE = 0;
    /// TT: as before, and translation requests are answered and translated requests let through.
    public static final int TT_DEVICE_TLB = 1;
    /// TT: untranslated requests pass through.
    public static final int TT_PASS_THROUGH = 2;

    /// May be read.
    public static final BitField PAGE_READ = bit("R", 0);
    /// May be written.
    public static final BitField PAGE_WRITE = bit("W", 1);
    /// Page size: the entry is a page and not a table.
    public static final BitField PAGE_SIZE = bit("PS", 7);
    /// Accesses snoop, whatever they ask for; of pages alone.
    public static final BitField PAGE_SNOOP = bit("SNP", 11);
    /// The page or table.
    public static final BitField PAGE_ADDRESS = bits("ADDR", 51, 12);
    /// Transient mapping; of pages alone. Reserved without device-TLBs.
    public static final BitField PAGE_TRANSIENT = bit("TM", 62);

    private RemappingTables() {}

    /// Where the root entry of `requesterId` is, from the start of its table.
    public static int rootOffset(int requesterId) {
        return (requesterId >>> 8 & 0xff) * ROOT_ENTRY_BYTES;
    }

    /// Where the context entry of `requesterId` is, from the start of its table.
    public static int contextOffset(int requesterId) {
        return (requesterId & 0xff) * CONTEXT_ENTRY_BYTES;
    }

    /// Where the entry of `iova` is in a table of level `level`: 1 for the lowest.
    public static int pageOffset(long iova, int level) {
        return (int) (iova >>> levelShift(level) & (PAGE_ENTRIES - 1)) * PAGE_ENTRY_BYTES;
    }

    /// Log2 of what an entry of level `level` covers: 12, 21, 30, 39, 48.
    public static int levelShift(int level) {
        return PAGE_SHIFT + LEVEL_BITS * (level - 1);
    }

    /// Bits of the addresses that `levels` levels translate.
    public static int addressBits(int levels) {
        return levelShift(levels + 1);
    }
}
