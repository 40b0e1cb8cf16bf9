package flyby.bench;

import flyby.link.LinkEnd;
import flyby.link.PacketReceiver;
import flyby.memory.PhysicalMemory;
import flyby.pcie.Packet;

/// Memory at the end of a link: writes are performed when they arrive, and the stream is told of what it waits for.
final class StreamMemory implements PacketReceiver {
    private final LinkEnd end;
    private final PhysicalMemory memory;
    private final StreamDevice device;

    StreamMemory(LinkEnd end, PhysicalMemory memory, StreamDevice device) {
        this.end = end;
        this.memory = memory;
        this.device = device;
        end.receiver(this);
    }

    @Override
    public void received(Packet packet) {
        if (packet.kind() == Packet.Kind.MEMORY_WRITE) {
            memory.write(packet.address(), packet.data(), 0, packet.byteCount());
        }
        device.arrived(packet);
        end.free(packet);
        packet.recycle();
    }

    @Override
    public void linkChanged(boolean up) {
        throw new IllegalStateException("nobody pulls the card out");
    }
}
