package flyby.root;

import flyby.base.LittleEndian;
import flyby.link.LinkEnd;
import flyby.link.PacketReceiver;
import flyby.link.TransmitQueue;
import flyby.pcie.CompletionStatus;
import flyby.pcie.Packet;
import flyby.pcie.PacketPool;
import flyby.sim.Simulation;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.function.Consumer;

/// A device that does what the test says: sends requests, and answers reads of its registers with their address.
final class Puppet implements PacketReceiver {
    final int id;
    final List<String> heard = new ArrayList<>();
    final List<Long> heardAt = new ArrayList<>();
    final List<byte[]> got = new ArrayList<>();
    boolean answers = true;
    /// Told of every packet before it is consumed.
    Consumer<Packet> watcher = _ -> {};

    private final Simulation simulation;
    private final PacketPool pool;
    private final LinkEnd end;
    private final TransmitQueue queue;

    Puppet(Simulation simulation, PacketPool pool, LinkEnd end, int id) {
        this.simulation = simulation;
        this.pool = pool;
        this.end = end;
        this.id = id;
        queue = end.queue("puppet " + id);
        end.receiver(this);
    }

    Packet write(long address, byte[] data) {
        Packet packet = pool.take().request(Packet.Kind.MEMORY_WRITE, id, 0, address, data.length);
        System.arraycopy(data, 0, packet.data(), 0, data.length);
        return packet;
    }

    Packet read(long address, int byteCount, int tag) {
        return pool.take().request(Packet.Kind.MEMORY_READ, id, tag, address, byteCount);
    }

    void send(Packet packet) {
        queue.send(packet);
    }

    /// A message interrupt.
    void interrupt(int destination, int vector) {
        byte[] data = new byte[4];
        LittleEndian.put(vector, data, 0, 4);
        send(write(0xfee0_0000L | ((long) destination << 12), data));
    }

    /// Answers a read of 4 bytes that the test has kept waiting.
    void answer(int tag, long address) {
        send(pool.take().completion(CompletionStatus.SUCCESSFUL, id, RootComplex.ID, tag, address, 4, 4));
    }

    @Override
    public void received(Packet packet) {
        watcher.accept(packet);
        heard.add(packet.kind() + " " + (packet.kind() == Packet.Kind.COMPLETION ? packet.status() + " " : "") + "tag "
                + packet.tag() + " 0x" + Long.toHexString(packet.address()) + "+" + packet.byteCount());
        heardAt.add(simulation.nowPicos());
        got.add(Arrays.copyOf(packet.data(), packet.payloadBytes()));
        end.free(packet);
        if (answers) {
            switch (packet.kind()) {
                case MEMORY_READ, IO_READ, CONFIGURATION_READ -> {
                    Packet answer = pool.take()
                            .completion(
                                    CompletionStatus.SUCCESSFUL,
                                    id,
                                    packet.requesterId(),
                                    packet.tag(),
                                    packet.address(),
                                    packet.byteCount(),
                                    packet.byteCount());
                    LittleEndian.put(packet.address(), answer.data(), 0, Math.min(8, packet.byteCount()));
                    send(answer);
                }
                case IO_WRITE, CONFIGURATION_WRITE ->
                    send(pool.take()
                            .completion(
                                    CompletionStatus.SUCCESSFUL,
                                    id,
                                    packet.requesterId(),
                                    packet.tag(),
                                    packet.address(),
                                    0,
                                    packet.byteCount()));
                case MEMORY_WRITE, MESSAGE, COMPLETION -> {}
            }
        }
        packet.recycle();
    }

    @Override
    public void linkChanged(boolean up) {}
}
