package flyby.pcie;

/// What is wrong with bytes that should have been a TLP.
public enum TlpFault {
    /// Too short for any header.
    TOO_SHORT,
    /// The link's CRC does not match, section 3.6.3: the receiver answers with a Nak.
    LCRC,
    /// A format or type that this codec does not know: anything but memory requests and completions.
    UNKNOWN_TYPE,
    /// Not as long as its header says: section 2.2.2.
    LENGTH,
    /// More data than Max_Payload_Size: section 2.2.2.
    PAYLOAD,
    /// The end-to-end CRC does not match: section 2.7.1.
    ECRC,
    /// A long address below 4 GiB: section 2.2.4.1.
    ADDRESS_FORMAT,
    /// Byte enables that section 2.2.5 does not allow.
    BYTE_ENABLES,
    /// A request across a 4 KiB boundary: section 2.2.7.
    PAGE
}
