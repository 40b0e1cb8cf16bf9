package flyby.bus;

/// A channel of a third-party DMA controller, as the peripheral wired to it sees it: its DREQ line.
public interface DmaChannel {
    /// Drives DREQ.
    ///
    /// @param asserted whether the peripheral has a byte to give, or room for one
    void request(boolean asserted);
}
