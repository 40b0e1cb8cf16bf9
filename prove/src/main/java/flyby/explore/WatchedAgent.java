package flyby.explore;

import flyby.choice.Decisions;
import flyby.choice.Footprint;
import flyby.memory.MemoryAgent;

/// Memory of an agent whose accesses are told.
final class WatchedAgent implements MemoryAgent {
    private final MemoryAgent memory;
    private final String party;
    private final Decisions decisions;

    WatchedAgent(MemoryAgent memory, String party, Decisions decisions) {
        this.memory = memory;
        this.party = party;
        this.decisions = decisions;
    }

    @Override
    public boolean holds(long address, int byteCount) {
        return memory.holds(address, byteCount);
    }

    @Override
    public long read(long address, byte[] into, int offset, int byteCount, boolean snooped) {
        decisions.touched(new Footprint(party, address, byteCount, false));
        return memory.read(address, into, offset, byteCount, snooped);
    }

    @Override
    public long write(long address, byte[] from, int offset, int byteCount, boolean snooped) {
        decisions.touched(new Footprint(party, address, byteCount, true));
        return memory.write(address, from, offset, byteCount, snooped);
    }

    @Override
    public long steadyWritePicos() {
        return memory.steadyWritePicos();
    }
}
