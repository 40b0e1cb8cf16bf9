package flyby.traffic;

import flyby.base.Check;

/// What a device's own engines make of an operation, before its first and after its last packet.
///
/// There is an engine for writes and one for reads. Each takes up one operation after the other: a write occupies
/// its engine for a time for the operation, for each chunk that it is sent in, and for each further line of a
/// chunk. What an operation then waits inside the device occupies nothing: others follow meanwhile.
///
/// @param readPicos how long a read occupies its engine
/// @param writePicos how long a write occupies its engine, beside what its chunks do
/// @param chunkBytes the largest piece in which a write leaves the device
/// @param chunkPicos what the first line of a chunk adds
/// @param lineBytes how much of a chunk the engine fetches at once
/// @param linePicos what each further line adds
/// @param readLatencyPicos from the start of a read to its first request
/// @param writeLatencyPicos from the start of a write to its first packet
/// @param kibibytePicos how long 1,024 bytes take inside the device: all bytes of an operation are there before
///     they are passed on
public record DmaEngine(
        long readPicos,
        long writePicos,
        int chunkBytes,
        long chunkPicos,
        int lineBytes,
        long linePicos,
        long readLatencyPicos,
        long writeLatencyPicos,
        long kibibytePicos) {
    /// An engine that takes no time at all.
    public static final DmaEngine IDEAL = new DmaEngine(0, 0, 4_096, 0, 4_096, 0, 0, 0, 0);

    private static final int KIBIBYTE = 1_024;

    public DmaEngine {
        Check.that(chunkBytes >= 1 && lineBytes >= 1, "chunks of %d bytes, lines of %d", chunkBytes, lineBytes);
        Check.that(
                Math.min(readPicos, writePicos) >= 0
                        && Math.min(chunkPicos, linePicos) >= 0
                        && Math.min(readLatencyPicos, writeLatencyPicos) >= 0
                        && kibibytePicos >= 0,
                "negative times of an engine");
    }

    /// How long a write of `byteCount` bytes occupies its engine.
    long writeEnginePicos(int byteCount) {
        int chunks = Math.ceilDiv(byteCount, chunkBytes);
        int lines = byteCount / chunkBytes * Math.ceilDiv(chunkBytes, lineBytes)
                + Math.ceilDiv(byteCount % chunkBytes, lineBytes);
        return writePicos + chunks * chunkPicos + (lines - chunks) * linePicos;
    }

    /// How long `byteCount` bytes take inside the device.
    long bytesPicos(int byteCount) {
        return Math.multiplyExact(byteCount, kibibytePicos) / KIBIBYTE;
    }
}
