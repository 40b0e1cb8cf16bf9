package flyby.pcie;

/// What is wrong with bytes that should have been a DLLP.
public enum DllpFault {
    /// Not six bytes.
    LENGTH,
    /// The CRC does not match, section 3.5.2: the receiver drops the packet.
    CRC,
    /// A type that this codec does not know.
    UNKNOWN_TYPE,
    /// Credits that are scaled, section 3.4.2.
    SCALED
}
