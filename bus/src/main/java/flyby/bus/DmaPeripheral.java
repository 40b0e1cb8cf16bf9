package flyby.bus;

/// A peripheral wired to a channel of a third-party DMA controller, as the controller sees it while DACK is
/// asserted.
public interface DmaPeripheral {
    /// Up to how many bytes the peripheral can give (device to memory) or take (memory to device) now; 0: none.
    int ready();

    /// Puts the next `byteCount` bytes (at most [#ready]) at the start of `data` and forgets them.
    void give(byte[] data, int byteCount);

    /// Takes `byteCount` bytes (at most [#ready]) from the start of `data`.
    void take(byte[] data, int byteCount);

    /// The controller signals the end of its count (TC).
    void terminalCount();
}
