package flyby.driver;

/// Where a driver gets the bytes that it is to send.
public interface BlockSource {
    /// Puts the next `byteCount` bytes, which exist, at the start of `data`.
    void next(byte[] data, int byteCount);
}
