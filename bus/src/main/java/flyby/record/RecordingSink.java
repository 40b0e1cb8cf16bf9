package flyby.record;

/// Where a recording goes: a file, an array. What it gets in order is the recording.
@FunctionalInterface
public interface RecordingSink {
    /// The next `byteCount` bytes, from index `offset` of `bytes` on, which is used again after this call.
    void write(byte[] bytes, int offset, int byteCount);
}
