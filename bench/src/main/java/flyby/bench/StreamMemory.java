package flyby.bench;

import flyby.link.LinkEnd;
import flyby.link.TrainReceiver;
import flyby.memory.PhysicalMemory;
import flyby.pcie.Packet;
import flyby.pcie.WriteRun;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/// Memory at the end of a link, as in `bench/systemc/nvme.cpp`: writes are performed when they arrive.
final class StreamMemory implements StreamHost, TrainReceiver {
    private static final long MESSAGES = StreamDevice.BASE + 0x80_0000;

    private static final long BYTE_PICOS = 127;
    /// Memory reads the command, and the answer comes over the other direction, which nobody else uses.
    private static final long ANSWER_PICOS = 150_000 + StreamDevice.PROPAGATION_PICOS + 88 * BYTE_PICOS;

    private final LinkEnd end;
    private final PhysicalMemory memory = new PhysicalMemory();
    private @Nullable StreamDevice device;

    StreamMemory(LinkEnd end) {
        this.end = end;
        end.receiver(this);
    }

    @Override
    public void device(StreamDevice newDevice) {
        device = newDevice;
    }

    @Override
    public long messageAddress(int slot) {
        return MESSAGES + (long) slot * StreamDevice.MESSAGE_BYTES;
    }

    @Override
    public long look(long address) {
        end.catchUp();
        return memory.read64(address);
    }

    @Override
    public long holdPicos(WriteRun run) {
        return 0;
    }

    @Override
    public void arrived(byte[] data, int offset, int byteCount, long address) {
        memory.write(address, data, offset, byteCount);
    }

    @Override
    public void received(Packet packet) {
        long address = packet.address();
        StreamDevice told = Objects.requireNonNull(device);
        if (packet.kind() == Packet.Kind.MEMORY_READ) {
            told.fetched(packet.tag(), ANSWER_PICOS);
        } else {
            memory.write(address, packet.data(), 0, packet.byteCount());
            if (address >= MESSAGES) {
                told.completed((int) (address - MESSAGES) / StreamDevice.MESSAGE_BYTES);
            } else if (StreamDevice.isContended(address)) {
                told.contended();
            }
        }
        end.free(packet);
        packet.recycle();
    }

    @Override
    public void linkChanged(boolean up) {
        throw new IllegalStateException("nobody pulls the card out");
    }
}
