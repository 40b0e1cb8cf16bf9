package flyby.pcie;

import static flyby.pcie.HeaderFields.get16;
import static flyby.pcie.HeaderFields.get32;
import static flyby.pcie.HeaderFields.get8;
import static flyby.pcie.HeaderFields.put32;

import flyby.base.LittleEndian;

/// A DLLP's bytes with its CRC and without framing, as section 3.5.1 draws them.
public final class DllpCodec {
    private static final int ACK = 0x00;
    private static final int NAK = 0x10;

    /// HdrScale and DataScale.
    private static final long SCALES = 0x00c0_3000;

    private static final int BYTES = PacketSizes.DLLP_BODY_BYTES + PacketSizes.DLLP_CRC_BYTES;

    private DllpCodec() {}

    public static byte[] encode(Dllp dllp) {
        byte[] frame = new byte[BYTES];
        put32(body(dllp), frame, 0);
        int crc = Crc.dllp(frame, PacketSizes.DLLP_BODY_BYTES);
        LittleEndian.put(crc, frame, PacketSizes.DLLP_BODY_BYTES, PacketSizes.DLLP_CRC_BYTES);
        return frame;
    }

    private static long body(Dllp dllp) {
        return switch (dllp) {
            case Dllp.Ack ack -> typed(ACK) | ack.sequence();
            case Dllp.Nak nak -> typed(NAK) | nak.sequence();
            case Dllp.UpdateFc update ->
                typed(update.type().code() | update.virtualChannel())
                        | ((long) update.headerCredits() << 14)
                        | update.dataCredits();
        };
    }

    private static long typed(int type) {
        return (long) type << 24;
    }

    /// What `frame` says, whatever its bytes are.
    public static DllpFrame decode(byte[] frame) {
        if (frame.length != BYTES) {
            return new DllpFrame.Malformed(DllpFault.LENGTH);
        }
        int crc = (int) LittleEndian.get(frame, PacketSizes.DLLP_BODY_BYTES, PacketSizes.DLLP_CRC_BYTES);
        if (crc != Crc.dllp(frame, PacketSizes.DLLP_BODY_BYTES)) {
            return new DllpFrame.Malformed(DllpFault.CRC);
        }
        int type = get8(frame, 0);
        int sequence = get16(frame, 2) & 0xfff;
        return switch (type) {
            case ACK -> new DllpFrame.Good(new Dllp.Ack(sequence));
            case NAK -> new DllpFrame.Good(new Dllp.Nak(sequence));
            default -> update(type, get32(frame, 0));
        };
    }

    private static DllpFrame update(int type, long body) {
        for (Dllp.CreditType credits : Dllp.CreditType.values()) {
            if (credits.code() == (type & 0xf8)) {
                if ((body & SCALES) != 0) {
                    return new DllpFrame.Malformed(DllpFault.SCALED);
                }
                int headers = (int) (body >> 14) & 0xff;
                return new DllpFrame.Good(new Dllp.UpdateFc(credits, type & 7, headers, (int) body & 0xfff));
            }
        }
        return new DllpFrame.Malformed(DllpFault.UNKNOWN_TYPE);
    }
}
