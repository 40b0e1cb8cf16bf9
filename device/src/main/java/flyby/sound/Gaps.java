package flyby.sound;

/// How often, and for how long, the output had to hold its level as the next frame was not there.
public final class Gaps {
    private long count;
    private long missedFrames;
    private long longestFrames;
    private long currentFrames;

    Gaps() {}

    /// How many times.
    public long count() {
        return count;
    }

    /// For how many frames, all in all.
    public long missedFrames() {
        return missedFrames;
    }

    /// For how many frames the longest time.
    public long longestFrames() {
        return longestFrames;
    }

    void missed() {
        count += currentFrames == 0 ? 1 : 0;
        missedFrames++;
        currentFrames++;
        longestFrames = Math.max(longestFrames, currentFrames);
    }

    void played() {
        currentFrames = 0;
    }
}
