package flyby.machine;

/// A machine around a [Mainboard].
public interface Machine {
    Mainboard mainboard();
}
