package flyby.link;

import flyby.pcie.Packet;
import flyby.sim.Event;
import flyby.sim.Simulation;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.List;
import java.util.Queue;

/// Sits at an end, notes what arrives and when, and frees it after a time.
final class Arrivals implements PacketReceiver {
    final List<String> notes = new ArrayList<>();
    final List<Integer> tags = new ArrayList<>();
    private final Simulation simulation;
    private final LinkEnd end;
    private final long freePicos;
    private final Event freeing;
    private final Queue<Packet> held = new ArrayDeque<>();
    private final Queue<Long> freeAt = new ArrayDeque<>();

    /// @param freePicos how long a packet stands in the receive buffer, or -1 for ever
    Arrivals(Simulation simulation, LinkEnd end, long freePicos) {
        this.simulation = simulation;
        this.end = end;
        this.freePicos = freePicos;
        this.freeing = simulation.event("frees", this::free);
        end.receiver(this);
    }

    @Override
    public void received(Packet packet) {
        notes.add("%d %s".formatted(simulation.nowPicos(), packet));
        tags.add(packet.tag());
        held.add(packet);
        if (freePicos == 0) {
            freeOne();
        } else if (freePicos > 0) {
            freeAt.add(simulation.nowPicos() + freePicos);
            if (!freeing.isPending()) {
                freeing.in(freePicos);
            }
        }
    }

    /// Frees the oldest.
    void freeOne() {
        Packet packet = held.remove();
        end.free(packet);
        packet.recycle();
    }

    private void free() {
        freeAt.remove();
        freeOne();
        Long next = freeAt.peek();
        if (next != null) {
            freeing.at(next);
        }
    }

    @Override
    public void linkChanged(boolean up) {
        notes.add("%d %s".formatted(simulation.nowPicos(), up ? "up" : "down"));
    }
}
