package flyby.pcie;

import static org.assertj.core.api.Assertions.assertThat;

import flyby.choice.Choices;
import flyby.choice.Property;
import java.util.HexFormat;
import org.junit.jupiter.api.Test;

/// Bytes typed from the figures of section 3.5.1; their CRCs are from a shift register written apart from this
/// code.
final class DllpCodecTest {
    private static byte[] hex(String bytes) {
        return HexFormat.of().parseHex(bytes.replace(" ", ""));
    }

    private static void golden(Dllp dllp, String bytes) {
        assertThat(DllpCodec.encode(dllp)).isEqualTo(hex(bytes));
        assertThat(DllpCodec.decode(hex(bytes))).isEqualTo(new DllpFrame.Good(dllp));
    }

    @Test
    void bytesAreAsDrawn() {
        golden(new Dllp.Ack(0x123), "00 00 01 23 e285");
        golden(new Dllp.Nak(0xfff), "10 00 0f ff cecf");
        golden(new Dllp.UpdateFc(Dllp.CreditType.POSTED, 0, 1, 0x10), "80 00 40 10 2469");
        golden(new Dllp.UpdateFc(Dllp.CreditType.NON_POSTED, 0, 0, 0), "90 00 00 00 227a");
        golden(new Dllp.UpdateFc(Dllp.CreditType.COMPLETION, 2, 255, 0xfff), "a2 3f cf ff 4124");
    }

    private static Dllp dllp(Choices choices) {
        int sequence = (int) choices.below(4_096);
        return switch ((int) choices.below(3)) {
            case 0 -> new Dllp.Ack(sequence);
            case 1 -> new Dllp.Nak(sequence);
            default ->
                new Dllp.UpdateFc(
                        choices.pick(Dllp.CreditType.values()),
                        (int) choices.below(8),
                        (int) choices.below(256),
                        sequence);
        };
    }

    @Test
    void whatIsEncodedIsDecoded() {
        Property.check(2_000, choices -> {
            Dllp dllp = dllp(choices);
            assertThat(DllpCodec.decode(DllpCodec.encode(dllp))).isEqualTo(new DllpFrame.Good(dllp));
        });
    }

    @Test
    void oneOrTwoFlippedBitsAreCaught() {
        Property.check(2_000, choices -> {
            byte[] frame = DllpCodec.encode(dllp(choices));
            int first = (int) choices.below(48);
            int second = (int) choices.below(48);
            frame[first / 8] ^= (byte) (1 << (first % 8));
            if (second != first) {
                frame[second / 8] ^= (byte) (1 << (second % 8));
            }
            assertThat(DllpCodec.decode(frame)).isEqualTo(new DllpFrame.Malformed(DllpFault.CRC));
        });
    }

    @Test
    void anyBytesGiveAnAnswer() {
        Property.check(2_000, choices -> {
            byte[] frame = new byte[(int) choices.between(4, 8)];
            for (int i = 0; i < 4; i++) {
                frame[i] = (byte) choices.below(256);
            }
            if (frame.length >= 6) {
                int crc = Crc.dllp(frame, 4);
                frame[4] = (byte) crc;
                frame[5] = (byte) (crc >> 8);
            }
            DllpFrame answer = DllpCodec.decode(frame);
            if (answer instanceof DllpFrame.Malformed(DllpFault fault)) {
                assertThat(fault == DllpFault.LENGTH).isEqualTo(frame.length != 6);
            } else {
                assertThat(frame).hasSize(6);
            }
        });
    }

    @Test
    void whatIsNotKnownIsSaid() {
        assertThat(DllpCodec.decode(withCrc("40 00 00 00"))).isEqualTo(new DllpFrame.Malformed(DllpFault.UNKNOWN_TYPE));
        assertThat(DllpCodec.decode(withCrc("80 40 00 00"))).isEqualTo(new DllpFrame.Malformed(DllpFault.SCALED));
        assertThat(DllpCodec.decode(new byte[5])).isEqualTo(new DllpFrame.Malformed(DllpFault.LENGTH));
    }

    private static byte[] withCrc(String body) {
        int crc = Crc.dllp(hex(body), 4);
        return hex(body + "%02x%02x".formatted(crc & 0xff, crc >> 8));
    }
}
