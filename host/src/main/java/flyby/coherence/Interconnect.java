package flyby.coherence;

import flyby.memory.PhysicalMemory;
import flyby.sim.Simulation;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/// What joins the sockets: links, the home of each line, and memory behind it.
///
/// An access that its own socket cannot serve goes to the line's home, which knows the other sockets that hold it,
/// as home agents with a directory do: only they are asked. Between sockets the protocol is MESI: a modified line
/// that another socket reads is written to memory, and one that another socket writes is handed over as it is.
final class Interconnect {
    final CoherenceParameters parameters;
    final AccessTime time = new AccessTime();
    final Simulation simulation;
    final PhysicalMemory bytes;
    final Socket[] sockets;
    final DramChannels[] channels;
    /// What cores that load early need; null if there are none.
    @Nullable
    RecentWrites recent;
    /// Who is told of lines.
    @Nullable
    LineWatch watch;

    private final int lineBytes;
    /// Until when the link from one socket to another is occupied, by `from * sockets + to`.
    private final long[] linkBusyUntil;

    Interconnect(Simulation simulation, PhysicalMemory bytes, CoherenceParameters parameters) {
        this.simulation = simulation;
        this.bytes = bytes;
        this.parameters = parameters;
        this.lineBytes = parameters.lineBytes();
        int count = parameters.sockets();
        this.linkBusyUntil = new long[count * count];
        this.channels = new DramChannels[count];
        this.sockets = new Socket[count];
        for (int i = 0; i < count; i++) {
            channels[i] = new DramChannels(parameters.memory());
            sockets[i] = new Socket(i, this);
        }
    }

    /// These bytes are about to be written, by core `writer` or, if that is negative, by a device.
    void noteWrite(int writer, long address, int byteCount, boolean around) {
        RecentWrites notes = recent;
        if (notes != null) {
            notes.add(writer, address, byteCount, around);
        }
    }

    void tell(LineWatch.Event event, long address, byte[] from, int offset) {
        LineWatch told = watch;
        if (told != null) {
            told.line(event, address, from, offset);
        }
    }

    /// The socket behind which `address` lies.
    int homeOf(long address) {
        // Without interleaving the quotient is the socket.
        return sockets.length == 1 ? 0 : (int) (address / homeBytes() % sockets.length);
    }

    /// Where the range of [#homeBytes] bytes with `address` begins that all lie behind one socket.
    long homeStart(long address) {
        return address - address % homeBytes();
    }

    /// How many addresses in a row lie behind one socket.
    long homeBytes() {
        CoherenceParameters.Memory memory = parameters.memory();
        return memory.nodeInterleaveBytes() == 0 ? memory.bytesPerSocket() : memory.nodeInterleaveBytes();
    }

    /// Brings the bytes of `line`, which `socket` does not hold, to `into`.
    ///
    /// @param own whether nobody else may hold it afterwards
    /// @return the state that the socket has it in
    byte fetch(int socket, long line, boolean own, byte[] into, int offset) {
        long address = line * lineBytes;
        int home = homeOf(address);
        travel(socket, home, false);
        long atHome = time.picos;
        long latest = 0;
        byte state = LineState.EXCLUSIVE;
        boolean found = false;
        for (Socket other : sockets) {
            int slot = other.index == socket ? LineArray.NONE : other.lines.find(line);
            if (slot == LineArray.NONE) {
                continue;
            }
            time.picos = atHome;
            ask(home, other);
            if (!found) {
                other.askCores(slot);
                System.arraycopy(other.newestIn(slot), other.newestAt(slot), into, offset, lineBytes);
            }
            if (own) {
                state = other.isDirty(slot) ? LineState.MODIFIED : state;
                other.drop(slot);
            } else {
                if (other.isDirty(slot)) {
                    other.writeBack(slot);
                }
                other.becomeShared(slot);
                state = LineState.SHARED;
            }
            travel(other.index, socket, !found);
            latest = Math.max(latest, time.picos);
            found = true;
        }
        if (found) {
            time.picos = latest;
        } else {
            readMemory(home, address, into, offset, lineBytes);
            travel(home, socket, true);
        }
        return state;
    }

    /// Takes `line` away from all sockets but `socket`. Their bytes are lost.
    void dropElsewhere(int socket, long line) {
        long start = time.picos;
        long latest = start;
        for (Socket other : sockets) {
            int slot = other.index == socket ? LineArray.NONE : other.lines.find(line);
            if (slot != LineArray.NONE) {
                time.picos = start;
                ask(socket, other);
                other.drop(slot);
                travel(other.index, socket, false);
                latest = Math.max(latest, time.picos);
            }
        }
        time.picos = latest;
    }

    /// Writes a line to memory that nobody waits for, unless the channel's queue is full.
    void writeBack(int socket, long line, byte[] from, int offset) {
        long address = line * lineBytes;
        tell(LineWatch.Event.WRITTEN_BACK, address, from, offset);
        int home = homeOf(address);
        long start = time.picos;
        travel(socket, home, true);
        long arrival = time.picos;
        bytes.write(address, from, offset, lineBytes);
        time.picos = start + (channels[home].write(inSocket(address), arrival) - arrival);
    }

    // What a device asks for that its own socket cannot answer.

    /// Reads a part of a line that is not in `socket`, and changes nobody's state.
    ///
    /// @return whether some cache had it
    boolean deviceRead(int socket, long address, byte[] into, int offset, int count) {
        int home = homeOf(address);
        travel(socket, home, false);
        for (Socket other : sockets) {
            int slot = other.lines.find(address / lineBytes);
            if (slot != LineArray.NONE) {
                ask(home, other);
                other.askCores(slot);
                int within = (int) (address % lineBytes);
                System.arraycopy(other.newestIn(slot), other.newestAt(slot) + within, into, offset, count);
                travel(other.index, socket, true);
                return true;
            }
        }
        readMemory(home, address, into, offset, count);
        travel(home, socket, true);
        return false;
    }

    /// Writes a part of a line to memory, and takes the line away from all caches. Of the other bytes of the line,
    /// the newest are in memory afterwards.
    void deviceWrite(int socket, long address, byte[] from, int offset, int count) {
        int home = homeOf(address);
        travel(socket, home, true);
        long start = time.picos;
        long latest = start;
        for (Socket other : sockets) {
            int slot = other.lines.find(address / lineBytes);
            if (slot != LineArray.NONE) {
                time.picos = start;
                ask(home, other);
                if (count < lineBytes && other.isDirty(slot)) {
                    other.writeBack(slot);
                }
                other.drop(slot);
                travel(other.index, home, false);
                latest = Math.max(latest, time.picos);
            }
        }
        time.picos = latest;
        writeMemory(home, address, from, offset, count);
    }

    // Around the caches.

    /// Reads a part of a line from memory, whatever caches have.
    void readAround(int socket, long address, byte[] into, int offset, int count) {
        int home = homeOf(address);
        travel(socket, home, false);
        readMemory(home, address, into, offset, count);
        travel(home, socket, true);
    }

    /// Writes a part of a line to memory; copies in caches are stale from now on.
    void writeAround(int socket, long address, byte[] from, int offset, int count) {
        int home = homeOf(address);
        travel(socket, home, true);
        writeMemory(home, address, from, offset, count);
    }

    /// Has all caches clean or forget `line`.
    void maintain(long line, boolean clean, boolean forget) {
        for (Socket each : sockets) {
            int slot = each.lines.find(line);
            if (slot == LineArray.NONE) {
                continue;
            }
            if (clean && each.isDirty(slot)) {
                each.writeBack(slot);
                each.becomeClean(slot);
            }
            if (forget) {
                LineWatch.Event event = each.isDirty(slot) ? LineWatch.Event.DISCARDED : LineWatch.Event.DROPPED;
                tell(event, line * lineBytes, each.newestIn(slot), each.newestAt(slot));
                each.drop(slot);
            }
        }
    }

    /// Nobody waits for a link or a channel any more.
    void rest() {
        Arrays.fill(linkBusyUntil, 0);
        for (DramChannels each : channels) {
            each.rest();
        }
    }

    private void readMemory(int home, long address, byte[] into, int offset, int count) {
        bytes.read(address, into, offset, count);
        time.picos = channels[home].read(inSocket(address), time.picos);
    }

    private void writeMemory(int home, long address, byte[] from, int offset, int count) {
        bytes.write(address, from, offset, count);
        time.picos = channels[home].write(inSocket(address), time.picos);
    }

    /// A question goes from socket `from` to `other`'s last-level cache, which looks it up.
    private void ask(int from, Socket other) {
        travel(from, other.index, false);
        if (from != other.index) {
            other.counts.socketSnoops++;
        }
        time.add(parameters.lastLevel().hitPicos());
    }

    private void travel(int from, int to, boolean withLine) {
        if (from == to) {
            return;
        }
        CoherenceParameters.SocketLink link = parameters.link();
        if (withLine) {
            int way = from * sockets.length + to;
            long start = Math.max(time.picos, linkBusyUntil[way]);
            linkBusyUntil[way] = start + link.linePicos();
            time.picos = linkBusyUntil[way];
        }
        time.add(link.onewayPicos());
    }

    /// Which of its socket's addresses `address` is: channels take turns by these.
    private long inSocket(long address) {
        if (sockets.length == 1) {
            return address;
        }
        CoherenceParameters.Memory memory = parameters.memory();
        long turn = memory.nodeInterleaveBytes();
        return turn == 0
                ? address % memory.bytesPerSocket()
                : address / (turn * sockets.length) * turn + address % turn;
    }
}
