package flyby.ioat;

import flyby.base.Check;
import flyby.ioat.layout.IoatRegisters;
import flyby.transfer.Copier;

/// What an I/OAT DMA engine is built with.
///
/// @param channels 1 to [IoatRegisters#CHANNELS_MAX]
/// @param copies how each channel cuts a copy
/// @param capacityLog2 the largest copy of one descriptor, as a power of two: 12 to 31
public record IoatProfile(int channels, Copier.Shape copies, int capacityLog2) {
    public IoatProfile {
        Check.that(channels >= 1 && channels <= IoatRegisters.CHANNELS_MAX, "%d channels", channels);
        Check.that(capacityLog2 >= 12 && capacityLog2 <= 31, "descriptors of 2^%d bytes", capacityLog2);
    }
}
