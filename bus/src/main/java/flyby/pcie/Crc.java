package flyby.pcie;

import java.util.zip.CRC32;

/// The three checksums. All begin with ones, take each byte's bit 0 first, and are sent complemented with the
/// highest power in bit 0 of the first byte. So a register that shifts right holds them in little-endian order.
final class Crc {
    /// The polynomial 100Bh of section 3.5.1, bits reversed.
    private static final int DLLP_POLYNOMIAL = 0xd008;

    private Crc() {}

    /// LCRC, section 3.6.2: polynomial 04C11DB7h, which with this order of bits is Ethernet's.
    static long lcrc(byte[] bytes, int byteCount) {
        CRC32 crc = new CRC32();
        crc.update(bytes, 0, byteCount);
        return crc.getValue();
    }

    /// ECRC, section 2.7.1: that of the TLP, with the two bits that may change on the way, bit 0 of Type and EP,
    /// taken as 1.
    static long ecrc(byte[] bytes, int offset, int byteCount) {
        CRC32 crc = new CRC32();
        crc.update(bytes[offset] | 0x01);
        crc.update(bytes[offset + 1]);
        crc.update(bytes[offset + 2] | 0x40);
        crc.update(bytes, offset + 3, byteCount - 3);
        return crc.getValue();
    }

    /// The CRC of a DLLP, section 3.5.1.
    static int dllp(byte[] bytes, int byteCount) {
        int register = 0xffff;
        for (int i = 0; i < byteCount; i++) {
            register ^= bytes[i] & 0xff;
            for (int bit = 0; bit < 8; bit++) {
                register = (register >> 1) ^ ((register & 1) * DLLP_POLYNOMIAL);
            }
        }
        return register ^ 0xffff;
    }
}
