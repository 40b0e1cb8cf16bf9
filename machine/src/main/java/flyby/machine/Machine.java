package flyby.machine;

import java.util.List;

/// A machine around a [Mainboard].
public interface Machine {
    Mainboard mainboard();

    /// How many transfers its 8237As have made, but for those that refresh memory: whether anything gets on.
    default long transferCount() {
        return 0;
    }

    /// Why its DMA controllers do, or do not do, what they could: one sentence each.
    default List<String> explain() {
        return List.of();
    }
}
