package flyby.pcie;

import static flyby.pcie.HeaderFields.flag;
import static flyby.pcie.HeaderFields.put16;
import static flyby.pcie.HeaderFields.put32;

import flyby.base.LittleEndian;

/// A TLP's bytes from the sequence number to the LCRC, as sections 2.2 and 3.6.2 draw them.
///
/// Framing is not among them: it depends on the link's generation. Nor is anything for FLIT mode, which has other
/// headers.
public final class TlpEncoder {
    private TlpEncoder() {}

    /// The bytes of `tlp` as number `sequence` (0 to 4,095) of its link.
    public static byte[] encode(int sequence, Tlp tlp) {
        HeaderFields.checkSequence(sequence);
        int start = PacketSizes.SEQUENCE_BYTES;
        int headerBytes = headerBytes(tlp);
        Payload data = data(tlp);
        int digestBytes = tlp.handling().hasDigest() ? PacketSizes.ECRC_BYTES : 0;
        int tlpBytes = headerBytes + data.byteCount();
        byte[] frame = new byte[start + tlpBytes + digestBytes + PacketSizes.LCRC_BYTES];

        put16(sequence, frame, 0);
        switch (tlp) {
            case Tlp.MemoryRead read -> putRequest(read.handling(), read.target(), 0, frame, start);
            case Tlp.MemoryWrite write ->
                putRequest(write.handling(), write.target(), HeaderFields.FORMAT_DATA, frame, start);
            case Tlp.Completion completion -> putCompletion(completion, frame, start);
        }
        data.copyTo(frame, start + headerBytes);
        if (digestBytes > 0) {
            LittleEndian.put(Crc.ecrc(frame, start, tlpBytes), frame, start + tlpBytes, digestBytes);
        }
        int lcrcAt = frame.length - PacketSizes.LCRC_BYTES;
        LittleEndian.put(Crc.lcrc(frame, lcrcAt), frame, lcrcAt, PacketSizes.LCRC_BYTES);
        return frame;
    }

    private static int headerBytes(Tlp tlp) {
        return switch (tlp) {
            case Tlp.MemoryRead read ->
                PacketSizes.requestHeaderBytes(read.target().address());
            case Tlp.MemoryWrite write ->
                PacketSizes.requestHeaderBytes(write.target().address());
            case Tlp.Completion _ -> PacketSizes.HEADER_3DW_BYTES;
        };
    }

    private static Payload data(Tlp tlp) {
        return switch (tlp) {
            case Tlp.MemoryRead _ -> Payload.NONE;
            case Tlp.MemoryWrite write -> write.data();
            case Tlp.Completion completion -> completion.data();
        };
    }

    /// Figures of sections 2.2.1 and 2.2.4.1.
    private static void putRequest(Handling handling, MemoryTarget target, int format, byte[] frame, int at) {
        boolean isLong = PacketSizes.requestHeaderBytes(target.address()) == PacketSizes.HEADER_4DW_BYTES;
        int formatBits = format | (isLong ? HeaderFields.FORMAT_4DW : 0);
        putFirst(formatBits, HeaderFields.TYPE_MEMORY, handling, target.tag(), target.doublewords(), frame, at);
        put16(target.requesterId(), frame, at + 4);
        frame[at + 6] = (byte) target.tag();
        frame[at + 7] = (byte) ((target.lastEnables() << 4) | target.firstEnables());
        if (isLong) {
            put32(target.address() >>> 32, frame, at + 8);
        }
        put32(target.address(), frame, at + (isLong ? 12 : 8));
    }

    /// Figure of section 2.2.9.
    private static void putCompletion(Tlp.Completion completion, byte[] frame, int at) {
        int doublewords = completion.data().doublewords();
        int format = doublewords == 0 ? 0 : HeaderFields.FORMAT_DATA;
        putFirst(format, HeaderFields.TYPE_COMPLETION, completion.handling(), completion.tag(), doublewords, frame, at);
        put16(completion.completerId(), frame, at + 4);
        put16((completion.status().code() << 13) | (completion.remainingBytes() & 0xfff), frame, at + 6);
        put16(completion.requesterId(), frame, at + 8);
        frame[at + 10] = (byte) completion.tag();
        frame[at + 11] = (byte) completion.lowerAddress();
    }

    /// The doubleword that all headers share; a length of 1,024 doublewords is sent as 0.
    private static void putFirst(
            int format, int type, Handling handling, int tag, int doublewords, byte[] frame, int at) {
        frame[at] = (byte) ((format << 5) | type);
        frame[at + 1] = (byte) (flag(HeaderFields.isSet(tag, 9), 7)
                | (handling.trafficClass() << 4)
                | flag(HeaderFields.isSet(tag, 8), 3)
                | flag(handling.idOrdering(), 2));
        int flags = flag(handling.hasDigest(), 15)
                | flag(handling.isPoisoned(), 14)
                | flag(handling.relaxedOrdering(), 13)
                | flag(handling.noSnoop(), 12);
        put16(flags | (doublewords & 0x3ff), frame, at + 2);
    }
}
