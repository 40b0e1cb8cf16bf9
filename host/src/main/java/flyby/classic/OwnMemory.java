package flyby.classic;

import flyby.memory.PhysicalMemory;

/// Memory that sits on the bus itself.
record OwnMemory(PhysicalMemory memory) implements BusMemory {
    @Override
    public long read(long address, int byteCount) {
        return switch (byteCount) {
            case 1 -> memory.read8(address);
            case 2 -> memory.read16(address);
            case 4 -> memory.read32(address);
            default -> memory.read64(address);
        };
    }

    @Override
    public void write(long address, int byteCount, long value) {
        switch (byteCount) {
            case 1 -> memory.write8(address, (int) value);
            case 2 -> memory.write16(address, (int) value);
            case 4 -> memory.write32(address, value);
            default -> memory.write64(address, value);
        }
    }

    @Override
    public void read(long address, byte[] into, int byteCount) {
        memory.read(address, into, 0, byteCount);
    }

    @Override
    public void write(long address, byte[] from, int byteCount) {
        memory.write(address, from, 0, byteCount);
    }
}
