package flyby.root;

import flyby.base.LittleEndian;
import flyby.memory.MemoryAgent;
import flyby.pcie.CompletionStatus;
import flyby.pcie.Packet;
import flyby.pcie.PacketPool;
import flyby.root.RootComplex.Integrated;
import flyby.sim.Event;
import flyby.sim.Simulation;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// One CPU's accesses of registers: what kind of request each is, and who answers.
///
/// One read, or one write that is answered, is under way at a time, and beside it any number of [LineReads]. What
/// nothing answers reads as all ones: section 2.3.2.
final class Processor implements ProcessorPort {
    private static final int NO_TAG = -1;

    private final PacketPool pool;
    private final RootComplex root;
    private final RootWindows windows;
    private final String name;
    private final MemoryAgent memory;
    private final Simulation simulation;
    private final Event timeout;
    private final Event answered;
    private final LineReads lines;

    private @Nullable Reader reader;
    private @Nullable Runnable room;
    private @Nullable RootPort asked;
    private int tag = NO_TAG;
    private long address;
    private int byteCount;
    private int gotBytes;
    private long value;
    private long sincePicos;

    Processor(Simulation simulation, PacketPool pool, RootComplex root, String name, MemoryAgent memory) {
        this.simulation = simulation;
        this.pool = pool;
        this.root = root;
        this.windows = root.windows();
        this.name = name;
        this.memory = memory;
        timeout = simulation.event(name + " timeout", this::timedOut);
        answered = simulation.event(name + " answer", this::finish);
        lines = new LineReads(simulation, pool, root, name, this);
    }

    @Override
    public boolean isMapped(long address) {
        return root.integratedAt(address) != null
                || windows.isRegister(address)
                || windows.isConfiguration(address)
                || windows.isIo(address)
                || !memory.holds(address, 1);
    }

    @Override
    public void read(long address, int byteCount, long transfer, Reader newReader) {
        assert !isWaiting() : name + " reads two registers at once";
        reader = newReader;
        begin(address, byteCount);
        Packet packet = request(address, byteCount, false);
        if (packet == null) {
            nobody();
        } else {
            ask(packet, transfer);
        }
    }

    @Override
    public boolean readsLines(long address) {
        return root.integratedAt(address) == null && windows.isRegister(address) && root.portOfMemory(address) != null;
    }

    @Override
    public void readLine(long lineAddress, byte[] into, int offset, int lineBytes, long transfer, Runnable arrived) {
        lines.read(lineAddress, into, offset, lineBytes, transfer, arrived);
    }

    @Override
    public boolean write(long address, byte[] from, int offset, int byteCount, long transfer, Runnable newRoom) {
        assert !isWaiting() : name + " writes while it waits";
        if (windows.isConfiguration(address) || windows.isIo(address)) {
            room = newRoom;
            begin(address, byteCount);
            Packet packet = request(address, byteCount, true);
            if (packet == null) {
                writeHere(address, byteCount, LittleEndian.get(from, offset, Math.min(byteCount, 8)));
                nobody();
            } else {
                System.arraycopy(from, offset, packet.data(), 0, byteCount);
                ask(packet, transfer);
            }
            return false;
        }
        Integrated inside = root.integratedAt(address);
        if (inside != null) {
            long value = LittleEndian.get(from, offset, Math.min(byteCount, 8));
            inside.device().writeRegister(0, address - inside.base(), byteCount, value);
            return true;
        }
        RootPort port = root.portOfMemory(address);
        if (port == null || !port.isUp()) {
            // Master abort: nobody hears of it, section 2.3.1.
            return true;
        }
        Packet packet = pool.take().request(Packet.Kind.MEMORY_WRITE, RootComplex.ID, 0, address, byteCount);
        System.arraycopy(from, offset, packet.data(), 0, byteCount);
        packet.transfer(transfer);
        port.send(packet);
        return port.writes().add(newRoom);
    }

    private void begin(long newAddress, int newByteCount) {
        address = newAddress;
        byteCount = newByteCount;
        gotBytes = 0;
        value = 0;
        sincePicos = simulation.nowPicos();
    }

    /// The request that is answered by somebody below a root port, or null if nobody there does.
    private @Nullable Packet request(long at, int count, boolean write) {
        if (windows.isConfiguration(at)) {
            int target = (int) ((at - windows.ecamBase()) >>> 12);
            asked = root.portOfBus(target >>> 8);
            // A register of configuration space is within one doubleword: section 7.2.2.
            if (asked == null || !asked.isUp() || (at & 3) + count > 4) {
                return null;
            }
            boolean below = target >>> 8 == asked.bridge().secondaryBus();
            if (below && !asked.bridge().isDevice(target)) {
                return null;
            }
            Packet packet = pool.take()
                    .configuration(
                            write ? Packet.Kind.CONFIGURATION_WRITE : Packet.Kind.CONFIGURATION_READ,
                            RootComplex.ID,
                            takeTag(),
                            target,
                            (int) at & 0xfff,
                            count);
            packet.typeOne(!below);
            return packet;
        }
        boolean io = windows.isIo(at);
        long wire = io ? at - windows.ioBase() : at;
        asked = io ? root.portOfIo(wire) : root.portOfMemory(wire);
        if (asked == null || !asked.isUp()) {
            return null;
        }
        Packet.Kind kind = io ? (write ? Packet.Kind.IO_WRITE : Packet.Kind.IO_READ) : Packet.Kind.MEMORY_READ;
        return pool.take().request(kind, RootComplex.ID, takeTag(), wire, count);
    }

    private int takeTag() {
        tag = root.tags().take(this);
        return tag;
    }

    private void ask(Packet packet, long transfer) {
        packet.transfer(transfer);
        timeout.in(root.parameters().completionTimeoutPicos());
        if (asked != null) {
            asked.send(packet);
        }
    }

    /// Nobody below a root port answers: perhaps a register of the root complex itself does.
    private void nobody() {
        value = readHere();
        answered.in(2 * root.parameters().processorPicos());
    }

    private @Nullable RootPort here(long at) {
        return windows.isConfiguration(at) ? root.portOfId((int) ((at - windows.ecamBase()) >>> 12)) : null;
    }

    private long readHere() {
        Integrated inside = root.integratedAt(address);
        if (inside != null) {
            return inside.device().readRegister(0, address - inside.base(), byteCount);
        }
        RootPort port = here(address);
        return port == null ? -1L : port.bridge().space().read((int) address & 0xfff, byteCount);
    }

    private void writeHere(long at, int count, long written) {
        RootPort port = here(at);
        if (port != null) {
            port.bridge().space().write((int) at & 0xfff, count, written);
        }
    }

    /// A completion for this CPU has come.
    void completed(Packet packet) {
        if (packet.tag() != tag) {
            lines.completed(packet);
            return;
        }
        if (packet.status() != CompletionStatus.SUCCESSFUL || packet.isPoisoned()) {
            value = -1L;
            gotBytes = byteCount;
        } else if (reader != null) {
            int count = Math.min(packet.byteCount(), byteCount - gotBytes);
            value |= LittleEndian.get(packet.data(), 0, count) << (8 * gotBytes);
            gotBytes += count;
        } else {
            gotBytes = byteCount;
        }
        if (gotBytes >= byteCount) {
            over();
            answered.in(root.parameters().processorPicos());
        }
    }

    private void timedOut() {
        if (asked != null) {
            asked.timedOut();
        }
        value = -1L;
        over();
        finish();
    }

    /// What is below `port` does not answer any more.
    void linkDown(RootPort port) {
        lines.linkDown(port);
        if (tag != NO_TAG && asked == port) {
            value = -1L;
            over();
            answered.in(root.parameters().processorPicos());
        }
    }

    private void over() {
        timeout.cancel();
        root.tags().give(tag);
        tag = NO_TAG;
    }

    private void finish() {
        Reader whoReads = reader;
        Runnable whoWrites = room;
        reader = null;
        room = null;
        asked = null;
        if (whoReads != null) {
            whoReads.read(value);
        } else if (whoWrites != null) {
            whoWrites.run();
        }
    }

    private boolean isWaiting() {
        return reader != null || room != null;
    }

    void describe(List<String> sentences) {
        lines.describe(sentences);
        if (tag != NO_TAG && asked != null) {
            sentences.add("%s waits for %s at 0x%x through %s, tag %d, since %d ps"
                    .formatted(
                            name, reader != null ? "register" : "a write of", address, asked.name(), tag, sincePicos));
        }
    }
}
