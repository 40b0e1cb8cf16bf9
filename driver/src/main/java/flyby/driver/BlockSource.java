package flyby.driver;

/// Whoever makes what a driver is to send.
public interface BlockSource {
    /// Puts the next `byteCount` bytes, which exist, into memory at `address`.
    void fill(long address, int byteCount);
}
