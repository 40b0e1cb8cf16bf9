package flyby.pcie;

import static org.assertj.core.api.Assertions.assertThat;

import flyby.base.LittleEndian;
import flyby.choice.Choices;
import flyby.choice.Property;
import org.junit.jupiter.api.Test;

/// The checksums against the shift registers that the specification draws: polynomial as printed, bit 0 of each
/// byte first, shifted left, complemented, and each byte of the result turned round.
final class CrcTest {
    private static byte[] drawn(byte[] bytes, int width, long polynomial) {
        long ones = (1L << width) - 1;
        long register = ones;
        for (byte each : bytes) {
            for (int bit = 0; bit < 8; bit++) {
                long feedback = ((register >> (width - 1)) ^ (each >> bit)) & 1;
                register = ((register << 1) & ones) ^ (feedback * polynomial);
            }
        }
        register ^= ones;
        byte[] result = new byte[width / 8];
        for (int bit = 0; bit < width; bit++) {
            int fromTop = width - 1 - bit;
            result[bit / 8] |= (byte) (((register >> fromTop) & 1) << (bit % 8));
        }
        return result;
    }

    private static byte[] bytes(Choices choices) {
        byte[] bytes = new byte[(int) choices.between(3, 40)];
        for (int i = 0; i < bytes.length; i++) {
            bytes[i] = (byte) choices.below(256);
        }
        return bytes;
    }

    private static byte[] littleEndian(long value, int byteCount) {
        byte[] result = new byte[byteCount];
        LittleEndian.put(value, result, 0, byteCount);
        return result;
    }

    @Test
    void theLinksCrcIsTheOneDrawn() {
        Property.check(500, choices -> {
            byte[] bytes = bytes(choices);
            assertThat(littleEndian(Crc.lcrc(bytes, bytes.length), 4)).isEqualTo(drawn(bytes, 32, 0x04c1_1db7));
        });
    }

    @Test
    void theEndToEndCrcTakesTwoBitsAsOnes() {
        Property.check(500, choices -> {
            byte[] bytes = bytes(choices);
            byte[] invariant = bytes.clone();
            invariant[0] |= 0x01;
            invariant[2] |= 0x40;
            assertThat(littleEndian(Crc.ecrc(bytes, 0, bytes.length), 4)).isEqualTo(drawn(invariant, 32, 0x04c1_1db7));
        });
    }

    @Test
    void theDllpsCrcIsTheOneDrawn() {
        Property.check(500, choices -> {
            byte[] bytes = bytes(choices);
            assertThat(littleEndian(Crc.dllp(bytes, bytes.length), 2)).isEqualTo(drawn(bytes, 16, 0x100b));
        });
    }
}
