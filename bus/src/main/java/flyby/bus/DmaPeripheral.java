package flyby.bus;

/// A peripheral wired to a channel of a third-party DMA controller, as the controller sees it while DACK is
/// asserted.
public interface DmaPeripheral {
    /// Up to how many bytes the peripheral can give (for a WRITE to memory) or take (of a READ of memory) now; 0:
    /// none, as when it is set to go the other way.
    int ready(Transaction.Kind kind);

    /// Puts the next `byteCount` bytes at the start of `data` and forgets them. Bytes that are not there any more,
    /// as somebody else took them since [#ready], read as ones: nobody drives those lines.
    void give(byte[] data, int byteCount);

    /// Takes `byteCount` bytes from the start of `data`. Bytes for which there is no room any more are lost.
    void take(byte[] data, int byteCount);

    /// The controller signals the end of its count (TC).
    void terminalCount();
}
