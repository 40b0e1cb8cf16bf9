package flyby.driver;

import static flyby.stream.layout.StreamerRegisters.LENGTH_HIGH;
import static flyby.stream.layout.StreamerRegisters.LENGTH_LOW;

import flyby.bus.Cpu;

/// What every driver of a streamer reads from it.
final class StreamerAccess {
    private StreamerAccess() {}

    /// How many bytes the medium of the streamer mapped at `streamer` holds.
    static long lengthBytes(Cpu cpu, long streamer) {
        return cpu.mmioRead32(streamer + LENGTH_LOW) | (cpu.mmioRead32(streamer + LENGTH_HIGH) << 32);
    }
}
