package flyby.experiment;

import flyby.coherence.CoherentMemory;
import flyby.iommu.Iommu;
import flyby.iommu.layout.RemappingRegisters;
import flyby.iommu.layout.RemappingTables;
import org.jspecify.annotations.Nullable;

/// Walks the tables of an IOMMU as they lie in memory, at no cost: an oracle for what the unit lets through that
/// shares no code with it, nor with what has written the tables.
final class PageWalk {
    private final @Nullable Iommu iommu;
    private final CoherentMemory memory;
    private final int requesterId;

    /// What the tables say of an IOVA.
    ///
    /// @param physical where it leads
    record Found(long physical, boolean isReadable, boolean isWritable) {}

    /// @param iommu null if there is none, so that addresses go where they say
    PageWalk(@Nullable Iommu iommu, CoherentMemory memory, int requesterId) {
        this.iommu = iommu;
        this.memory = memory;
        this.requesterId = requesterId;
    }

    /// Where an access to `iova` goes, or null if it is not allowed.
    @Nullable
    Found find(long iova) {
        Iommu unit = iommu;
        if (unit == null) {
            return new Found(iova, true, true);
        }
        long root = unit.readRegister(0, RemappingRegisters.RTADDR, Long.BYTES) & -4096L;
        long contexts = load(root + RemappingTables.rootOffset(requesterId));
        if ((contexts & 1) == 0) {
            return null;
        }
        long entry = (contexts & -4096L) + RemappingTables.contextOffset(requesterId);
        long low = load(entry);
        if ((low & 1) == 0) {
            return null;
        }
        if (RemappingTables.CONTEXT_TT.of(low) == RemappingTables.TT_PASS_THROUGH) {
            return new Found(iova, true, true);
        }
        int levels = 2 + (int) RemappingTables.CONTEXT_AW.of(load(entry + Long.BYTES));
        return walk(low & -4096L, levels, iova);
    }

    private @Nullable Found walk(long top, int levels, long iova) {
        long table = top;
        for (int level = levels; level >= 1; level--) {
            int shift = 12 + 9 * (level - 1);
            long entry = load(table + 8 * (iova >>> shift & 511));
            if ((entry & 3) == 0) {
                return null;
            }
            long address = entry & 0x000f_ffff_ffff_f000L;
            if (level == 1 || (entry & 0x80) != 0) {
                long inPage = iova & ((1L << shift) - 1);
                return new Found(address + inPage, (entry & 1) != 0, (entry & 2) != 0);
            }
            table = address;
        }
        return null;
    }

    private long load(long address) {
        long value = 0;
        for (int i = Long.BYTES - 1; i >= 0; i--) {
            value = (value << 8) | (memory.peek(address + i) & 0xff);
        }
        return value;
    }
}
