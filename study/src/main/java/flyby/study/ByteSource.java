package flyby.study;

/// Bytes that are read once, from the first to the last.
public interface ByteSource extends AutoCloseable {
    /// Reads up to `count` bytes into `into` from `offset` on.
    ///
    /// @return how many were read, at least 1 unless `count` is 0, or -1 if there are no more
    /// @throws flyby.base.LabException of kind BAD_FILE if the bytes cannot be had
    int read(byte[] into, int offset, int count);

    @Override
    void close();
}
