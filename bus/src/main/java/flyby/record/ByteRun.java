package flyby.record;

import java.util.Arrays;
import java.util.HexFormat;

/// Some bytes that never change.
final class ByteRun {
    private static final int SHOWN = 16;

    private final byte[] bytes;

    private ByteRun(byte[] bytes) {
        this.bytes = bytes;
    }

    static ByteRun copyOf(byte[] from, int offset, int byteCount) {
        return new ByteRun(Arrays.copyOfRange(from, offset, offset + byteCount));
    }

    static ByteRun same(byte value, int byteCount) {
        byte[] bytes = new byte[byteCount];
        Arrays.fill(bytes, value);
        return new ByteRun(bytes);
    }

    int count() {
        return bytes.length;
    }

    void copyTo(byte[] into, int offset) {
        System.arraycopy(bytes, 0, into, offset, bytes.length);
    }

    /// The first place at which `other` is different, or -1.
    int mismatch(ByteRun other) {
        return Arrays.mismatch(bytes, other.bytes);
    }

    /// Some of the bytes from index `from` on, as hexadecimal digits.
    String text(int from) {
        int end = Math.min(bytes.length, from + SHOWN);
        String digits = HexFormat.ofDelimiter(" ").formatHex(bytes, from, end);
        return end < bytes.length ? digits + " ..." : digits;
    }

    @Override
    public boolean equals(Object other) {
        return other instanceof ByteRun run && Arrays.equals(bytes, run.bytes);
    }

    @Override
    public int hashCode() {
        return Arrays.hashCode(bytes);
    }

    @Override
    public String toString() {
        return text(0);
    }
}
