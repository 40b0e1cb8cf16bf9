package flyby.pcie;

/// A DLLP, or what is wrong with the bytes that came instead.
public sealed interface DllpFrame {
    record Good(Dllp dllp) implements DllpFrame {}

    record Malformed(DllpFault fault) implements DllpFrame {}
}
