package flyby.pcie;

import static org.assertj.core.api.Assertions.assertThat;

import flyby.base.LittleEndian;
import flyby.choice.Choices;
import flyby.choice.Property;
import java.util.Arrays;
import java.util.HexFormat;
import org.junit.jupiter.api.Test;

/// Headers typed from the figures of sections 2.2.4.1 and 2.2.9; LCRC and ECRC are zlib's.
final class TlpCodecTest {
    private static final TlpDecoder DECODER = new TlpDecoder(4_096);
    private static final Handling WITH_ECRC = new Handling(0, false, false, false, false, true);

    private static byte[] hex(String bytes) {
        return HexFormat.of().parseHex(bytes.replace(" ", ""));
    }

    private static void golden(int sequence, Tlp tlp, String bytes) {
        assertThat(HexFormat.of().formatHex(TlpEncoder.encode(sequence, tlp))).isEqualTo(bytes.replace(" ", ""));
        assertThat(DECODER.decode(hex(bytes))).isEqualTo(new TlpFrame.Good(sequence, tlp));
    }

    private static Payload data(String bytes) {
        return new Payload(hex(bytes));
    }

    @Test
    void readsAreAsDrawn() {
        // 512 bytes below 4 GiB, tag 5, all bytes.
        golden(
                0x123,
                new Tlp.MemoryRead(Handling.PLAIN, new MemoryTarget(0x0100, 5, 0x1234_5600, 128, 0xf, 0xf)),
                "0123 00000080 0100 05 ff 12345600 eec1c547");
        // Above: 16 doublewords, traffic class 3, relaxed ordering, a tag of ten bits.
        golden(
                0,
                new Tlp.MemoryRead(
                        new Handling(3, true, false, false, false, false),
                        new MemoryTarget(0x0208, 0x307, 0x1_fedc_b980L, 16, 0xf, 0xf)),
                "0000 20b82010 0208 07 ff 00000001 fedcb980 968d70be");
    }

    @Test
    void writesAreAsDrawn() {
        golden(
                0xfff,
                new Tlp.MemoryWrite(Handling.PLAIN, new MemoryTarget(0x0100, 5, 0xa000, 1, 0xf, 0), data("deadbeef")),
                "0fff 40000001 0100 05 0f 0000a000 deadbeef 4657c79c");
        // From the last byte of a doubleword to the first of the next.
        golden(
                2,
                new Tlp.MemoryWrite(
                        Handling.PLAIN, MemoryTarget.of(0x0100, 7, 0x8_0000_1003L, 2), data("0011223344556677")),
                "0002 60000002 0100 07 18 00000008 00001000 0011223344556677 07d26ae5");
        golden(
                1,
                new Tlp.MemoryWrite(WITH_ECRC, new MemoryTarget(0x0100, 5, 0xa000, 1, 0xf, 0), data("deadbeef")),
                "0001 40008001 0100 05 0f 0000a000 deadbeef fac80095 c93d88c6");
    }

    @Test
    void completionsAreAsDrawn() {
        golden(
                3,
                new Tlp.Completion(Handling.PLAIN, 0, CompletionStatus.SUCCESSFUL, 4, 0x0100, 5, 4, data("cafef00d")),
                "0003 4a000001 0000 0004 0100 05 04 cafef00d c3aa76cb");
        golden(
                4,
                new Tlp.Completion(
                        Handling.PLAIN, 0, CompletionStatus.UNSUPPORTED_REQUEST, 4, 0x0100, 5, 4, Payload.NONE),
                "0004 0a000000 0000 2004 0100 05 04 ff0fbfcb");
    }

    private static Payload data(Choices choices, int doublewords) {
        byte[] bytes = new byte[4 * doublewords];
        Arrays.fill(bytes, (byte) choices.below(256));
        bytes[0] = (byte) choices.below(256);
        return new Payload(bytes);
    }

    private static Tlp tlp(Choices choices) {
        Handling handling = new Handling(
                (int) choices.below(8),
                choices.chance(1, 2),
                choices.chance(1, 2),
                choices.chance(1, 2),
                choices.chance(1, 2),
                choices.chance(1, 2));
        int tag = (int) choices.below(1_024);
        int kind = (int) choices.below(3);
        if (kind == 2) {
            int doublewords = choices.chance(1, 2) ? (int) choices.between(1, 1_024) : 0;
            return new Tlp.Completion(
                    handling,
                    (int) choices.below(0x1_0000),
                    choices.pick(CompletionStatus.values()),
                    (int) choices.between(1, 4_096),
                    (int) choices.below(0x1_0000),
                    tag,
                    (int) choices.below(128),
                    doublewords == 0 ? Payload.NONE : data(choices, doublewords));
        }
        Segmentation limits = new Segmentation(4_096, 4_096, 64);
        long address = choices.below(choices.pick(1L << 32, 1L << 62));
        int byteCount = limits.writeBytes(address, choices.between(1, 4_096));
        MemoryTarget target = MemoryTarget.of((int) choices.below(0x1_0000), tag, address, byteCount);
        return kind == 0
                ? new Tlp.MemoryRead(handling, target)
                : new Tlp.MemoryWrite(handling, target, data(choices, target.doublewords()));
    }

    @Test
    void whatIsEncodedIsDecoded() {
        Property.check(3_000, choices -> {
            Tlp tlp = tlp(choices);
            int sequence = (int) choices.below(4_096);
            assertThat(DECODER.decode(TlpEncoder.encode(sequence, tlp))).isEqualTo(new TlpFrame.Good(sequence, tlp));
        });
    }

    /// One flipped bit, or a burst of up to 32: a CRC of 32 bits misses none of these.
    @Test
    void flippedBitsAreCaughtByTheLcrc() {
        Property.check(3_000, choices -> {
            byte[] frame = TlpEncoder.encode((int) choices.below(4_096), tlp(choices));
            int from = (int) choices.below(8L * frame.length - 32);
            long burst = choices.below(1L << 32) | 1;
            for (int bit = 0; bit < 32; bit++) {
                int at = from + bit;
                frame[at / 8] ^= (byte) (((burst >> bit) & 1) << (at % 8));
            }
            assertThat(DECODER.decode(frame)).isEqualTo(new TlpFrame.Malformed(TlpFault.LCRC));
        });
    }

    /// Random bytes, mostly with an LCRC that matches and the first byte of a known type, so that all checks are
    /// met.
    @Test
    void anyBytesGiveAnAnswer() {
        Property.check(10_000, choices -> {
            byte[] frame = new byte[(int) choices.below(64)];
            for (int i = 0; i < frame.length; i++) {
                frame[i] = (byte) choices.below(256);
            }
            if (frame.length > 8 && choices.chance(7, 8)) {
                frame[2] = choices.pick((byte) 0x00, (byte) 0x20, (byte) 0x40, (byte) 0x60, (byte) 0x0a, (byte) 0x4a);
                frame[4] &= (byte) 0x80;
                frame[5] = (byte) choices.below(16);
                sign(frame);
            }
            if (DECODER.decode(frame) instanceof TlpFrame.Good(int sequence, Tlp tlp)) {
                assertThat(TlpEncoder.encode(sequence, tlp)).hasSize(frame.length);
            }
        });
    }

    private static byte[] sign(byte[] frame) {
        int at = frame.length - 4;
        LittleEndian.put(Crc.lcrc(frame, at), frame, at, 4);
        return frame;
    }

    private static void refused(TlpFault fault, String tlp) {
        assertThat(DECODER.decode(sign(hex("0000" + tlp + "00000000")))).isEqualTo(new TlpFrame.Malformed(fault));
    }

    @Test
    void eachFaultHasItsName() {
        refused(TlpFault.TOO_SHORT, "00000001 0100050f");
        refused(TlpFault.UNKNOWN_TYPE, "44000001 0100050f 00000000 00000000");
        refused(TlpFault.UNKNOWN_TYPE, "80000001 0100050f 00000000 00000000");
        refused(TlpFault.LENGTH, "40000002 010005ff 00000000 00000000");
        refused(TlpFault.LENGTH, "20000001 0100050f 00000001");
        refused(TlpFault.ECRC, "40008001 0100050f 0000a000 deadbeef fac80094");
        refused(TlpFault.ADDRESS_FORMAT, "20000001 0100050f 00000000 00001000");
        refused(TlpFault.BYTE_ENABLES, "00000001 010005ff 00001000");
        refused(TlpFault.BYTE_ENABLES, "00000002 0100050f 00001000");
        refused(TlpFault.BYTE_ENABLES, "00000003 010005f5 00001000");
        refused(TlpFault.PAGE, "00000002 010005ff 00001ffc");
        byte[] large = TlpEncoder.encode(
                0, new Tlp.MemoryWrite(Handling.PLAIN, MemoryTarget.of(0, 0, 0x1000, 132), new Payload(new byte[132])));
        assertThat(new TlpDecoder(128).decode(large)).isEqualTo(new TlpFrame.Malformed(TlpFault.PAYLOAD));
        large[20] ^= 1;
        assertThat(new TlpDecoder(256).decode(large)).isEqualTo(new TlpFrame.Malformed(TlpFault.LCRC));
    }

    @Test
    void byteEnablesMayHaveHolesInAnAlignedQuadword() {
        assertThat(DECODER.decode(sign(hex("0000 00000002 010005a5 00001000 00000000"))))
                .isEqualTo(new TlpFrame.Good(
                        0, new Tlp.MemoryRead(Handling.PLAIN, new MemoryTarget(0x0100, 5, 0x1000, 2, 0x5, 0xa))));
        refused(TlpFault.BYTE_ENABLES, "00000002 010005a5 00001004");
    }
}
