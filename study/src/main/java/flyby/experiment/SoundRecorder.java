package flyby.experiment;

import flyby.sim.Time;
import flyby.sound.Speaker;
import java.io.ByteArrayOutputStream;
import java.util.function.LongSupplier;

/// Records what a sound card plays, and measures from the outside how long its output stood still.
final class SoundRecorder implements Speaker {
    private final LongSupplier clock;
    private final long framePicos;
    private final ByteArrayOutputStream played = new ByteArrayOutputStream();
    private long lastPicos = -1;
    private long gapCount;
    private long missedFrames;
    private long longestGapFrames;

    /// @param hertz how many frames a second there should be
    SoundRecorder(LongSupplier clock, int hertz) {
        this.clock = clock;
        this.framePicos = Time.SECOND / hertz;
    }

    /// Frames that are two or more frames apart have a gap between them.
    @Override
    public void plays(byte[] frame, int byteCount) {
        long now = clock.getAsLong();
        if (lastPicos >= 0) {
            long missed = (now - lastPicos + framePicos / 2) / framePicos - 1;
            gapCount += missed > 0 ? 1 : 0;
            missedFrames += Math.max(missed, 0);
            longestGapFrames = Math.max(longestGapFrames, missed);
        }
        lastPicos = now;
        played.write(frame, 0, byteCount);
    }

    @Override
    public void holds() {
        // The next frame will come late, and tell.
    }

    /// All samples, in the order in which they sounded.
    byte[] samples() {
        return played.toByteArray();
    }

    /// How many bytes have sounded.
    long byteCount() {
        return played.size();
    }

    /// How long a frame sounds.
    long framePicos() {
        return framePicos;
    }

    long gapCount() {
        return gapCount;
    }

    /// In frames.
    long missedFrames() {
        return missedFrames;
    }

    /// In frames.
    long longestGapFrames() {
        return longestGapFrames;
    }
}
