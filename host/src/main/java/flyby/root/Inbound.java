package flyby.root;

import flyby.iommu.InterruptRemapping;
import flyby.iommu.InterruptRequest;
import flyby.iommu.Translation;
import flyby.iommu.Translator;
import flyby.pcie.FlowClass;
import flyby.pcie.Packet;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/// A packet from below that waits in the root port until it may be performed. Used again and again.
final class Inbound {
    /// The next one in the list that it is in.
    @Nullable
    Inbound next;

    final Translation translation;
    final InterruptRequest interrupt;

    private @Nullable Packet packet;
    private long serial;
    private boolean ready;
    private boolean translated;
    private boolean performed;

    Inbound(RootPort port) {
        this.translation = new Translation(_ -> port.translated(this));
        this.interrupt = new InterruptRequest(_ -> port.translated(this));
    }

    /// `newPacket` has arrived; `newSerial` counts arrivals.
    void begin(Packet newPacket, long newSerial) {
        packet = newPacket;
        serial = newSerial;
        ready = false;
        translated = false;
        performed = false;
    }

    /// Asks what the packet's address means, if it is one of memory, or who is interrupted.
    ///
    /// @return whether the answer is here
    boolean ask(Translator translator, InterruptRemapping remapping) {
        Packet asked = packet();
        boolean write = asked.kind() == Packet.Kind.MEMORY_WRITE;
        if (MessageInterrupts.isInterrupt(asked)) {
            interrupt.ask(asked.requesterId(), asked.address(), MessageInterrupts.data(asked));
            return remapping.remap(interrupt);
        }
        if (write || asked.kind() == Packet.Kind.MEMORY_READ) {
            translation.ask(asked.requesterId(), asked.address(), asked.byteCount(), write, asked.addressType());
            return translator.translate(translation);
        }
        return true;
    }

    Packet packet() {
        return Objects.requireNonNull(packet);
    }

    long serial() {
        return serial;
    }

    /// It has been in the port for as long as the port takes.
    void arrive() {
        ready = true;
    }

    void translated() {
        translated = true;
    }

    boolean isTranslated() {
        return translated;
    }

    /// Whether nothing but the order of packets holds it back.
    boolean isReady() {
        return ready && translated;
    }

    void perform() {
        performed = true;
        packet = null;
    }

    /// Whether it is over, and only still in its list.
    boolean isPerformed() {
        return performed;
    }

    /// Whether it may be performed before the posted requests that arrived before it, whoever they are from:
    /// Relaxed Ordering, section 2.4.1, rows A and D.
    boolean isRelaxed() {
        Packet held = packet();
        return held.relaxedOrdering() && held.flow() != FlowClass.NON_POSTED;
    }

    /// Whether IDO lets it pass `other`: both are from different functions.
    boolean mayPass(Inbound other) {
        int id = packet().kind() == Packet.Kind.COMPLETION ? packet().targetId() : packet().requesterId();
        return packet().idOrdering() && id != other.packet().requesterId();
    }
}
