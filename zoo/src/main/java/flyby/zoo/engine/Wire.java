package flyby.zoo.engine;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Deque;
import java.util.List;

/// What comes in from outside, and what went out.
final class Wire {
    private final Deque<byte[]> incoming = new ArrayDeque<>();
    private final List<byte[]> outgoing = new ArrayList<>();

    boolean hasIncoming() {
        return !incoming.isEmpty();
    }

    void comesIn(byte[] packet) {
        incoming.addLast(packet.clone());
    }

    /// The next packet that came in, as far as `byteCountMax` bytes hold it; the rest is lost.
    byte[] take(int byteCountMax) {
        byte[] packet = incoming.removeFirst();
        return packet.length <= byteCountMax ? packet : Arrays.copyOf(packet, byteCountMax);
    }

    void goesOut(byte[] packet) {
        outgoing.add(packet);
    }

    List<byte[]> outgoing() {
        return List.copyOf(outgoing);
    }

    void reset() {
        incoming.clear();
    }
}
