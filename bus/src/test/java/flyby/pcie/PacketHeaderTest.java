package flyby.pcie;

import static org.assertj.core.api.Assertions.assertThat;

import flyby.base.LittleEndian;
import flyby.choice.Property;
import org.junit.jupiter.api.Test;

/// Headers as logs keep them, against the encoder of whole packets and against figures of section 2.2.
final class PacketHeaderTest {
    private final PacketPool pool = new PacketPool(4_096);

    @Test
    void memoryRequestsAreWhatTheEncoderMakes() {
        Property.check(500, choices -> {
            long address = choices.below(choices.pick(1L << 20, 1L << 40));
            int most = 4_096 - (int) (address & 0xfff);
            int byteCount = (int) choices.between(1, most);
            int tag = (int) choices.below(1_024);
            int requesterId = (int) choices.below(1 << 16);
            boolean relaxed = choices.chance(1, 2);
            Packet packet = pool.take().request(Packet.Kind.MEMORY_READ, requesterId, tag, address, byteCount);
            packet.attributes(relaxed, !relaxed, relaxed);
            Tlp tlp = new Tlp.MemoryRead(
                    new Handling(0, relaxed, !relaxed, relaxed, false, false),
                    MemoryTarget.of(requesterId, tag, address, byteCount));
            assertSame(packet, TlpEncoder.encode(0, tlp), PacketSizes.requestHeaderBytes(address) / 4);
        });
    }

    @Test
    void completionsAreWhatTheEncoderMakes() {
        Packet packet =
                pool.take().completion(CompletionStatus.COMPLETER_ABORT, 0x1234, 0x5678, 0x2ab, 0x1070, 64, 4_096);
        Tlp tlp = new Tlp.Completion(
                Handling.PLAIN,
                0x1234,
                CompletionStatus.COMPLETER_ABORT,
                4_096,
                0x5678,
                0x2ab,
                0x70,
                new Payload(new byte[64]));
        assertSame(packet, TlpEncoder.encode(0, tlp), 3);
    }

    @Test
    void aConfigurationWriteSaysWhichRegisterOfWhom() {
        Packet packet = pool.take().configuration(Packet.Kind.CONFIGURATION_WRITE, 0x0008, 3, 0x0100, 0x1a6, 2);
        assertHeader(packet, "44000001 0008030c 010001a4 00000000");
    }

    @Test
    void anErrorMessageHasItsCodeInTheLastByteOfTheSecondDoubleword() {
        assertHeader(pool.take().message(MessageCodes.ERR_FATAL, 0x0100, 0, 0), "30000000 01000033 00000000 00000000");
    }

    @Test
    void anInvalidateRequestIsRoutedById() {
        Packet packet = pool.take().message(MessageCodes.INVALIDATE_REQUEST, 0, 0x0300, 8);
        packet.tag(7);
        assertHeader(packet, "72000002 00000701 03000000 00000000");
    }

    @Test
    void aTranslationRequestHasItsAddressType() {
        Packet packet = pool.take().request(Packet.Kind.MEMORY_READ, 0x0100, 1, 0x1000, 8);
        packet.addressType(flyby.bus.AddressType.TRANSLATION_REQUEST);
        assertHeader(packet, "00000402 010001ff 00001000 00000000");
    }

    private static void assertHeader(Packet packet, String expected) {
        StringBuilder text = new StringBuilder();
        for (int i = 0; i < PacketHeader.DOUBLEWORDS; i++) {
            text.append(i == 0 ? "" : " ").append("%08x".formatted(PacketHeader.doubleword(packet, i)));
        }
        assertThat(text).hasToString(expected);
    }

    private static void assertSame(Packet packet, byte[] frame, int doublewords) {
        for (int i = 0; i < doublewords; i++) {
            long expected = Integer.toUnsignedLong(
                    Integer.reverseBytes((int) LittleEndian.get(frame, PacketSizes.SEQUENCE_BYTES + 4 * i, 4)));
            assertThat(PacketHeader.doubleword(packet, i))
                    .as("doubleword %d of %s", i, packet)
                    .isEqualTo(expected);
        }
    }
}
