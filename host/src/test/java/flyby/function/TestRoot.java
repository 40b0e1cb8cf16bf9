package flyby.function;

import flyby.base.LittleEndian;
import flyby.bus.AddressType;
import flyby.link.LinkEnd;
import flyby.link.PacketReceiver;
import flyby.link.TransmitQueue;
import flyby.memory.PhysicalMemory;
import flyby.pcie.CompletionStatus;
import flyby.pcie.FlowClass;
import flyby.pcie.Packet;
import flyby.pcie.PacketPool;
import flyby.pcie.Segmentation;
import java.util.ArrayList;
import java.util.List;

/// The other end of a function's link: memory that answers at once, and the CPU's side of registers. Keeps a record
/// of what came.
public final class TestRoot implements PacketReceiver {
    /// What the CPU side asks under.
    static final int ID = 0x0000;

    /// The interrupt controller's addresses: memory writes to them are interrupts.
    static final long INTERRUPTS = 0xfee0_0000L;

    private final PacketPool pool;
    private final PhysicalMemory memory;
    private final long memoryBytes;
    private final LinkEnd link;
    private final TransmitQueue transmit;

    /// What has come, one line each.
    public final List<String> heard = new ArrayList<>();

    /// A read that has come.
    record Asked(int requesterId, int tag, long address, int byteCount, AddressType type, boolean relaxed) {}

    /// The reads that have come.
    final List<Asked> asked = new ArrayList<>();

    /// The memory writes that have come, `address+bytes`, and the messages among them.
    final List<String> written = new ArrayList<>();

    /// Whether reads are answered at once; else a test does it with [#complete].
    boolean answers = true;

    /// How completions are cut.
    Segmentation limits = new Segmentation(256, 4_096, 64);

    private long value;
    private CompletionStatus status = CompletionStatus.SUCCESSFUL;
    private boolean idOrdered;
    private boolean answered;

    public TestRoot(PacketPool pool, LinkEnd link, PhysicalMemory memory, long memoryBytes) {
        this.pool = pool;
        this.memory = memory;
        this.memoryBytes = memoryBytes;
        this.link = link;
        transmit = link.queue("root");
        link.receiver(this);
    }

    @Override
    public void received(Packet packet) {
        switch (packet.kind()) {
            case MEMORY_WRITE -> write(packet);
            case MEMORY_READ -> read(packet);
            case COMPLETION -> {
                answered = true;
                status = packet.status();
                idOrdered = packet.idOrdering();
                value = packet.payloadBytes() == 0
                        ? -1
                        : LittleEndian.get(packet.data(), 0, Math.min(8, packet.byteCount()));
            }
            default -> heard.add(packet.toString());
        }
        link.free(packet);
        packet.recycle();
    }

    @Override
    public void linkChanged(boolean up) {
        heard.add(up ? "up" : "down");
    }

    private void write(Packet packet) {
        boolean isTranslated = packet.addressType() == AddressType.TRANSLATED;
        String type = isTranslated ? " translated" : "";
        if (packet.address() >= INTERRUPTS && packet.address() < INTERRUPTS + (1 << 20)) {
            heard.add("interrupt 0x%x to 0x%x".formatted(LittleEndian.get(packet.data(), 0, 4), packet.address()));
            written.add(heard.getLast());
        } else {
            written.add("0x%x+%d%s".formatted(packet.address(), packet.byteCount(), type));
            if (packet.address() <= memoryBytes - packet.byteCount()) {
                memory.write(packet.address(), packet.data(), 0, packet.byteCount());
            }
        }
    }

    private void read(Packet packet) {
        Asked read = new Asked(
                packet.requesterId(),
                packet.tag(),
                packet.address(),
                packet.byteCount(),
                packet.addressType(),
                packet.relaxedOrdering());
        asked.add(read);
        if (answers) {
            if (packet.address() <= memoryBytes - packet.byteCount()) {
                complete(read);
            } else {
                refuse(read, CompletionStatus.UNSUPPORTED_REQUEST);
            }
        }
    }

    /// Answers `read` with what memory holds.
    void complete(Asked read) {
        int done = 0;
        while (done < read.byteCount()) {
            done += complete(read, done);
        }
    }

    /// Answers the next bytes of `read`, of which `done` have been answered.
    ///
    /// @return how many it were
    int complete(Asked read, int done) {
        int left = read.byteCount() - done;
        int count = limits.completionBytes(read.address() + done, left);
        Packet completion = completion(read, CompletionStatus.SUCCESSFUL, read.address() + done, count, left);
        memory.read(read.address() + done, completion.data(), 0, count);
        send(completion);
        return count;
    }

    /// Answers `read` with a status and no data.
    void refuse(Asked read, CompletionStatus newStatus) {
        send(completion(read, newStatus, read.address(), 0, read.byteCount()));
    }

    Packet completion(Asked read, CompletionStatus newStatus, long address, int byteCount, int left) {
        return pool.take().completion(newStatus, ID, read.requesterId(), read.tag(), address, byteCount, left);
    }

    /// Sends any packet down.
    void send(Packet packet) {
        transmit.send(packet);
    }

    /// Asks to write a configuration register; the simulation must run for it to happen.
    public void writeConfiguration(int id, int register, int byteCount, long newValue) {
        Packet packet = pool.take();
        packet.configuration(Packet.Kind.CONFIGURATION_WRITE, ID, 0, id, register, byteCount);
        LittleEndian.put(newValue, packet.data(), 0, byteCount);
        ask(packet);
    }

    /// Asks to read a configuration register; see [#answer].
    public void readConfiguration(int id, int register, int byteCount) {
        ask(pool.take().configuration(Packet.Kind.CONFIGURATION_READ, ID, 0, id, register, byteCount));
    }

    /// Sends a request of the CPU.
    void ask(Packet packet) {
        if (packet.flow() == FlowClass.NON_POSTED) {
            answered = false;
        }
        transmit.send(packet);
    }

    /// What the last completion brought, -1 if it brought nothing.
    public long answer() {
        if (!answered) {
            throw new AssertionError("no completion has come");
        }
        return value;
    }

    CompletionStatus status() {
        answer();
        return status;
    }

    /// Whether the last completion had IDO.
    boolean isAnsweredWithIdo() {
        answer();
        return idOrdered;
    }

    boolean isAnswered() {
        return answered;
    }
}
