package flyby.wav;

import flyby.base.Check;
import flyby.base.LabException;
import flyby.base.LittleEndian;
import java.util.Arrays;
import java.util.HexFormat;

/// A WAV file with PCM samples of 8 or 16 bits, mono or stereo. Microsoft and IBM, "Multimedia Programming
/// Interface and Data Specifications 1.0", section "Waveform Audio File Format (WAVE)"; or the same as
/// WAVE_FORMAT_EXTENSIBLE.
///
/// Whatever else is in the file, before the samples or behind them, is kept: [#bytes] gives back byte for byte what
/// was read.
public final class WavFile {
    private static final int CHUNK_HEADER_BYTES = 8;
    private static final int RIFF_HEADER_BYTES = 12;
    private static final int FORMAT_BYTES = 16;
    private static final int PCM = 1;

    /// WAVE_FORMAT_EXTENSIBLE: the format proper is the first two bytes of a GUID, its subformat.
    private static final int EXTENSIBLE = 0xfffe;

    /// With the 24 bytes that it has behind those of PCM.
    private static final int EXTENSIBLE_BYTES = 40;

    private static final int SUBFORMAT_OFFSET = 24;

    /// What follows in the GUID of a format that has a number: KSDATAFORMAT_SUBTYPE_PCM and its like.
    private static final byte[] SUBFORMAT_REST = HexFormat.of().parseHex("000000001000800000aa00389b71");

    private final WavFormat format;
    private final byte[] before;
    private final byte[] samples;
    private final byte[] behind;

    /// @param before all up to the samples
    /// @param samples whole frames
    /// @param behind all after them
    private WavFile(WavFormat format, byte[] before, byte[] samples, byte[] behind) {
        this.format = format;
        this.before = before;
        this.samples = samples;
        this.behind = behind;
    }

    /// A file of these samples and nothing else.
    ///
    /// @param samples whole frames
    public static WavFile of(WavFormat format, byte[] samples) {
        Check.that(samples.length % format.frameBytes() == 0, "%d bytes are no whole frames", samples.length);
        byte[] before = new byte[RIFF_HEADER_BYTES + CHUNK_HEADER_BYTES + FORMAT_BYTES + CHUNK_HEADER_BYTES];
        int padding = samples.length & 1;
        put(before, 0, "RIFF");
        LittleEndian.put(before.length - CHUNK_HEADER_BYTES + samples.length + padding, before, 4, 4);
        put(before, 8, "WAVE");
        put(before, 12, "fmt ");
        LittleEndian.put(FORMAT_BYTES, before, 16, 4);
        LittleEndian.put(PCM, before, 20, 2);
        LittleEndian.put(format.channels(), before, 22, 2);
        LittleEndian.put(format.hertz(), before, 24, 4);
        LittleEndian.put((long) format.hertz() * format.frameBytes(), before, 28, 4);
        LittleEndian.put(format.frameBytes(), before, 32, 2);
        LittleEndian.put(format.bits(), before, 34, 2);
        put(before, 36, "data");
        LittleEndian.put(samples.length, before, 40, 4);
        return new WavFile(format, before, samples.clone(), new byte[padding]);
    }

    /// Reads the file called `name`.
    ///
    /// @throws LabException of kind BAD_FILE that says at which byte it is damaged, or what it is instead
    public static WavFile read(String name, byte[] file) {
        return new Reader(name, file).read();
    }

    public WavFormat format() {
        return format;
    }

    /// The samples, frame by frame, low byte first.
    public byte[] samples() {
        return samples.clone();
    }

    /// The same file with other samples, as many.
    public WavFile withSamples(byte[] others) {
        Check.that(others.length == samples.length, "%d bytes for %d", others.length, samples.length);
        return new WavFile(format, before, others.clone(), behind);
    }

    /// The whole file.
    public byte[] bytes() {
        byte[] file = Arrays.copyOf(before, before.length + samples.length + behind.length);
        System.arraycopy(samples, 0, file, before.length, samples.length);
        System.arraycopy(behind, 0, file, before.length + samples.length, behind.length);
        return file;
    }

    private static void put(byte[] into, int offset, String id) {
        for (int i = 0; i < id.length(); i++) {
            into[offset + i] = (byte) id.charAt(i);
        }
    }

    /// Walks the chunks.
    private static final class Reader {
        private final String name;
        private final byte[] file;

        Reader(String name, byte[] file) {
            this.name = name;
            this.file = file;
        }

        WavFile read() {
            expectId(0, "RIFF");
            expectId(8, "WAVE");
            long riffEnd = CHUNK_HEADER_BYTES + number(4, 4);
            if (riffEnd > file.length) {
                throw wrong(4, "a length of " + number(4, 4), "at most the " + (file.length - 8) + " bytes behind it");
            }
            WavFormat format = null;
            int at = RIFF_HEADER_BYTES;
            while (at + CHUNK_HEADER_BYTES <= riffEnd) {
                long length = number(at + 4, 4);
                int start = at + CHUNK_HEADER_BYTES;
                if (length > riffEnd - start) {
                    String there = "at most the " + (riffEnd - start) + " bytes up to the end";
                    throw wrong(at + 4, "a chunk " + id(at) + " of " + length + " bytes", there);
                }
                if (id(at).equals("fmt ")) {
                    format = format(start, length);
                } else if (id(at).equals("data")) {
                    if (format == null) {
                        throw wrong(at, "data", "fmt before it");
                    }
                    return split(format, start, (int) length);
                }
                at = (int) (start + length + (length & 1));
            }
            throw wrong(at, "the end", "a chunk data");
        }

        private WavFormat format(int at, long length) {
            if (length < FORMAT_BYTES) {
                throw wrong(at - 4, "a chunk fmt of " + length + " bytes", FORMAT_BYTES + " or more");
            }
            if (number(at, 2) == EXTENSIBLE) {
                expectPcm(at, length);
            } else {
                expect(at, 2, "format", PCM, PCM, "1: PCM, not compressed");
            }
            expect(at + 2, 2, "channels", 1, 2, "1 or 2");
            expect(at + 4, 4, "frames a second", 1, Integer.MAX_VALUE, "1 to " + Integer.MAX_VALUE);
            if (number(at + 14, 2) != 8) {
                expect(at + 14, 2, "bits a sample", 16, 16, "8 or 16");
            }
            WavFormat format =
                    new WavFormat((int) number(at + 2, 2), (int) number(at + 4, 4), (int) number(at + 14, 2));
            int frame = format.frameBytes();
            expect(at + 12, 2, "bytes a frame", frame, frame, frame + ", its channels by its bits");
            return format;
        }

        private void expectPcm(int at, long length) {
            if (length < EXTENSIBLE_BYTES) {
                throw wrong(at - 4, "an extensible chunk fmt of " + length + " bytes", EXTENSIBLE_BYTES + " or more");
            }
            int subformat = at + SUBFORMAT_OFFSET;
            byte[] rest = Arrays.copyOfRange(file, subformat + 2, at + EXTENSIBLE_BYTES);
            if (!Arrays.equals(rest, SUBFORMAT_REST)) {
                String guid = HexFormat.of().formatHex(file, subformat, at + EXTENSIBLE_BYTES);
                throw wrong(subformat, "subformat " + guid, "that of PCM");
            }
            expect(subformat, 2, "subformat", PCM, PCM, "1: PCM, not compressed");
        }

        private WavFile split(WavFormat format, int start, int length) {
            if (length % format.frameBytes() != 0) {
                throw wrong(start - 4, "data of " + length + " bytes", "whole frames of " + format.frameBytes());
            }
            return new WavFile(
                    format,
                    Arrays.copyOf(file, start),
                    Arrays.copyOfRange(file, start, start + length),
                    Arrays.copyOfRange(file, start + length, file.length));
        }

        private void expectId(int at, String wanted) {
            if (at + wanted.length() > file.length || !id(at).equals(wanted)) {
                String found = at >= file.length ? "the end" : "\"" + id(at) + "\"";
                throw wrong(at, found, "\"" + wanted + "\": this is no WAV file");
            }
        }

        private void expect(int at, int byteCount, String what, long least, long most, String wanted) {
            long value = number(at, byteCount);
            if (value < least || value > most) {
                throw wrong(at, what + " " + value, wanted);
            }
        }

        private long number(int at, int byteCount) {
            return LittleEndian.get(file, at, byteCount);
        }

        /// Four characters; those that nobody can read as dots.
        private String id(int at) {
            StringBuilder id = new StringBuilder();
            for (int i = at; i < Math.min(at + 4, file.length); i++) {
                boolean isReadable = file[i] >= ' ' && file[i] <= '~';
                id.append(isReadable ? (char) file[i] : '.');
            }
            return id.toString();
        }

        private LabException wrong(int at, String found, String expected) {
            return new LabException(LabException.Kind.BAD_FILE, name + ", byte " + at, found, expected);
        }
    }
}
