package flyby.dma;

/// Memory that CPU and device see alike, without syncing; barriers are needed all the same.
///
/// @param cpuAddress for loads and stores
/// @param dmaAddress for the device; aligned, as is `cpuAddress`, to the smallest order of pages that holds it
/// @param byteCount as it was asked for
public record CoherentBuffer(long cpuAddress, long dmaAddress, long byteCount) {}
