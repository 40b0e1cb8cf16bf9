package flyby.trial;

import flyby.bus.Cpu;

/// A CPU that keeps the highest byte of a word of memory first, made out of one that does not.
///
/// Bytes are the same for both, and so are registers, whose accesses convert by themselves.
final class BigEndianCpu extends ForwardingCpu {
    private final long memoryEnd;

    /// @param memoryEnd the first address that is no memory
    BigEndianCpu(Cpu inner, long memoryEnd) {
        super(inner);
        this.memoryEnd = memoryEnd;
    }

    private boolean isMemory(long address) {
        return Long.compareUnsigned(address, memoryEnd) < 0;
    }

    @Override
    public boolean isBigEndian() {
        return true;
    }

    @Override
    public int load16(long address) {
        int value = inner().load16(address);
        return isMemory(address) ? le16(value) : value;
    }

    @Override
    public long load32(long address) {
        long value = inner().load32(address);
        return isMemory(address) ? le32(value) : value;
    }

    @Override
    public long load64(long address) {
        long value = inner().load64(address);
        return isMemory(address) ? le64(value) : value;
    }

    @Override
    public void store16(long address, int value) {
        inner().store16(address, isMemory(address) ? le16(value) : value);
    }

    @Override
    public void store32(long address, long value) {
        inner().store32(address, isMemory(address) ? le32(value) : value);
    }

    @Override
    public void store64(long address, long value) {
        inner().store64(address, isMemory(address) ? le64(value) : value);
    }
}
