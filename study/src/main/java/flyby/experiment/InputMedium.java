package flyby.experiment;

import flyby.base.LabException;
import flyby.stream.Medium;
import flyby.study.ByteSource;
import flyby.study.Input;
import flyby.study.Progress;

/// A streamer's medium that plays an input, and keeps a digest of what it played or recorded.
final class InputMedium implements Medium, AutoCloseable {
    private static final int CHUNK_BYTES = 1 << 16;
    private static final int TELL_BYTES = 1 << 10;

    private final Input input;
    private final ByteSource source;
    private final Progress progress;
    private final Digest played = new Digest();
    private final Digest recorded = new Digest();
    private final byte[] chunk = new byte[CHUNK_BYTES];
    private int chunkStart;
    private int chunkEnd;
    private long playedBytes;
    private long recordedBytes;
    private RecordingWatcher watcher = (from, offset, byteCount) -> {};

    /// Hears what is recorded.
    interface RecordingWatcher {
        void recorded(byte[] from, int offset, int byteCount);
    }

    InputMedium(Input input, Progress progress) {
        this.input = input;
        this.source = input.open();
        this.progress = progress;
    }

    @Override
    public long byteCount() {
        return input.length();
    }

    @Override
    public void play(byte[] into, int offset, int byteCount) {
        int done = 0;
        while (done < byteCount) {
            if (chunkStart == chunkEnd) {
                refill();
            }
            int count = Math.min(byteCount - done, chunkEnd - chunkStart);
            // Words are too short for an array copy to pay.
            for (int i = 0; i < count; i++) {
                into[offset + done + i] = chunk[chunkStart + i];
            }
            chunkStart += count;
            done += count;
        }
        playedBytes += byteCount;
        tell(playedBytes, byteCount);
    }

    @Override
    public void record(byte[] from, int offset, int byteCount) {
        recorded.add(from, offset, byteCount);
        recordedBytes += byteCount;
        tell(recordedBytes, byteCount);
        watcher.recorded(from, offset, byteCount);
    }

    /// Lets `watcher` hear what is recorded from now on.
    void watchRecording(RecordingWatcher newWatcher) {
        watcher = newWatcher;
    }

    /// How many bytes went either way.
    long movedBytes() {
        return playedBytes + recordedBytes;
    }

    /// The SHA-256 of all bytes of the input, which must have been played to the end.
    String playedSha256() {
        return played.text();
    }

    /// The SHA-256 of all bytes recorded.
    String recordedSha256() {
        return recorded.text();
    }

    @Override
    public void close() {
        source.close();
    }

    private void refill() {
        int count = source.read(chunk, 0, CHUNK_BYTES);
        if (count < 1) {
            throw new LabException(
                    LabException.Kind.BAD_FILE,
                    input.name(),
                    "only " + playedBytes + " bytes",
                    input.length() + ", its length when the run began");
        }
        played.add(chunk, 0, count);
        chunkStart = 0;
        chunkEnd = count;
    }

    /// Tells how far the run is, now and then.
    private void tell(long doneBytes, int lastBytes) {
        if (doneBytes / TELL_BYTES != (doneBytes - lastBytes) / TELL_BYTES) {
            progress.at(doneBytes, input.length());
        }
    }
}
