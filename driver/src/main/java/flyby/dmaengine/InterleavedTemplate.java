package flyby.dmaengine;

import java.util.List;

/// Frames of chunks with gaps between them: rows of a rectangle, planes of a picture. `struct
/// dma_interleaved_template`.
///
/// @param source the device's address of the first byte
/// @param destination likewise
/// @param frameCount `numf`
/// @param chunks of each frame, in their order; `frame_size` is how many there are
public record InterleavedTemplate(long source, long destination, int frameCount, List<Chunk> chunks) {
    public InterleavedTemplate {
        chunks = List.copyOf(chunks);
    }

    /// `struct data_chunk`.
    ///
    /// @param byteCount `size`
    /// @param sourceGap bytes to leave out behind it in the source: `src_icg`
    /// @param destinationGap bytes to leave out behind it in the destination: `dst_icg`
    public record Chunk(int byteCount, int sourceGap, int destinationGap) {}
}
