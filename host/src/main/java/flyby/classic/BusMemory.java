package flyby.classic;

/// The memory that answers on a bus, at the end of a cycle.
interface BusMemory {
    /// The bytes at `address`, little-endian.
    ///
    /// @param byteCount 1, 2, 4 or 8
    long read(long address, int byteCount);

    /// Writes the low bytes of `value`.
    ///
    /// @param byteCount 1, 2, 4 or 8
    void write(long address, int byteCount, long value);

    void read(long address, byte[] into, int byteCount);

    void write(long address, byte[] from, int byteCount);
}
