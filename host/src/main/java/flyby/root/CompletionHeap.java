package flyby.root;

import flyby.pcie.Packet;
import flyby.sim.Event;
import flyby.sim.Simulation;
import java.util.Arrays;
import java.util.function.Consumer;

/// Completions until memory has answered: the earliest first, of two at one instant the one that was added first.
///
/// Answers come out of order, as a read that misses the caches takes longer than those behind it.
final class CompletionHeap extends Event {
    private static final int INITIAL = 64;

    private final Simulation world;
    private final Consumer<Packet> due;
    private Packet[] packets = new Packet[INITIAL];
    private long[] dues = new long[INITIAL];
    private long[] serials = new long[INITIAL];
    private int count;
    private long nextSerial;

    CompletionHeap(Simulation simulation, String name, Consumer<Packet> due) {
        super(simulation, name);
        this.world = simulation;
        this.due = due;
    }

    void add(Packet packet, long duePicos) {
        if (count == packets.length) {
            packets = Arrays.copyOf(packets, 2 * count);
            dues = Arrays.copyOf(dues, 2 * count);
            serials = Arrays.copyOf(serials, 2 * count);
        }
        long serial = nextSerial++;
        int hole = count++;
        while (hole > 0) {
            int parent = (hole - 1) >> 1;
            // The new one has the highest serial, so equal times leave it where it is.
            if (dues[parent] <= duePicos) {
                break;
            }
            move(parent, hole);
            hole = parent;
        }
        put(hole, packet, duePicos, serial);
        if (hole == 0) {
            at(duePicos);
        }
    }

    @Override
    protected void fire() {
        long now = world.nowPicos();
        while (count > 0 && dues[0] == now) {
            due.accept(takeFirst());
        }
        if (count > 0) {
            at(dues[0]);
        }
    }

    private Packet takeFirst() {
        Packet first = packets[0];
        count--;
        Packet packet = packets[count];
        long duePicos = dues[count];
        long serial = serials[count];
        int hole = 0;
        int child = 1;
        while (child < count) {
            if (child + 1 < count && isEarlier(child + 1, child)) {
                child++;
            }
            if (dues[child] > duePicos || (dues[child] == duePicos && serials[child] > serial)) {
                break;
            }
            move(child, hole);
            hole = child;
            child = 2 * hole + 1;
        }
        put(hole, packet, duePicos, serial);
        return first;
    }

    private boolean isEarlier(int a, int b) {
        return dues[a] < dues[b] || (dues[a] == dues[b] && serials[a] < serials[b]);
    }

    private void move(int from, int to) {
        put(to, packets[from], dues[from], serials[from]);
    }

    private void put(int at, Packet packet, long duePicos, long serial) {
        packets[at] = packet;
        dues[at] = duePicos;
        serials[at] = serial;
    }
}
