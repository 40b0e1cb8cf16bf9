package flyby.dmaengine;

/// What a transaction may ask for, as bits to be or-ed. `enum dma_ctrl_flags`.
public final class PrepFlags {
    public static final long NONE = 0;
    /// An interrupt when it is done, so that its callback is called. `DMA_PREP_INTERRUPT`.
    public static final long INTERRUPT = 1 << 0;
    /// Those behind it begin only when it is done. `DMA_PREP_FENCE`.
    public static final long FENCE = 1 << 5;
    /// Piece after piece, in the order of addresses, so that what overlaps is defined. This engine's own.
    public static final long ORDERED = 1 << 16;

    private PrepFlags() {}
}
