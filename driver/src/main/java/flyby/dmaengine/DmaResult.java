package flyby.dmaengine;

/// How a transaction ended, for its callback. `struct dmaengine_result`.
///
/// @param residue bytes that were not written
public record DmaResult(Outcome outcome, long residue) {
    /// `enum dmaengine_tx_result`.
    public enum Outcome {
        /// `DMA_TRANS_NOERROR`.
        NOERROR,
        /// `DMA_TRANS_READ_FAILED`.
        READ_FAILED,
        /// `DMA_TRANS_WRITE_FAILED`.
        WRITE_FAILED,
        /// `DMA_TRANS_ABORTED`.
        ABORTED
    }
}
