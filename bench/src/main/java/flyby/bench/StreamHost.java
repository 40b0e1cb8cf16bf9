package flyby.bench;

/// What is at the other end of the stream's link.
interface StreamHost {
    /// Where the MSI of slot `slot` is written to.
    long messageAddress(int slot);

    /// The 8 bytes that whoever reads `address` now would find there. Changes nothing.
    long look(long address);

    /// The device at the link, which is told of what arrives. Once, at set-up.
    void device(StreamDevice device);
}
