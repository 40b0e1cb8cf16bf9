package flyby.function;

import flyby.configuration.ConfigurationSpace;
import flyby.configuration.layout.CapabilityIds;
import flyby.configuration.layout.MsiRegisters;

/// MSI: up to 32 messages to one address, section 7.7.1. All of it is in configuration space.
final class Msi implements MessageTable {
    private final ConfigurationSpace space;
    private final int at;

    Msi(ConfigurationSpace space, int vectors) {
        this.space = space;
        at = space.capability(CapabilityIds.MSI, MsiRegisters.MAP.spanBytes());
        int capable = Integer.numberOfTrailingZeros(vectors);
        space.define(
                at + MsiRegisters.CONTROL,
                2,
                MsiRegisters.CONTROL_CAPABLE.to(capable)
                        | MsiRegisters.CONTROL_64_BIT.mask()
                        | MsiRegisters.CONTROL_MASKS.mask(),
                MsiRegisters.CONTROL_ENABLE.mask() | MsiRegisters.CONTROL_ALLOWED.mask(),
                0);
        space.define(at + MsiRegisters.ADDRESS, 4, 0, 0xffff_fffcL, 0);
        space.define(at + MsiRegisters.UPPER_ADDRESS, 4, 0, 0xffff_ffffL, 0);
        space.define(at + MsiRegisters.DATA, 2, 0, 0xffff, 0);
        space.define(at + MsiRegisters.MASK, 4, 0, (1L << vectors) - 1, 0);
        space.define(at + MsiRegisters.PENDING, 4, 0);
    }

    @Override
    public boolean isEnabled() {
        return MsiRegisters.CONTROL_ENABLE.isSet(space.get(at + MsiRegisters.CONTROL, 2));
    }

    @Override
    public boolean isMasked(int vector) {
        return isSet(MsiRegisters.MASK, vector);
    }

    @Override
    public boolean isPending(int vector) {
        return isSet(MsiRegisters.PENDING, vector);
    }

    private boolean isSet(int register, int vector) {
        return ((space.get(at + register, 4) >>> message(vector)) & 1) != 0;
    }

    @Override
    public void pending(int vector, boolean isPending) {
        long bit = 1L << message(vector);
        long bits = space.get(at + MsiRegisters.PENDING, 4);
        space.set(at + MsiRegisters.PENDING, 4, isPending ? bits | bit : bits & ~bit);
    }

    @Override
    public int pendingCount() {
        return Long.bitCount(space.get(at + MsiRegisters.PENDING, 4));
    }

    @Override
    public long address(int vector) {
        return space.get(at + MsiRegisters.ADDRESS, 8);
    }

    /// Section 7.7.1.5: the function changes as many of the lowest bits as it has got messages for.
    @Override
    public long data(int vector) {
        return (space.get(at + MsiRegisters.DATA, 2) & -allowed()) | message(vector);
    }

    /// Which message is sent for `vector`: several share one if software has given fewer than the function wants.
    private int message(int vector) {
        return vector & (allowed() - 1);
    }

    /// Section 7.7.1.2: reserved values mean the most.
    private int allowed() {
        long code = MsiRegisters.CONTROL_ALLOWED.of(space.get(at + MsiRegisters.CONTROL, 2));
        return 1 << Math.min(code, 5);
    }
}
