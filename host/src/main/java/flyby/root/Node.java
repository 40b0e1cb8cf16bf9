package flyby.root;

import flyby.root.FoundFunction.Space;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;

/// A function while it is being enumerated: what it needs, and of a bridge what everything below it needs.
final class Node {
    final int id;
    final int parentId;
    final boolean bridge;
    final List<Node> children = new ArrayList<>();
    final List<Need> needs = new ArrayList<>();
    /// What passes through a bridge's windows, one need for each space.
    final Map<Space, Need> windows = new EnumMap<>(Space.class);

    int vendorId;
    int deviceId;
    int classCode;
    int secondaryBus;
    int subordinateBus;
    int express;
    int payloadBytes = 4_096;

    /// Addresses that somebody needs: a BAR, or the window of a bridge.
    static final class Need {
        final int index;
        final Space space;
        final boolean wide;
        final long byteCount;
        final long alignment;
        long address;

        /// @param wide whether the BAR has 64 bits
        Need(int index, Space space, boolean wide, long byteCount, long alignment) {
            this.index = index;
            this.space = space;
            this.wide = wide;
            this.byteCount = byteCount;
            this.alignment = alignment;
        }
    }

    Node(int id, int parentId, boolean bridge) {
        this.id = id;
        this.parentId = parentId;
        this.bridge = bridge;
    }

    /// What all of `nodes` need of `space`, the strictest alignment first: so little is lost between them.
    static List<Need> needs(List<Node> nodes, Space space) {
        List<Need> all = new ArrayList<>();
        for (Node node : nodes) {
            for (Need need : node.needs) {
                if (need.space == space) {
                    all.add(need);
                }
            }
            Need window = node.windows.get(space);
            if (window != null) {
                all.add(window);
            }
        }
        all.sort((a, b) -> Long.compare(b.alignment, a.alignment));
        return all;
    }

    /// How many bytes `needs` take from an address on that suits the first of them.
    static long bytes(List<Need> needs) {
        long end = 0;
        for (Need need : needs) {
            end = align(end, need.alignment) + need.byteCount;
        }
        return end;
    }

    /// Gives each of `needs` its address, from `base` on.
    ///
    /// @return the end of the last one
    static long place(List<Need> needs, long base) {
        long end = base;
        for (Need need : needs) {
            need.address = align(end, need.alignment);
            end = need.address + need.byteCount;
        }
        return end;
    }

    static long align(long address, long alignment) {
        return (address + alignment - 1) & -alignment;
    }

    /// This one and all below it, a bridge before what is below it.
    void collect(List<Node> into) {
        into.add(this);
        children.forEach(child -> child.collect(into));
    }

    @Override
    public String toString() {
        return FoundFunction.idText(id) + " " + Arrays.toString(needs.toArray());
    }
}
