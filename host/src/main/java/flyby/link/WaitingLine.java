package flyby.link;

import flyby.base.Check;
import flyby.pcie.FlowClass;
import flyby.pcie.Packet;
import flyby.pcie.PacketPool;
import flyby.pcie.WriteRun;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/// Packets and runs of one [FlowClass] that wait at one source, the oldest at the head.
final class WaitingLine {
    private final FlowClass flow;
    private final CreditPool credits;
    private @Nullable Packet[] packets = new Packet[8];
    private @Nullable WriteRun[] runs = new WriteRun[8];
    private long[] cameAtPicos = new long[8];
    private long[] orders = new long[8];
    private int first;
    private int count;

    WaitingLine(FlowClass flow, CreditPool credits) {
        this.flow = flow;
        this.credits = credits;
    }

    FlowClass flow() {
        return flow;
    }

    CreditPool credits() {
        return credits;
    }

    boolean isEmpty() {
        return count == 0;
    }

    int count() {
        return count;
    }

    /// Puts either of them at the end.
    ///
    /// @param order the place among all that came to this source
    void add(@Nullable Packet packet, @Nullable WriteRun run, long nowPicos, long order) {
        if (count == packets.length) {
            grow();
        }
        int at = (first + count) & (packets.length - 1);
        packets[at] = packet;
        runs[at] = run;
        cameAtPicos[at] = nowPicos;
        orders[at] = order;
        count++;
    }

    /// The head, which is a packet.
    Packet packet() {
        Packet packet = packets[first];
        if (packet == null) {
            throw Check.bug("no packet waits");
        }
        return packet;
    }

    /// The head, if it is a run.
    @Nullable
    WriteRun run() {
        return runs[first];
    }

    long cameAtPicos() {
        return cameAtPicos[first];
    }

    long order() {
        return orders[first];
    }

    /// The data credits that the next packet needs.
    int units() {
        WriteRun run = runs[first];
        return ReceiveBuffer.units(run == null ? packet().payloadDoublewords() : run.nextDoublewords());
    }

    /// The next packet, made from a run if one is at the head.
    Packet next(PacketPool pool) {
        WriteRun run = runs[first];
        if (run == null) {
            Packet packet = packet();
            remove();
            return packet;
        }
        Packet packet = pool.take();
        run.fill(packet);
        if (run.leftBytes() == 0) {
            remove();
        }
        return packet;
    }

    /// Takes the head away.
    private void remove() {
        packets[first] = null;
        runs[first] = null;
        first = (first + 1) & (packets.length - 1);
        count--;
    }

    /// Whether any that came before `order` is from `requesterId`.
    boolean hasOlderFrom(int requesterId, long order) {
        for (int i = 0; i < count; i++) {
            int at = (first + i) & (packets.length - 1);
            if (orders[at] > order) {
                return false;
            }
            WriteRun run = runs[at];
            Packet packet = packets[at];
            int id = run != null ? run.requesterId() : packet != null ? packet.requesterId() : -1;
            if (id == requesterId) {
                return true;
            }
        }
        return false;
    }

    /// All that wait now are lost, of which `source` tells its listeners; an owner that is told so may send more.
    void clear(Source source) {
        for (int left = count; left > 0; left--) {
            Packet packet = packets[first];
            WriteRun run = runs[first];
            remove();
            if (packet != null) {
                source.tellSent(packet);
                packet.recycle();
            }
            if (run != null) {
                run.abandon();
            }
        }
    }

    private void grow() {
        int oldLength = packets.length;
        packets = Arrays.copyOf(packets, 2 * oldLength);
        runs = Arrays.copyOf(runs, 2 * oldLength);
        cameAtPicos = Arrays.copyOf(cameAtPicos, 2 * oldLength);
        orders = Arrays.copyOf(orders, 2 * oldLength);
        // The part that had wrapped around goes behind the other.
        System.arraycopy(packets, 0, packets, oldLength, first);
        System.arraycopy(runs, 0, runs, oldLength, first);
        System.arraycopy(cameAtPicos, 0, cameAtPicos, oldLength, first);
        System.arraycopy(orders, 0, orders, oldLength, first);
    }
}
