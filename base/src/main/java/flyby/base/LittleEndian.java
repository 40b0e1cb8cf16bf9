package flyby.base;

/// Numbers of 0 to 8 bytes in arrays, lowest byte first.
public final class LittleEndian {
    private LittleEndian() {}

    /// The number in `byteCount` bytes of `from`, from index `offset` on; bits above them are 0.
    public static long get(byte[] from, int offset, int byteCount) {
        long value = 0;
        for (int i = byteCount - 1; i >= 0; i--) {
            value = (value << 8) | (from[offset + i] & 0xff);
        }
        return value;
    }

    /// Puts the low `byteCount` bytes of `value` into `into`, from index `offset` on.
    public static void put(long value, byte[] into, int offset, int byteCount) {
        for (int i = 0; i < byteCount; i++) {
            into[offset + i] = (byte) (value >>> (8 * i));
        }
    }

    /// A number whose low `byteCount` bytes (1 to 8) are ones.
    public static long ones(int byteCount) {
        return -1L >>> (64 - 8 * byteCount);
    }
}
