package flyby.classic;

import flyby.memory.MemoryAgent;
import java.util.Arrays;

/// The memory of a bus as an agent that whoever watches can be put around; what it takes is the bus's affair.
record MemoryOnBus(BusMemory memory, long memoryBytes) implements MemoryAgent {
    @Override
    public boolean holds(long address, int byteCount) {
        return address >= 0 && address <= memoryBytes - byteCount;
    }

    @Override
    public long read(long address, byte[] into, int offset, int byteCount, boolean snooped) {
        if (offset == 0) {
            memory.read(address, into, byteCount);
        } else {
            byte[] bytes = new byte[byteCount];
            memory.read(address, bytes, byteCount);
            System.arraycopy(bytes, 0, into, offset, byteCount);
        }
        return 0;
    }

    @Override
    public long write(long address, byte[] from, int offset, int byteCount, boolean snooped) {
        memory.write(address, offset == 0 ? from : Arrays.copyOfRange(from, offset, offset + byteCount), byteCount);
        return 0;
    }
}
