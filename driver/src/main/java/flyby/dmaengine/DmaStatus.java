package flyby.dmaengine;

/// How a transaction goes. `enum dma_status`.
public enum DmaStatus {
    /// `DMA_COMPLETE`.
    COMPLETE,
    /// `DMA_IN_PROGRESS`.
    IN_PROGRESS,
    /// `DMA_PAUSED`.
    PAUSED,
    /// `DMA_ERROR`.
    ERROR
}
