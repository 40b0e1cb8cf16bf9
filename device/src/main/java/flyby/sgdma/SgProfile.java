package flyby.sgdma;

import flyby.base.Check;
import flyby.sgdma.layout.SgRegisters;

/// What a scatter-gather DMA engine is built with.
///
/// @param channels 1 to [SgRegisters#CHANNELS_MAX]
/// @param window the most units under way at once, of all channels together, 1 to 255
/// @param unitBytes the largest unit in bytes, 1 or more; the engine has `window` buffers of this size
/// @param prefetch how many descriptors a channel keeps, 1 to 255
/// @param lengthBytesMax the most bytes of one descriptor, 1 to 2^32 - 1
/// @param setupPicos from the arrival of a descriptor, or the set-up of the one before, to its first unit: 0 or more
public record SgProfile(int channels, int window, int unitBytes, int prefetch, long lengthBytesMax, long setupPicos) {
    public SgProfile {
        Check.that(channels >= 1 && channels <= SgRegisters.CHANNELS_MAX, "%d channels", channels);
        Check.that(window >= 1 && window <= 255, "a window of %d units", window);
        Check.that(unitBytes >= 1, "units of %d bytes", unitBytes);
        Check.that(prefetch >= 1 && prefetch <= 255, "%d descriptors", prefetch);
        Check.that(lengthBytesMax >= 1 && lengthBytesMax < 1L << 32, "descriptors of %d bytes", lengthBytesMax);
        Check.that(setupPicos >= 0, "a set-up time of %d ps", setupPicos);
    }
}
