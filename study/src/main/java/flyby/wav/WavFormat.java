package flyby.wav;

import flyby.base.Check;

/// What the samples of a WAV file are: the `fmt ` chunk. Samples of 8 bits are unsigned, those of 16 signed.
///
/// @param channels 1 or 2
/// @param hertz frames a second, 1 or more
/// @param bits 8 or 16
public record WavFormat(int channels, int hertz, int bits) {
    public WavFormat {
        Check.that(channels == 1 || channels == 2, "%d channels", channels);
        Check.that(bits == 8 || bits == 16, "samples of %d bits", bits);
        Check.that(hertz >= 1, "%d frames a second", hertz);
    }

    /// A sample of each channel.
    public int frameBytes() {
        return channels * bits / 8;
    }
}
