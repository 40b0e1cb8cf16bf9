package flyby.wav;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import flyby.base.LabException;
import flyby.choice.Choices;
import flyby.choice.Property;
import java.io.ByteArrayOutputStream;
import java.util.Arrays;
import java.util.HexFormat;
import org.junit.jupiter.api.Test;

/// WAV files in and out. Two judges: a header typed in from the specification, and random files put together from
/// chunks by the test itself.
final class WavFileTest {
    /// Mono, 11,025 Hz, 8 bits, three samples and the byte that makes them even.
    private static final byte[] TYPED = HexFormat.of()
            .parseHex("52494646" + "28000000" + "57415645"
                    + "666d7420" + "10000000" + "0100" + "0100" + "112b0000" + "112b0000" + "0100" + "0800"
                    + "64617461" + "03000000" + "7f80ff" + "00");

    @Test
    void aFileIsWhatTheSpecificationSays() {
        WavFormat format = new WavFormat(1, 11_025, 8);

        assertThat(WavFile.of(format, new byte[] {0x7f, (byte) 0x80, (byte) 0xff})
                        .bytes())
                .isEqualTo(TYPED);
        WavFile read = WavFile.read("typed", TYPED);
        assertThat(read.format()).isEqualTo(format);
        assertThat(read.samples()).containsExactly(0x7f, 0x80, 0xff);
    }

    @Test
    void anyFileComesBackByteForByte() {
        Property.check(300, choices -> {
            WavFormat format = new WavFormat(choices.pick(1, 2), (int) choices.between(1, 48_000), choices.pick(8, 16));
            byte[] samples = bytes(choices, (int) choices.below(20) * format.frameBytes());
            byte[] file = file(choices, format, samples);

            WavFile read = WavFile.read("random", file);
            assertThat(read.format()).isEqualTo(format);
            assertThat(read.samples()).isEqualTo(samples);
            assertThat(read.bytes()).isEqualTo(file);
            assertThat(read.withSamples(read.samples()).bytes()).isEqualTo(file);
        });
    }

    /// Whatever is cut off or overwritten: it is read, or refused with the place.
    @Test
    void damagedFilesAreRefusedWithThePlaceOrRead() {
        Property.check(500, choices -> {
            byte[] file = file(choices, new WavFormat(2, 8_000, 16), bytes(choices, 40));
            byte[] damaged = Arrays.copyOf(file, (int) choices.between(0, file.length));
            for (long i = choices.below(4); i > 0 && damaged.length > 0; i--) {
                damaged[(int) choices.below(damaged.length)] = (byte) choices.below(256);
            }
            try {
                assertThat(WavFile.read("damaged", damaged).bytes()).isEqualTo(damaged);
            } catch (LabException e) {
                assertThat(e).hasMessageMatching("(?s)damaged, byte \\d+: found .*, expected .*");
            }
        });
    }

    @Test
    void whatIsWrongIsSaidWithItsPlace() {
        refused("byte 0: found \"PNG.\", expected \"RIFF\"", 0, 'P', 'N', 'G', 0);
        refused("byte 0: found the end", new byte[0]);
        refused("byte 8: found \"AVI \", expected \"WAVE\"", 8, 'A', 'V', 'I', ' ');
        refused("byte 4: found a length of 4294967295, expected at most the 40 bytes", 4, 255, 255, 255, 255);
        refused("byte 20: found format 85, expected 1: PCM", 20, 0x55);
        refused("byte 22: found channels 6, expected 1 or 2", 22, 6);
        refused("byte 24: found frames a second 0, expected 1 to 2147483647", 24, 0, 0, 0, 0);
        refused("byte 24: found frames a second 4000000000, expected 1 to 2147483647", 24, 0x00, 0x28, 0x6b, 0xee);
        refused("byte 34: found bits a sample 24, expected 8 or 16", 34, 24);
        refused("byte 32: found bytes a frame 2, expected 1", 32, 2);
        refused("byte 40: found a chunk data of 300 bytes, expected at most the 4 bytes", 40, 0x2c, 1);
        refused("byte 48: found the end, expected a chunk data", 36, 'J', 'U', 'N', 'K');
        refused("byte 36: found data, expected fmt before it", 12, 'j', 'u', 'n', 'k');
        refused("byte 16: found a chunk fmt of 8 bytes, expected 16 or more", 16, 8);
    }

    /// Stereo, 44,100 Hz, 16 bits, one frame, as Windows writes it: valid bits, speakers and the GUID of PCM.
    private static byte[] extensible(String subformat) {
        return HexFormat.of()
                .parseHex("52494646" + "40000000" + "57415645"
                        + "666d7420" + "28000000" + "feff" + "0200" + "44ac0000" + "10b10200" + "0400" + "1000"
                        + "1600" + "1000" + "03000000" + subformat
                        + "64617461" + "04000000" + "01020304");
    }

    @Test
    void anExtensibleFileOfPcmIsReadAndKept() {
        byte[] file = extensible("0100000000001000800000aa00389b71");

        WavFile read = WavFile.read("extensible", file);
        assertThat(read.format()).isEqualTo(new WavFormat(2, 44_100, 16));
        assertThat(read.samples()).containsExactly(1, 2, 3, 4);
        assertThat(read.bytes()).isEqualTo(file);
    }

    @Test
    void anotherSubformatIsNamed() {
        refused(
                "byte 44: found subformat 3, expected 1: PCM, not compressed",
                extensible("0300000000001000800000aa00389b71"));
        refused(
                "byte 44: found subformat 0100000021070000d3118644c8c1ca00, expected that of PCM",
                extensible("0100000021070000d3118644c8c1ca00"));
        refused("byte 16: found an extensible chunk fmt of 16 bytes, expected 40 or more", 20, 0xfe, 0xff);
    }

    /// [#TYPED] with `octets` from `at` on.
    private static void refused(String message, int at, int... octets) {
        byte[] file = TYPED.clone();
        for (int i = 0; i < octets.length; i++) {
            file[at + i] = (byte) octets[i];
        }
        refused(message, file);
    }

    private static void refused(String message, byte[] file) {
        assertThatThrownBy(() -> WavFile.read("x.wav", file))
                .isInstanceOf(LabException.class)
                .hasMessageStartingWith("x.wav, " + message);
    }

    /// A file with unknown chunks before, between and behind, and perhaps bytes behind the RIFF itself.
    private static byte[] file(Choices choices, WavFormat format, byte[] samples) {
        ByteArrayOutputStream chunks = new ByteArrayOutputStream();
        strangers(choices, chunks);
        ByteArrayOutputStream fmt = new ByteArrayOutputStream();
        number(fmt, 1, 2);
        number(fmt, format.channels(), 2);
        number(fmt, format.hertz(), 4);
        number(fmt, (long) format.hertz() * format.frameBytes(), 4);
        number(fmt, format.frameBytes(), 2);
        number(fmt, format.bits(), 2);
        fmt.writeBytes(bytes(choices, (int) choices.below(3)));
        chunk(chunks, "fmt ", fmt.toByteArray());
        strangers(choices, chunks);
        chunk(chunks, "data", samples);
        strangers(choices, chunks);

        ByteArrayOutputStream file = new ByteArrayOutputStream();
        text(file, "RIFF");
        number(file, 4L + chunks.size(), 4);
        text(file, "WAVE");
        file.writeBytes(chunks.toByteArray());
        file.writeBytes(bytes(choices, (int) choices.below(5)));
        return file.toByteArray();
    }

    private static void strangers(Choices choices, ByteArrayOutputStream out) {
        for (long i = choices.below(3); i > 0; i--) {
            chunk(out, choices.pick("LIST", "fact", "cue "), bytes(choices, (int) choices.below(9)));
        }
    }

    private static void chunk(ByteArrayOutputStream out, String id, byte[] content) {
        text(out, id);
        number(out, content.length, 4);
        out.writeBytes(content);
        if (content.length % 2 != 0) {
            out.write(0);
        }
    }

    private static void text(ByteArrayOutputStream out, String text) {
        text.chars().forEach(out::write);
    }

    private static void number(ByteArrayOutputStream out, long value, int byteCount) {
        for (int i = 0; i < byteCount; i++) {
            out.write((int) (value >>> (8 * i)));
        }
    }

    private static byte[] bytes(Choices choices, int count) {
        byte[] bytes = new byte[count];
        for (int i = 0; i < count; i++) {
            bytes[i] = (byte) choices.below(256);
        }
        return bytes;
    }
}
