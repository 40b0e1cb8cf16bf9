package flyby.check;

import flyby.memory.MemoryAgent;

/// A way to memory, watched.
final class CheckedMemory implements MemoryAgent {
    private final MemoryAgent agent;
    private final String name;
    private final DeviceRules rules;
    private final boolean isAll;

    /// @param isAll whether nothing was judged at the devices
    CheckedMemory(MemoryAgent agent, String name, DeviceRules rules, boolean isAll) {
        this.agent = agent;
        this.name = name;
        this.rules = rules;
        this.isAll = isAll;
    }

    @Override
    public boolean holds(long address, int byteCount) {
        return agent.holds(address, byteCount);
    }

    @Override
    public long read(long address, byte[] into, int offset, int byteCount, boolean snooped) {
        long picos = agent.read(address, into, offset, byteCount, snooped);
        rules.read(name, address, into, offset, byteCount);
        return picos;
    }

    @Override
    public long write(long address, byte[] from, int offset, int byteCount, boolean snooped) {
        rules.landed(name, address, from, offset, byteCount, isAll);
        return agent.write(address, from, offset, byteCount, snooped);
    }
}
