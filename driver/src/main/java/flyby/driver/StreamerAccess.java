package flyby.driver;

import static flyby.stream.layout.StreamerRegisters.LENGTH_HIGH;
import static flyby.stream.layout.StreamerRegisters.LENGTH_LOW;

import flyby.kernel.IoMemory;

/// What every driver of a streamer reads from it.
final class StreamerAccess {
    private StreamerAccess() {}

    /// How many bytes the medium of `streamer` holds.
    static long lengthBytes(IoMemory streamer) {
        return streamer.read32(LENGTH_LOW) | (streamer.read32(LENGTH_HIGH) << 32);
    }
}
