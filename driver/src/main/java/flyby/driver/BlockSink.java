package flyby.driver;

/// Whoever processes what a driver has received.
public interface BlockSink {
    /// `byteCount` bytes have arrived at `address`. They may be overwritten once this returns.
    void received(long address, int byteCount);
}
