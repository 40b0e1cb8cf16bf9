package flyby.stream;

/// The bytes that a streamer plays, and where those that it records go. Knows no time.
public interface Medium {
    /// How many bytes there are to play.
    long byteCount();

    /// Puts the next `byteCount` bytes, which exist, into `into` from index `offset` on.
    void play(byte[] into, int offset, int byteCount);

    /// Appends `byteCount` bytes of `from`, from index `offset` on.
    void record(byte[] from, int offset, int byteCount);
}
