package flyby.pcie;

import flyby.base.Check;

/// What packets weigh on a link, in bytes.
public final class PacketSizes {
    /// A doubleword, the unit of headers and payloads: section 2.2.1.
    public static final int DOUBLEWORD_BYTES = 4;

    /// Header of a completion, or of a request below 4 GiB: section 2.2.1, Fmt 000b and 010b.
    public static final int HEADER_3DW_BYTES = 3 * DOUBLEWORD_BYTES;

    /// Header of a request at 4 GiB and above: section 2.2.1, Fmt 001b and 011b.
    public static final int HEADER_4DW_BYTES = 4 * DOUBLEWORD_BYTES;

    /// End-to-end CRC, the digest of a TLP: section 2.7.1.
    public static final int ECRC_BYTES = 4;

    /// Four reserved bits and the sequence number of 12: section 3.6.2.
    public static final int SEQUENCE_BYTES = 2;

    /// CRC of the link: section 3.6.2.
    public static final int LCRC_BYTES = 4;

    /// With 8b/10b the symbols STP before and END behind a packet: section 4.2.1.2. With 128b/130b the STP token of
    /// 4 bytes has the sequence number in it, section 4.2.2.3: again two bytes more than the link layer's own.
    public static final int FRAMING_BYTES = 2;

    /// What a DLLP says: section 3.5.1.
    public static final int DLLP_BODY_BYTES = 4;

    /// CRC of a DLLP: section 3.5.1.
    public static final int DLLP_CRC_BYTES = 2;

    /// A DLLP on the link, with SDP and END or the SDP token: sections 4.2.1.2 and 4.2.2.3.
    public static final int DLLP_BYTES = FRAMING_BYTES + DLLP_BODY_BYTES + DLLP_CRC_BYTES;

    /// A SKP ordered set with 8b/10b, on each lane: COM and three SKP, section 4.2.7.1.
    public static final int SKP_BYTES = 4;

    /// The most symbols from one SKP ordered set to the next with 8b/10b: section 4.2.7.3.
    public static final int SKP_INTERVAL_BYTES = 1_538;

    /// A FLIT: revision 6.0, section 4.2.3.
    public static final int FLIT_BYTES = 256;

    /// A FLIT's bytes for data link packets: revision 6.0, section 4.2.3.
    public static final int FLIT_DLP_BYTES = 6;

    /// A FLIT's CRC: revision 6.0, section 4.2.3.
    public static final int FLIT_CRC_BYTES = 8;

    /// A FLIT's bytes for forward error correction: revision 6.0, section 4.2.3.
    public static final int FLIT_FEC_BYTES = 6;

    /// A FLIT's bytes for TLPs.
    public static final int FLIT_TLP_BYTES = FLIT_BYTES - FLIT_DLP_BYTES - FLIT_CRC_BYTES - FLIT_FEC_BYTES;

    private PacketSizes() {}

    /// The header of a memory request for `address`: below 4 GiB only the short form is allowed (section 2.2.4.1).
    public static int requestHeaderBytes(long address) {
        return address >>> 32 == 0 ? HEADER_3DW_BYTES : HEADER_4DW_BYTES;
    }

    /// What the link adds to each TLP: framing, sequence number, LCRC.
    public static int linkOverheadBytes(Generation generation) {
        Check.that(!generation.isFlitMode(), "%s carries TLPs in FLITs and frames none of them", generation);
        return FRAMING_BYTES + SEQUENCE_BYTES + LCRC_BYTES;
    }

    /// A TLP on the link.
    ///
    /// @param payloadBytes a whole number of doublewords
    /// @param hasDigest whether an ECRC ends it
    public static int tlpBytes(Generation generation, int headerBytes, int payloadBytes, boolean hasDigest) {
        Check.that(payloadBytes % DOUBLEWORD_BYTES == 0, "a payload of %d bytes", payloadBytes);
        return linkOverheadBytes(generation) + headerBytes + payloadBytes + (hasDigest ? ECRC_BYTES : 0);
    }

    /// Doublewords that `byteCount` bytes (1 or more) from `address` on lie in.
    public static int doublewords(long address, int byteCount) {
        return Math.ceilDiv((int) (address & 3) + byteCount, DOUBLEWORD_BYTES);
    }
}
