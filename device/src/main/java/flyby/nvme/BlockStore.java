package flyby.nvme;

/// The medium behind a controller: bytes by offset. Knows no time and no blocks; who asks keeps to its alignment.
///
/// What has been written may be lost when power fails until [#flush] has succeeded, and not from then on. All offsets
/// and counts given lie within [#byteCount].
public interface BlockStore {
    /// How an access went. A medium that fails says so by value: nothing is thrown.
    enum Outcome {
        DONE,
        /// The bytes cannot be read, or could not be written; what was to be written may be there in part.
        MEDIUM_ERROR
    }

    /// Its size in bytes, which never changes.
    long byteCount();

    /// Puts the `byteCount` bytes at `offset` into `into`, from index `at` on.
    Outcome read(long offset, byte[] into, int at, int byteCount);

    /// Puts `byteCount` bytes of `from`, from index `at` on, to `offset`.
    Outcome write(long offset, byte[] from, int at, int byteCount);

    /// Makes `byteCount` bytes at `offset` read as zeros, and gives back what they took if that is possible.
    Outcome zero(long offset, long byteCount);

    /// Keeps all that has been written and zeroed so far from being lost.
    Outcome flush();
}
