package flyby.pcie;

import static flyby.pcie.HeaderFields.get16;
import static flyby.pcie.HeaderFields.get32;
import static flyby.pcie.HeaderFields.get8;
import static flyby.pcie.HeaderFields.isSet;

import flyby.base.LittleEndian;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/// Reads what [TlpEncoder] writes. Whatever the bytes are, the answer is a value.
///
/// @param maxPayloadBytes the receiver's Max_Payload_Size
public record TlpDecoder(int maxPayloadBytes) {
    private static final int START = PacketSizes.SEQUENCE_BYTES;

    /// What `frame`, from the sequence number to the LCRC, says. Checks come in the order in which the layers make
    /// them: LCRC, form, ECRC, rules.
    public TlpFrame decode(byte[] frame) {
        TlpFault fault = faultIn(frame);
        if (fault != null) {
            return new TlpFrame.Malformed(fault);
        }
        int headerBytes = headerBytes(frame);
        Payload data = hasData(frame)
                ? new Payload(Arrays.copyOfRange(
                        frame,
                        START + headerBytes,
                        START + headerBytes + PacketSizes.DOUBLEWORD_BYTES * doublewords(frame)))
                : Payload.NONE;
        return new TlpFrame.Good(get16(frame, 0) & 0xfff, tlp(frame, data));
    }

    private @Nullable TlpFault faultIn(byte[] frame) {
        int lcrcAt = frame.length - PacketSizes.LCRC_BYTES;
        if (lcrcAt < START + PacketSizes.HEADER_3DW_BYTES) {
            return TlpFault.TOO_SHORT;
        }
        if (LittleEndian.get(frame, lcrcAt, PacketSizes.LCRC_BYTES) != Crc.lcrc(frame, lcrcAt)) {
            return TlpFault.LCRC;
        }
        if (!isKnown(frame)) {
            return TlpFault.UNKNOWN_TYPE;
        }
        boolean hasDigest = handling(frame).hasDigest();
        int payloadBytes = hasData(frame) ? PacketSizes.DOUBLEWORD_BYTES * doublewords(frame) : 0;
        int tlpBytes = headerBytes(frame) + payloadBytes;
        if (START + tlpBytes + (hasDigest ? PacketSizes.ECRC_BYTES : 0) != lcrcAt) {
            return TlpFault.LENGTH;
        }
        if (payloadBytes > maxPayloadBytes) {
            return TlpFault.PAYLOAD;
        }
        if (hasDigest
                && LittleEndian.get(frame, START + tlpBytes, PacketSizes.ECRC_BYTES)
                        != Crc.ecrc(frame, START, tlpBytes)) {
            return TlpFault.ECRC;
        }
        return isCompletion(frame) ? null : requestFault(frame);
    }

    private static @Nullable TlpFault requestFault(byte[] frame) {
        long address = address(frame);
        if (PacketSizes.requestHeaderBytes(address) != headerBytes(frame)) {
            return TlpFault.ADDRESS_FORMAT;
        }
        int enables = get8(frame, START + 7);
        return MemoryTarget.faultIn(address, doublewords(frame), enables & 0xf, enables >> 4);
    }

    private static Tlp tlp(byte[] frame, Payload data) {
        Handling handling = handling(frame);
        if (isCompletion(frame)) {
            int status = get16(frame, START + 6);
            return new Tlp.Completion(
                    handling,
                    get16(frame, START + 4),
                    CompletionStatus.of(status >> 13),
                    zeroIs(4_096, status & 0xfff),
                    get16(frame, START + 8),
                    tag(frame, START + 10),
                    get8(frame, START + 11) & 0x7f,
                    data);
        }
        int enables = get8(frame, START + 7);
        MemoryTarget target = new MemoryTarget(
                get16(frame, START + 4),
                tag(frame, START + 6),
                address(frame),
                doublewords(frame),
                enables & 0xf,
                enables >> 4);
        return hasData(frame) ? new Tlp.MemoryWrite(handling, target, data) : new Tlp.MemoryRead(handling, target);
    }

    /// A memory request of any form, or a completion, which has three doublewords.
    private static boolean isKnown(byte[] frame) {
        int first = get8(frame, START);
        boolean isPrefix = isSet(first, 7);
        boolean isLongCompletion = isCompletion(frame) && isSet(first, 5);
        return !isPrefix && !isLongCompletion && (isCompletion(frame) || (first & 0x1f) == HeaderFields.TYPE_MEMORY);
    }

    private static boolean isCompletion(byte[] frame) {
        return (get8(frame, START) & 0x1f) == HeaderFields.TYPE_COMPLETION;
    }

    private static boolean hasData(byte[] frame) {
        return isSet(get8(frame, START), 6);
    }

    private static int headerBytes(byte[] frame) {
        return isSet(get8(frame, START), 5) ? PacketSizes.HEADER_4DW_BYTES : PacketSizes.HEADER_3DW_BYTES;
    }

    private static int doublewords(byte[] frame) {
        return zeroIs(1_024, get16(frame, START + 2) & 0x3ff);
    }

    /// The largest count does not fit its field and is sent as 0: section 2.2.2.
    private static int zeroIs(int most, int field) {
        return field == 0 ? most : field;
    }

    private static int tag(byte[] frame, int lowAt) {
        int high = get8(frame, START + 1);
        return HeaderFields.flag(isSet(high, 7), 9) | HeaderFields.flag(isSet(high, 3), 8) | get8(frame, lowAt);
    }

    /// Without the two bits below a doubleword, which are the processing hint's.
    private static long address(byte[] frame) {
        long first = get32(frame, START + 8);
        long address =
                headerBytes(frame) == PacketSizes.HEADER_3DW_BYTES ? first : (first << 32) | get32(frame, START + 12);
        return address & -PacketSizes.DOUBLEWORD_BYTES;
    }

    private static Handling handling(byte[] frame) {
        int second = get8(frame, START + 1);
        int flags = get16(frame, START + 2);
        return new Handling(
                (second >> 4) & 7,
                isSet(flags, 13),
                isSet(flags, 12),
                isSet(second, 2),
                isSet(flags, 14),
                isSet(flags, 15));
    }
}
