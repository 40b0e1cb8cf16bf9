package flyby.dmar;

import flyby.base.Check;
import flyby.iommu.layout.InterruptEntries;
import flyby.iommu.layout.RemappingRegisters;

/// The interrupt remapping table: which function may raise which vector where. Linux's
/// `drivers/iommu/intel/irq_remapping.c`.
public final class InterruptTable {
    /// Entries that fit a page: IRTA.S is 7.
    private static final int ENTRIES = 256;
    private static final int SIZE = 7;

    private final TableAccess memory;
    private final InvalidationRing invalidations;
    private final long table;
    private int next;

    InterruptTable(TableAccess memory, TableFrames frames, InvalidationRing invalidations) {
        this.memory = memory;
        this.invalidations = invalidations;
        table = frames.allocate();
    }

    /// For IRTA: destinations of 32 bits.
    long address() {
        return table | RemappingRegisters.IRTA_EIME.mask() | RemappingRegisters.IRTA_S.to(SIZE);
    }

    /// Lets `requesterId`, and nobody else, interrupt CPU `destination` with `vector`.
    ///
    /// @return the address that its messages go to; their data is 0
    public long allow(int requesterId, int destination, int vector) {
        Check.that(next < ENTRIES, "more than %d interrupts", ENTRIES);
        int index = next++;
        set(index, requesterId, destination, vector);
        return InterruptEntries.address(index);
    }

    /// Moves the interrupt whose messages go to `address` to another CPU or vector.
    public void move(long address, int requesterId, int destination, int vector) {
        int index = (int) InterruptEntries.ADDRESS_HANDLE.of(address);
        set(index, requesterId, destination, vector);
        invalidations.interruptEntry(index);
        invalidations.sync();
    }

    private void set(int index, int requesterId, int destination, int vector) {
        long entry = table + (long) index * InterruptEntries.BYTES;
        memory.store64(
                entry + Long.BYTES,
                InterruptEntries.HIGH_SID.to(requesterId)
                        | InterruptEntries.HIGH_SVT.to(InterruptEntries.SVT_REQUESTER));
        memory.store64(
                entry,
                InterruptEntries.PRESENT.mask()
                        | InterruptEntries.VECTOR.to(vector)
                        | InterruptEntries.DESTINATION.to(destination));
    }
}
