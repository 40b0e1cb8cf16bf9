package flyby.pcie;

import org.jspecify.annotations.Nullable;

/// Where packets come from and go to: one for each simulation. Grows while more are on their way than ever before.
public final class PacketPool {
    private final int payloadBytesMax;
    private @Nullable Packet free;
    private long madeCount;
    private long takenCount;

    /// @param payloadBytesMax the most bytes that any packet carries, 4 or more
    public PacketPool(int payloadBytesMax) {
        this.payloadBytesMax = payloadBytesMax;
    }

    public int payloadBytesMax() {
        return payloadBytesMax;
    }

    /// A packet that nobody else holds, to be made into something.
    public Packet take() {
        takenCount++;
        Packet packet = free;
        if (packet == null) {
            madeCount++;
            return new Packet(this, payloadBytesMax);
        }
        free = packet.next;
        packet.next = null;
        return packet;
    }

    void give(Packet packet) {
        takenCount--;
        packet.next = free;
        free = packet;
    }

    /// How many are on their way.
    public long takenCount() {
        return takenCount;
    }

    /// How many there are.
    public long madeCount() {
        return madeCount;
    }
}
