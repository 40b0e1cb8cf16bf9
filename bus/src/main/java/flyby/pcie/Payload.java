package flyby.pcie;

import flyby.base.Check;
import java.util.Arrays;
import java.util.HexFormat;

/// The data of a TLP: 0 to 1,024 doublewords, lowest address first. Equal if its bytes are.
public final class Payload {
    /// No data.
    public static final Payload NONE = new Payload(new byte[0]);

    private final byte[] bytes;

    public Payload(byte[] bytes) {
        Check.that(
                bytes.length % PacketSizes.DOUBLEWORD_BYTES == 0 && bytes.length <= Segmentation.PAGE_BYTES,
                "a payload of %d bytes",
                bytes.length);
        this.bytes = bytes.clone();
    }

    public int byteCount() {
        return bytes.length;
    }

    public int doublewords() {
        return bytes.length / PacketSizes.DOUBLEWORD_BYTES;
    }

    public byte[] toBytes() {
        return bytes.clone();
    }

    void copyTo(byte[] into, int offset) {
        System.arraycopy(bytes, 0, into, offset, bytes.length);
    }

    @Override
    public boolean equals(Object other) {
        return other instanceof Payload that && Arrays.equals(bytes, that.bytes);
    }

    @Override
    public int hashCode() {
        return Arrays.hashCode(bytes);
    }

    @Override
    public String toString() {
        return HexFormat.of().formatHex(bytes);
    }
}
