package flyby.link;

import flyby.base.Check;
import flyby.pcie.Packet;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/// Packets between the two ends, with the times at which they arrive, the next one at the head.
final class Flight {
    private @Nullable Packet[] packets = new Packet[8];
    private long[] arrivalsPicos = new long[8];
    private int first;
    private int count;

    boolean isEmpty() {
        return count == 0;
    }

    void add(Packet packet, long arrivalPicos) {
        if (count == packets.length) {
            grow();
        }
        int at = (first + count) & (packets.length - 1);
        packets[at] = packet;
        arrivalsPicos[at] = arrivalPicos;
        count++;
    }

    /// When the head arrives.
    long arrivalPicos() {
        return arrivalsPicos[first];
    }

    /// Takes the head away.
    Packet remove() {
        Packet packet = packets[first];
        if (packet == null) {
            throw Check.bug("nothing flies");
        }
        packets[first] = null;
        first = (first + 1) & (packets.length - 1);
        count--;
        return packet;
    }

    private void grow() {
        int oldLength = packets.length;
        packets = Arrays.copyOf(packets, 2 * oldLength);
        arrivalsPicos = Arrays.copyOf(arrivalsPicos, 2 * oldLength);
        // The part that had wrapped around goes behind the other.
        System.arraycopy(packets, 0, packets, oldLength, first);
        System.arraycopy(arrivalsPicos, 0, arrivalsPicos, oldLength, first);
    }
}
