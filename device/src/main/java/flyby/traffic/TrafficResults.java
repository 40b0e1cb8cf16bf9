package flyby.traffic;

import flyby.sim.Tally;
import java.util.Arrays;

/// What a [TrafficGenerator] has measured since the warm-up of its job.
///
/// Latencies are counted by the nanosecond up to [#EXACT_NANOS]; above, percentiles are the largest latency seen.
public final class TrafficResults {
    /// Up to which latency percentiles are exact to the nanosecond.
    public static final int EXACT_NANOS = 1 << 16;

    private static final long PICOS_PER_NANO = 1_000;
    private static final int PER_MILLE = 1_000;

    private final long[] counts = new long[EXACT_NANOS + 1];
    private Tally latency = new Tally();
    private long beginPicos;
    private long endPicos;
    private long readBytes;
    private long writtenBytes;
    private long errorCount;
    private long wrongCount;

    TrafficResults() {}

    /// Operations that have ended well.
    public long operationCount() {
        return latency.count();
    }

    /// From the end of the warm-up to the end of the last operation.
    public long elapsedPicos() {
        return endPicos - beginPicos;
    }

    public long readBytes() {
        return readBytes;
    }

    public long writtenBytes() {
        return writtenBytes;
    }

    /// Operations that somebody has refused or not answered.
    public long errorCount() {
        return errorCount;
    }

    /// Operations that read other bytes than their places should have.
    public long wrongCount() {
        return wrongCount;
    }

    /// Latencies in picoseconds, from the start of an operation in the device to its end there: count, sum,
    /// extremes.
    public Tally latency() {
        return latency;
    }

    /// The smallest latency that `perMille` of a thousand operations do not exceed, in picoseconds, to the
    /// nanosecond above. There must be an operation.
    ///
    /// @param perMille 1 to 1,000: 500 for the median
    public long latencyPicos(int perMille) {
        long rest = Math.max(1, Math.ceilDiv(Math.multiplyExact(latency.count(), perMille), (long) PER_MILLE));
        for (int nanos = 0; nanos < EXACT_NANOS; nanos++) {
            rest -= counts[nanos];
            if (rest <= 0) {
                return Math.min(nanos * PICOS_PER_NANO, latency.max());
            }
        }
        return latency.max();
    }

    /// Forgets everything; measuring begins at `nowPicos`.
    void begin(long nowPicos) {
        Arrays.fill(counts, 0);
        latency = new Tally();
        beginPicos = nowPicos;
        endPicos = nowPicos;
        readBytes = 0;
        writtenBytes = 0;
        errorCount = 0;
        wrongCount = 0;
    }

    /// An operation has ended well.
    void done(long nowPicos, long latencyPicos, long read, long written) {
        endPicos = nowPicos;
        readBytes += read;
        writtenBytes += written;
        latency.add(latencyPicos);
        counts[(int) Math.min(Math.ceilDiv(latencyPicos, PICOS_PER_NANO), EXACT_NANOS)]++;
    }

    void failed(long nowPicos) {
        endPicos = nowPicos;
        errorCount++;
    }

    void wrong() {
        wrongCount++;
    }
}
