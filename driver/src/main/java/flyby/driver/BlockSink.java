package flyby.driver;

/// Who gets the bytes that a driver has received.
public interface BlockSink {
    /// The next `byteCount` bytes, from the start of `data`, as the CPU read them from the buffer at `address`.
    void receive(long address, byte[] data, int byteCount);
}
