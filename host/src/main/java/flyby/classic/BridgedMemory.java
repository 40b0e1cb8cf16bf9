package flyby.classic;

import flyby.base.Check;
import flyby.base.LittleEndian;
import flyby.memory.MemoryAgent;

/// The memory of the machine behind a bridge, as masters of this bus reach it: through its caches, and within a
/// cycle of theirs, which is much longer than memory takes.
final class BridgedMemory implements BusMemory {
    private final MemoryAgent agent;
    private final long cyclePicos;
    private final byte[] word = new byte[8];

    /// @param cyclePicos in which memory must answer: no signal of the bridge could stretch a cycle
    BridgedMemory(MemoryAgent agent, long cyclePicos) {
        this.agent = agent;
        this.cyclePicos = cyclePicos;
    }

    @Override
    public long read(long address, int byteCount) {
        read(address, word, byteCount);
        return LittleEndian.get(word, 0, byteCount);
    }

    @Override
    public void write(long address, int byteCount, long value) {
        LittleEndian.put(value, word, 0, byteCount);
        write(address, word, byteCount);
    }

    @Override
    public void read(long address, byte[] into, int byteCount) {
        checkAnswered(agent.read(address, into, 0, byteCount, true));
    }

    @Override
    public void write(long address, byte[] from, int byteCount) {
        checkAnswered(agent.write(address, from, 0, byteCount, true));
    }

    private void checkAnswered(long picos) {
        if (picos > cyclePicos) {
            throw Check.bug("memory takes %d ps, and a cycle of the bus before it %d", picos, cyclePicos);
        }
    }
}
