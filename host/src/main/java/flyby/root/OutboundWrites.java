package flyby.root;

import flyby.link.TransmitQueue;
import flyby.pcie.Packet;
import java.util.ArrayDeque;
import java.util.List;
import java.util.Queue;

/// The room that a root port has for writes of CPUs which the link has not taken yet.
final class OutboundWrites {
    private final int max;
    private final Queue<Runnable> stalled = new ArrayDeque<>();
    private int held;

    OutboundWrites(int max, TransmitQueue queue) {
        this.max = max;
        queue.whenSent(packet -> {
            if (packet.kind() == Packet.Kind.MEMORY_WRITE) {
                sent();
            }
        });
    }

    /// Another write is here.
    ///
    /// @param room told when there is room again, if there is none
    /// @return whether there is room for the next one
    boolean add(Runnable room) {
        held++;
        if (held < max) {
            return true;
        }
        stalled.add(room);
        return false;
    }

    private void sent() {
        held--;
        assert held >= 0 : held;
        if (held < max && !stalled.isEmpty()) {
            stalled.remove().run();
        }
    }

    void describe(String name, List<String> sentences) {
        if (!stalled.isEmpty()) {
            sentences.add(
                    "%s: %d CPUs wait for room, %d writes wait for the link".formatted(name, stalled.size(), held));
        }
    }
}
