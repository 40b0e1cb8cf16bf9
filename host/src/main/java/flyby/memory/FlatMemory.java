package flyby.memory;

import flyby.base.Check;

/// Memory without caches, channels or contention: each access takes the same time.
public final class FlatMemory implements MemoryAgent {
    private final PhysicalMemory memory;
    private final long bytes;
    private final long readPicos;
    private final long writePicos;

    /// @param bytes how much memory there is, from address 0 on
    public FlatMemory(PhysicalMemory memory, long bytes, long readPicos, long writePicos) {
        Check.that(bytes > 0 && readPicos >= 0 && writePicos >= 0, "%d bytes of memory", bytes);
        this.memory = memory;
        this.bytes = bytes;
        this.readPicos = readPicos;
        this.writePicos = writePicos;
    }

    @Override
    public boolean holds(long address, int byteCount) {
        return address >= 0 && address <= bytes - byteCount;
    }

    @Override
    public long read(long address, byte[] into, int offset, int byteCount, boolean snooped) {
        memory.read(address, into, offset, byteCount);
        return readPicos;
    }

    @Override
    public long write(long address, byte[] from, int offset, int byteCount, boolean snooped) {
        memory.write(address, from, offset, byteCount);
        return writePicos;
    }

    @Override
    public long steadyWritePicos() {
        return writePicos;
    }
}
