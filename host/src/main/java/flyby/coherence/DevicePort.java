package flyby.coherence;

import flyby.memory.MemoryAgent;

/// A socket's way from the root complex to caches and memory: DDIO.
///
/// A write to memory of this socket updates its line in the last-level cache, if it is there, or takes one of the
/// ways that device writes may take; memory learns of it when the line has to go. Of a line of which only a part is
/// written, the rest is fetched first. A write to another socket's memory goes there and out of all caches: device
/// writes fill only their own socket's cache. Reads take a line from where it is and leave it there in the state it
/// has; one that no cache has comes from memory and fills no cache.
final class DevicePort implements MemoryAgent {
    private final Interconnect interconnect;
    private final Socket socket;
    private final AccessTime time;
    private final CoherenceParameters.InputOutput io;
    private final int lineBytes;
    private final long memoryBytes;
    /// When the next line may start.
    private long freeAt;

    DevicePort(Interconnect interconnect, Socket socket) {
        this.interconnect = interconnect;
        this.socket = socket;
        this.time = interconnect.time;
        this.io = interconnect.parameters.io();
        this.lineBytes = interconnect.parameters.lineBytes();
        this.memoryBytes = interconnect.parameters.memoryBytes();
    }

    @Override
    public boolean holds(long address, int byteCount) {
        return address >= 0 && address <= memoryBytes - byteCount;
    }

    @Override
    public long read(long address, byte[] into, int offset, int byteCount, boolean snooped) {
        assert holds(address, byteCount) : address;
        long now = interconnect.simulation.nowPicos();
        long start = Math.max(now, freeAt);
        long latest = now;
        boolean cached = snooped && io.snoops();
        long line = address / lineBytes;
        int set = socket.lines.setOf(line);
        int done = 0;
        while (done < byteCount) {
            int within = (int) (address + done) & (lineBytes - 1);
            int count = Math.min(byteCount - done, lineBytes - within);
            time.picos = start + io.hitPicos();
            if (cached) {
                readLine(set, line, within, into, offset + done, count);
            } else {
                interconnect.readAround(socket.index, address + done, into, offset + done, count);
            }
            latest = Math.max(latest, time.picos);
            start += io.linePicos();
            done += count;
            line++;
            set = set + 1 == socket.lines.sets ? 0 : set + 1;
        }
        freeAt = start;
        return latest - now;
    }

    @Override
    public long write(long address, byte[] from, int offset, int byteCount, boolean snooped) {
        assert holds(address, byteCount) : address;
        long now = interconnect.simulation.nowPicos();
        long start = Math.max(now, freeAt);
        long latest = now;
        boolean cached = snooped && io.snoops();
        long line = address / lineBytes;
        int set = socket.lines.setOf(line);
        int done = 0;
        while (done < byteCount) {
            int within = (int) (address + done) & (lineBytes - 1);
            int count = Math.min(byteCount - done, lineBytes - within);
            time.picos = start + io.hitPicos();
            if (!cached) {
                interconnect.writeAround(socket.index, address + done, from, offset + done, count);
            } else if (io.writeWays() != 0 && interconnect.homeOf(address + done) == socket.index) {
                socket.deviceWrite(set, line, within, from, offset + done, count);
            } else {
                socket.counts.deviceMemoryWrites++;
                interconnect.deviceWrite(socket.index, address + done, from, offset + done, count);
            }
            latest = Math.max(latest, time.picos);
            start += io.linePicos();
            done += count;
            line++;
            set = set + 1 == socket.lines.sets ? 0 : set + 1;
        }
        freeAt = start;
        return latest - now;
    }

    void rest() {
        freeAt = 0;
    }

    private void readLine(int set, long line, int within, byte[] into, int offset, int count) {
        LineArray lines = socket.lines;
        int slot = lines.find(set, line);
        if (slot != LineArray.NONE) {
            socket.counts.deviceReadHits++;
            socket.askCores(slot);
            System.arraycopy(socket.newestIn(slot), socket.newestAt(slot) + within, into, offset, count);
            lines.touch(slot);
        } else if (interconnect.deviceRead(socket.index, line * lineBytes + within, into, offset, count)) {
            socket.counts.deviceReadHits++;
        } else {
            socket.counts.deviceReadMisses++;
        }
    }
}
