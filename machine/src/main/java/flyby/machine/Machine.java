package flyby.machine;

import java.util.List;

/// A machine around a [Mainboard].
public interface Machine {
    Mainboard mainboard();

    /// Why its DMA controllers do, or do not do, what they could: one sentence each.
    default List<String> explain() {
        return List.of();
    }
}
