package flyby.function;

import flyby.base.LittleEndian;
import flyby.configuration.ConfigurationSpace;
import flyby.configuration.layout.CapabilityIds;
import flyby.configuration.layout.MsixRegisters;
import flyby.function.FunctionDescription.Msix;
import java.util.Arrays;

/// MSI-X: a table of messages and an array of pending bits in one of the function's regions, section 7.7.2.
final class MsixTable implements MessageTable {
    private final ConfigurationSpace space;
    private final Msix place;
    private final int at;
    private final byte[] table;
    private final byte[] pending;
    private int pendingCount;

    MsixTable(ConfigurationSpace space, Msix place) {
        this.space = space;
        this.place = place;
        table = new byte[place.tableBytes()];
        pending = new byte[place.pendingBytes()];
        at = space.capability(CapabilityIds.MSI_X, MsixRegisters.MAP.spanBytes());
        space.define(
                at + MsixRegisters.CONTROL,
                2,
                MsixRegisters.CONTROL_TABLE_SIZE.to(place.vectors() - 1),
                MsixRegisters.CONTROL_FUNCTION_MASK.mask() | MsixRegisters.CONTROL_ENABLE.mask(),
                0);
        space.define(at + MsixRegisters.TABLE, 4, place.tableOffset() | place.baseAddress());
        space.define(at + MsixRegisters.PENDING_BITS, 4, place.pendingOffset() | place.baseAddress());
        reset();
    }

    /// Section 7.7.2.8: after reset every vector is masked.
    void reset() {
        Arrays.fill(table, (byte) 0);
        for (int vector = 0; vector < place.vectors(); vector++) {
            LittleEndian.put(
                    MsixRegisters.ENTRY_CONTROL_MASK.mask(), table, at(vector, MsixRegisters.ENTRY_CONTROL), 4);
        }
        Arrays.fill(pending, (byte) 0);
        pendingCount = 0;
    }

    /// Whether the register at `offset` of region `region` is part of the table.
    boolean isTable(int region, long offset) {
        return region == place.baseAddress()
                && offset >= place.tableOffset()
                && offset < place.tableOffset() + table.length;
    }

    /// Whether the register at `offset` of region `region` is part of the Pending Bit Array.
    boolean isPendingBits(int region, long offset) {
        return region == place.baseAddress()
                && offset >= place.pendingOffset()
                && offset < place.pendingOffset() + pending.length;
    }

    /// What software reads of the table; aligned accesses only.
    long readTable(long offset, int byteCount) {
        return LittleEndian.get(table, (int) (offset - place.tableOffset()), byteCount);
    }

    /// What software reads of the Pending Bit Array, which it cannot write.
    long readPendingBits(long offset, int byteCount) {
        return LittleEndian.get(pending, (int) (offset - place.pendingOffset()), byteCount);
    }

    /// Software writes to the table: of Vector Control it can write but the mask.
    void writeTable(long offset, int byteCount, long value) {
        for (int i = 0; i < byteCount; i++) {
            int index = (int) (offset - place.tableOffset()) + i;
            int inEntry = index % MsixRegisters.ENTRY_BYTES;
            long writable = inEntry < MsixRegisters.ENTRY_CONTROL
                    ? 0xff
                    : MsixRegisters.ENTRY_CONTROL_MASK.mask() >>> (8 * (inEntry - MsixRegisters.ENTRY_CONTROL));
            table[index] = (byte) ((value >>> (8 * i)) & writable);
        }
    }

    @Override
    public boolean isEnabled() {
        return MsixRegisters.CONTROL_ENABLE.isSet(control());
    }

    @Override
    public boolean isMasked(int vector) {
        return MsixRegisters.CONTROL_FUNCTION_MASK.isSet(control())
                || MsixRegisters.ENTRY_CONTROL_MASK.isSet(
                        LittleEndian.get(table, at(vector, MsixRegisters.ENTRY_CONTROL), 4));
    }

    @Override
    public boolean isPending(int vector) {
        return ((pending[vector / 8] >> (vector % 8)) & 1) != 0;
    }

    @Override
    public void pending(int vector, boolean isPending) {
        if (isPending(vector) != isPending) {
            pending[vector / 8] ^= (byte) (1 << (vector % 8));
            pendingCount += isPending ? 1 : -1;
        }
    }

    @Override
    public int pendingCount() {
        return pendingCount;
    }

    @Override
    public long address(int vector) {
        return LittleEndian.get(table, at(vector, MsixRegisters.ENTRY_ADDRESS), 8) & -4;
    }

    @Override
    public long data(int vector) {
        return LittleEndian.get(table, at(vector, MsixRegisters.ENTRY_DATA), 4);
    }

    private long control() {
        return space.get(at + MsixRegisters.CONTROL, 2);
    }

    private static int at(int vector, int register) {
        return vector * MsixRegisters.ENTRY_BYTES + register;
    }
}
