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
    /// Who writes, for [RecentWrites].
    private static final int DEVICE = -1;

    private final Interconnect interconnect;
    private final Socket socket;
    private final AccessTime time;
    private final CoherenceParameters.InputOutput io;
    private final int lineBytes;
    private final int lineShift;
    private final long memoryBytes;
    /// When the next line may start.
    private long start;
    /// The range of addresses that was written to last, and whether it lies behind this socket.
    private long homeStart;

    private long homeEnd;
    private boolean isHome;
    /// When the last line of the access in progress is over.
    private long latest;

    DevicePort(Interconnect interconnect, Socket socket) {
        this.interconnect = interconnect;
        this.socket = socket;
        this.time = interconnect.time;
        this.io = interconnect.parameters.io();
        this.lineBytes = interconnect.parameters.lineBytes();
        this.lineShift = Integer.numberOfTrailingZeros(lineBytes);
        this.memoryBytes = interconnect.parameters.memoryBytes();
    }

    @Override
    public boolean holds(long address, int byteCount) {
        return address >= 0 && address <= memoryBytes - byteCount;
    }

    @Override
    public long read(long address, byte[] into, int offset, int byteCount, boolean snooped) {
        assert holds(address, byteCount) : address;
        boolean cached = snooped && io.snoops();
        long now = begin();
        int done = 0;
        while (done < byteCount) {
            long at = address + done;
            int within = (int) at & (lineBytes - 1);
            int left = byteCount - done;
            long line = at >>> lineShift;
            int set = socket.lines.setOf(line);
            int lineCount = within == 0 && cached
                    ? socket.deviceReadRun(set, line, into, offset + done, left >>> lineShift)
                    : 0;
            if (lineCount > 0) {
                done += lineCount << lineShift;
                pass(lineCount);
                continue;
            }
            int count = Math.min(left, lineBytes - within);
            time.picos = start + io.hitPicos();
            if (cached) {
                readLine(set, line, within, into, offset + done, count);
            } else {
                interconnect.readAround(socket.index, at, into, offset + done, count);
            }
            done += count;
            passOne();
        }
        return latest - now;
    }

    @Override
    public long write(long address, byte[] from, int offset, int byteCount, boolean snooped) {
        assert holds(address, byteCount) : address;
        boolean cached = snooped && io.snoops();
        interconnect.noteWrite(DEVICE, address, byteCount, !cached);
        long now = begin();
        int done = 0;
        while (done < byteCount) {
            long at = address + done;
            if (at < homeStart || at >= homeEnd) {
                findHome(at);
            }
            int left = (int) Math.min(byteCount - done, homeEnd - at);
            if (cached && isHome && io.writeWays() != 0) {
                fill(at, from, offset + done, left);
            } else {
                sendToMemory(at, from, offset + done, left, cached);
            }
            done += left;
        }
        return latest - now;
    }

    /// Writes into the last-level cache, whose socket is the home of all these addresses.
    private void fill(long address, byte[] from, int offset, int byteCount) {
        int done = 0;
        while (done < byteCount) {
            long at = address + done;
            int within = (int) at & (lineBytes - 1);
            int left = byteCount - done;
            long line = at >>> lineShift;
            int set = socket.lines.setOf(line);
            int lineCount = within == 0 ? socket.deviceWriteRun(set, line, from, offset + done, left >>> lineShift) : 0;
            if (lineCount > 0) {
                done += lineCount << lineShift;
                pass(lineCount);
                continue;
            }
            int count = Math.min(left, lineBytes - within);
            time.picos = start + io.hitPicos();
            socket.deviceWrite(set, line, within, from, offset + done, count);
            done += count;
            passOne();
        }
    }

    private void sendToMemory(long address, byte[] from, int offset, int byteCount, boolean cached) {
        int done = 0;
        while (done < byteCount) {
            long at = address + done;
            int count = Math.min(byteCount - done, lineBytes - ((int) at & (lineBytes - 1)));
            time.picos = start + io.hitPicos();
            if (cached) {
                socket.counts.deviceMemoryWrites++;
                interconnect.deviceWrite(socket.index, at, from, offset + done, count);
            } else {
                interconnect.writeAround(socket.index, at, from, offset + done, count);
            }
            done += count;
            passOne();
        }
    }

    private void findHome(long address) {
        isHome = interconnect.homeOf(address) == socket.index;
        homeStart = interconnect.homeStart(address);
        homeEnd = homeStart + interconnect.homeBytes();
    }

    private long begin() {
        long now = interconnect.simulation.nowPicos();
        start = Math.max(now, start);
        latest = now;
        return now;
    }

    /// `lineCount` lines have started that need no more than the way to the last-level cache.
    private void pass(int lineCount) {
        long last = start + (lineCount - 1) * io.linePicos();
        latest = Math.max(latest, last + io.hitPicos());
        start = last + io.linePicos();
    }

    /// One line has started, and is over at `time`.
    private void passOne() {
        latest = Math.max(latest, time.picos);
        start += io.linePicos();
    }

    void rest() {
        start = 0;
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
