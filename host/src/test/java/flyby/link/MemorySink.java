package flyby.link;

import flyby.memory.PhysicalMemory;
import flyby.pcie.Packet;
import flyby.pcie.WriteRun;
import flyby.sim.Event;
import flyby.sim.Simulation;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.List;
import java.util.Queue;

/// Memory at an end of a link: writes what arrives, notes what is no part of a run, and frees everything after the
/// same time.
final class MemorySink implements TrainReceiver {
    final List<String> notes = new ArrayList<>();
    final PhysicalMemory memory;
    long trainBytes;
    private final Simulation simulation;
    private final LinkEnd end;
    private final long holdPicos;
    private final Event freeing;
    private final Queue<Packet> held = new ArrayDeque<>();
    private final Queue<Long> freeAt = new ArrayDeque<>();

    MemorySink(Simulation simulation, LinkEnd end, PhysicalMemory memory, long holdPicos) {
        this.simulation = simulation;
        this.end = end;
        this.memory = memory;
        this.holdPicos = holdPicos;
        this.freeing = simulation.event("frees", this::free);
        end.receiver(this);
    }

    @Override
    public void received(Packet packet) {
        if (packet.kind() == Packet.Kind.MEMORY_WRITE) {
            memory.write(packet.address(), packet.data(), 0, packet.byteCount());
        }
        if (packet.tag() > 0) {
            notes.add("%d %s".formatted(simulation.nowPicos(), packet));
        }
        if (holdPicos == 0) {
            end.free(packet);
            packet.recycle();
            return;
        }
        held.add(packet);
        freeAt.add(simulation.nowPicos() + holdPicos);
        if (!freeing.isPending()) {
            freeing.in(holdPicos);
        }
    }

    private void free() {
        freeAt.remove();
        Packet packet = held.remove();
        end.free(packet);
        packet.recycle();
        Long next = freeAt.peek();
        if (next != null) {
            freeing.at(next);
        }
    }

    @Override
    public long holdPicos(WriteRun run) {
        return holdPicos;
    }

    @Override
    public void arrived(byte[] data, int offset, int byteCount, long address) {
        memory.write(address, data, offset, byteCount);
        trainBytes += byteCount;
    }

    @Override
    public void linkChanged(boolean up) {
        notes.add("%d %s".formatted(simulation.nowPicos(), up ? "up" : "down"));
    }
}
