package flyby.root;

import flyby.base.Check;
import flyby.pcie.Packet;
import org.jspecify.annotations.Nullable;

/// Which CPU waits for which tag.
///
/// Tags are given out in turn, so that an answer which comes long after its time meets nobody.
final class ProcessorTags {
    private static final int COUNT = 256;

    private final @Nullable Processor[] owners = new @Nullable Processor[COUNT];
    private int next;

    int take(Processor owner) {
        for (int i = 0; i < COUNT; i++) {
            int tag = next;
            next = (next + 1) & (COUNT - 1);
            if (owners[tag] == null) {
                owners[tag] = owner;
                return tag;
            }
        }
        throw Check.bug("%d CPUs wait for registers", COUNT);
    }

    void give(int tag) {
        owners[tag] = null;
    }

    /// Gives `packet` to whoever waits for it.
    ///
    /// @return whether a CPU does
    boolean complete(Packet packet) {
        Processor owner = packet.requesterId() == RootComplex.ID && packet.tag() < COUNT ? owners[packet.tag()] : null;
        if (owner == null) {
            return false;
        }
        owner.completed(packet);
        return true;
    }
}
