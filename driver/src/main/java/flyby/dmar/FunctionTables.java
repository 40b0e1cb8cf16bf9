package flyby.dmar;

import flyby.iommu.layout.RemappingTables;

/// The root table and the context tables: which function has which page tables. Intel VT-d, sections 9.1 and 9.3;
/// Linux's `iommu_context_addr`.
public final class FunctionTables {
    private static final int LEVELS_TO_AW = 2;

    private final TableAccess memory;
    private final TableFrames frames;
    private final long root;

    /// Nobody may do anything yet.
    public FunctionTables(TableAccess memory, TableFrames frames) {
        this.memory = memory;
        this.frames = frames;
        root = frames.allocate();
    }

    /// The address of the root table, for RTADDR.
    public long root() {
        return root;
    }

    /// Requests of `requesterId` are translated by `tables`, the ones of domain `domain`.
    ///
    /// @param hasDeviceTlb whether the function may translate by itself, and is believed
    public void translate(int requesterId, int domain, PageTables tables, boolean hasDeviceTlb) {
        int type = hasDeviceTlb ? RemappingTables.TT_DEVICE_TLB : RemappingTables.TT_TRANSLATE;
        set(requesterId, domain, tables.top(), tables.levels(), type);
    }

    /// Requests of `requesterId` go where they say.
    ///
    /// @param levels the deepest tables that the unit supports
    public void passThrough(int requesterId, int domain, int levels) {
        set(requesterId, domain, 0, levels, RemappingTables.TT_PASS_THROUGH);
    }

    /// Requests of `requesterId` are blocked.
    public void block(int requesterId) {
        long entry = contextEntry(requesterId);
        memory.store64(entry, 0);
        memory.store64(entry + Long.BYTES, 0);
    }

    /// The lower half goes last: it has the bit that makes the entry count.
    private void set(int requesterId, int domain, long top, int levels, int translationType) {
        long entry = contextEntry(requesterId);
        memory.store64(
                entry + Long.BYTES,
                RemappingTables.CONTEXT_DID.to(domain) | RemappingTables.CONTEXT_AW.to(levels - LEVELS_TO_AW));
        memory.store64(entry, top | RemappingTables.CONTEXT_TT.to(translationType) | RemappingTables.PRESENT.mask());
    }

    private long contextEntry(int requesterId) {
        long rootEntry = root + RemappingTables.rootOffset(requesterId);
        long entry = memory.load64(rootEntry);
        if (!RemappingTables.PRESENT.isSet(entry)) {
            entry = frames.allocate() | RemappingTables.PRESENT.mask();
            memory.store64(rootEntry, entry);
        }
        return (entry & RemappingTables.TABLE.mask()) + RemappingTables.contextOffset(requesterId);
    }
}
