package flyby.dma;

/// Which way the bytes of a mapping go on the bus. `enum dma_data_direction`.
public enum Direction {
    /// `DMA_BIDIRECTIONAL`.
    BIDIRECTIONAL,
    /// The device only reads. `DMA_TO_DEVICE`.
    TO_DEVICE,
    /// The device writes. `DMA_FROM_DEVICE`.
    FROM_DEVICE,
    /// For debugging; the API refuses it. `DMA_NONE`.
    NONE;

    /// Whether the device may read.
    public boolean isRead() {
        return this == BIDIRECTIONAL || this == TO_DEVICE;
    }

    /// Whether the device may write.
    public boolean isWritten() {
        return this == BIDIRECTIONAL || this == FROM_DEVICE;
    }
}
