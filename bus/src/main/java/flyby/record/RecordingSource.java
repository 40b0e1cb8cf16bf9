package flyby.record;

/// Where a recording comes from.
@FunctionalInterface
public interface RecordingSource {
    /// Puts up to `byteCount` bytes (1 or more) into `into`, from index `offset` on.
    ///
    /// @return how many it was, 1 or more; -1 if there are no more
    int read(byte[] into, int offset, int byteCount);

    /// The bytes of `recording`.
    static RecordingSource of(byte[] recording) {
        return new RecordingSource() {
            private int at;

            @Override
            public int read(byte[] into, int offset, int byteCount) {
                int count = Math.min(byteCount, recording.length - at);
                System.arraycopy(recording, at, into, offset, count);
                at += count;
                return count == 0 ? -1 : count;
            }
        };
    }
}
