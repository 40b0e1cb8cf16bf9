package flyby.pcie;

/// A TLP as the link layer numbers it, or what is wrong with the bytes that came instead: section 3.6.2.
public sealed interface TlpFrame {
    /// A good one.
    ///
    /// @param sequence 0 to 4,095
    record Good(int sequence, Tlp tlp) implements TlpFrame {
        public Good {
            HeaderFields.checkSequence(sequence);
        }
    }

    record Malformed(TlpFault fault) implements TlpFrame {}
}
