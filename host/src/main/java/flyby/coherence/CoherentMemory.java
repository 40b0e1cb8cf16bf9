package flyby.coherence;

import flyby.base.Check;
import flyby.memory.MemoryAgent;
import flyby.memory.PhysicalMemory;
import flyby.sim.Simulation;

/// Memory of a machine of one or more sockets, with all the caches before it.
///
/// A machine whose devices do not snoop, as many boards with an Arm core, is the same with
/// [CoherenceParameters.InputOutput#snoops] off: cores see each other, devices see memory.
public final class CoherentMemory {
    private final Interconnect interconnect;
    private final DevicePort[] agents;

    /// @param bytes what memory itself holds, while caches hold newer bytes
    public CoherentMemory(Simulation simulation, PhysicalMemory bytes, CoherenceParameters parameters) {
        this.interconnect = new Interconnect(simulation, bytes, parameters);
        this.agents = new DevicePort[parameters.sockets()];
        for (int i = 0; i < agents.length; i++) {
            agents[i] = new DevicePort(interconnect, interconnect.sockets[i]);
        }
    }

    public CoherenceParameters parameters() {
        return interconnect.parameters;
    }

    /// What devices behind `socket` reach memory by. One for all of them: they share its bandwidth.
    public MemoryAgent agent(int socket) {
        return agents[checked(socket)];
    }

    /// The cache of core `index` of `socket`.
    public CoreCache core(int socket, int index) {
        CoreCache[] cores = interconnect.sockets[checked(socket)].cores;
        Check.that(index >= 0 && index < cores.length, "core %d of %d", index, cores.length);
        return cores[index];
    }

    /// What happened in `socket`.
    public SocketCounts counts(int socket) {
        return interconnect.sockets[checked(socket)].counts;
    }

    /// How many bytes memory channel `channel` of `socket` has carried, in whole lines.
    public long channelBytes(int socket, int channel) {
        return interconnect.channels[checked(socket)].lineCount(channel)
                * parameters().lineBytes();
    }

    /// How long memory channel `channel` of `socket` has been carrying lines, in picoseconds.
    public long channelBusyPicos(int socket, int channel) {
        return interconnect.channels[checked(socket)].busyPicos(channel);
    }

    /// The socket behind which `address` lies.
    public int homeOf(long address) {
        Check.that(address >= 0 && address < parameters().memoryBytes(), "no memory at 0x%x", address);
        return interconnect.homeOf(address);
    }

    /// Whether the last-level cache of `socket` has the bytes of `address`. Looks without touching.
    public boolean lastLevelHolds(int socket, long address) {
        LineArray lines = interconnect.sockets[checked(socket)].lines;
        int slot = lines.find(address / lines.lineBytes);
        return slot != LineArray.NONE && lines.hasData(slot);
    }

    /// Has `watch` told what happens to cached lines from now on.
    public void watch(LineWatch watch) {
        interconnect.watch = watch;
    }

    /// The byte that a load of `address` would find. Looks without touching.
    public byte peek(long address) {
        int lineBytes = parameters().lineBytes();
        for (Socket socket : interconnect.sockets) {
            int slot = socket.lines.find(address / lineBytes);
            if (slot != LineArray.NONE) {
                return socket.newestIn(slot)[socket.newestAt(slot) + (int) (address % lineBytes)];
            }
        }
        return (byte) interconnect.bytes.read8(address);
    }

    /// Writes every changed line of every cache to memory and empties the caches, at nobody's cost: for looking at
    /// memory when a run is over, and for starting one with cold caches.
    public void flush() {
        for (Socket socket : interconnect.sockets) {
            socket.flush();
        }
    }

    /// Forgets who waits for ports, links and channels, as after a long quiet time: for set-ups that filled caches
    /// at one instant.
    public void rest() {
        for (DevicePort agent : agents) {
            agent.rest();
        }
        interconnect.rest();
    }

    Interconnect interconnect() {
        return interconnect;
    }

    private int checked(int socket) {
        Check.that(socket >= 0 && socket < agents.length, "socket %d of %d", socket, agents.length);
        return socket;
    }
}
