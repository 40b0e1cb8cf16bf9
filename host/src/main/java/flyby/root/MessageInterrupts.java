package flyby.root;

import flyby.base.LittleEndian;
import flyby.bus.InterruptSink;
import flyby.iommu.InterruptRequest;
import flyby.iommu.layout.InterruptEntries;
import flyby.pcie.Packet;
import flyby.sim.DelayLine;
import flyby.sim.Simulation;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// Memory writes that are interrupts: Intel SDM, volume 3, section 10.11.
///
/// The address says to whom, the data which vector. A message is an edge: the CPU is told that the vector is
/// asserted, latches it as its local APIC does, and is never told otherwise.
final class MessageInterrupts {
    private static final long BASE = 0xfee0_0000L;
    private static final long END = 0xfef0_0000L;

    private static final int MESSAGE_BYTES = 4;
    private static final int DESTINATION_SHIFT = 12;
    private static final int REDIRECTION_HINT = 1 << 3;
    private static final int LOGICAL = 1 << 2;

    /// The destination that is everybody: section 10.6.2.1.
    private static final int BROADCAST = 0xff;

    /// Vectors below are reserved: section 10.5.2.
    private static final int VECTOR_MIN = 16;

    /// Fixed and lowest priority, the delivery modes in bits 10:8 of the data that have a vector: section 10.11.2.
    private static final int DELIVERY_MODES = 0b11;

    private final List<InterruptSink> cpus = new ArrayList<>();
    private final long picos;
    private final DelayLine<Message> flying;
    private @Nullable Message unused;
    private long refusedCount;

    /// On its way to one CPU. Used again and again.
    private static final class Message {
        @Nullable
        Message next;

        int destination;
        int vector;
    }

    MessageInterrupts(Simulation simulation, long picos) {
        this.picos = picos;
        flying = new DelayLine<>(simulation, "interrupts", this::arrive);
    }

    void add(InterruptSink cpu) {
        cpus.add(cpu);
    }

    /// Whether `packet` is no access of memory, but an interrupt.
    static boolean isInterrupt(Packet packet) {
        return packet.kind() == Packet.Kind.MEMORY_WRITE && packet.address() >= BASE && packet.address() < END;
    }

    /// Whether any of these addresses is one of interrupts.
    static boolean includes(long address, long byteCount) {
        return address < END && address + byteCount > BASE;
    }

    /// The message itself, if `packet` has the length of one: else nobody is told.
    static boolean isMessage(Packet packet) {
        return packet.byteCount() == MESSAGE_BYTES && (packet.address() & 3) == 0;
    }

    static int data(Packet packet) {
        return (int) LittleEndian.get(packet.data(), 0, MESSAGE_BYTES);
    }

    /// The interrupt that a write of `data` to `address` means, where nothing remaps it: section 10.11.1.
    void message(long address, int data) {
        int destination = (int) (address >>> DESTINATION_SHIFT) & 0xff;
        int vector = data & 0xff;
        boolean lowest = ((data >>> 8) & 7) == 1 || (address & REDIRECTION_HINT) != 0;
        if (((data >>> 8) & 7 & ~DELIVERY_MODES) != 0 || ((data >>> 8) & DELIVERY_MODES) > 1) {
            refusedCount++;
            return;
        }
        boolean logical = (address & LOGICAL) != 0;
        for (int i = 0; i < cpus.size(); i++) {
            boolean meant = logical
                    ? i < 8 && (destination & (1 << i)) != 0
                    : i == destination || (destination == BROADCAST && !lowest);
            if (meant) {
                send(i, vector);
                if (lowest) {
                    return;
                }
            }
        }
    }

    /// What the IOMMU has allowed. It knows who is meant if the message is in its own format, else the message
    /// does.
    void deliver(InterruptRequest request) {
        if (InterruptEntries.ADDRESS_FORMAT.isSet(request.address())) {
            send(request.destination(), request.vector());
        } else {
            message(request.address(), request.data());
        }
    }

    /// Interrupts the CPU with APIC identifier `destination`. Vectors and CPUs that there are not are not heard of.
    void send(int destination, int vector) {
        if (vector < VECTOR_MIN || destination >= cpus.size()) {
            refusedCount++;
            return;
        }
        Message message = unused;
        if (message == null) {
            message = new Message();
        } else {
            unused = message.next;
        }
        message.destination = destination;
        message.vector = vector;
        flying.add(message, picos);
    }

    private void arrive(Message message) {
        int destination = message.destination;
        int vector = message.vector;
        message.next = unused;
        unused = message;
        cpus.get(destination).interrupt(vector, true);
    }

    /// How many meant nothing.
    long refusedCount() {
        return refusedCount;
    }
}
