package flyby.report;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/// Busy time in a fixed number of equal buckets that always reach from 0 to the latest time seen.
///
/// When a time lies beyond the last bucket, neighbours are merged in pairs and each bucket covers twice the time.
/// Nothing is lost but resolution: the sum of all buckets is exactly the busy time.
final class OccupancyHistogram {
    static final int BUCKET_COUNT = 1_024;

    private final long[] busyPicos = new long[BUCKET_COUNT];
    private long bucketPicos = 1_000;

    /// The row was busy from `beginPicos` up to `endPicos`.
    void add(long beginPicos, long endPicos) {
        while (endPicos > bucketPicos * BUCKET_COUNT) {
            merge();
        }
        long at = beginPicos;
        while (at < endPicos) {
            int bucket = (int) (at / bucketPicos);
            long stop = Math.min(endPicos, (bucket + 1) * bucketPicos);
            busyPicos[bucket] += stop - at;
            at = stop;
        }
    }

    /// The buckets that begin before `endPicos`.
    Timeline.Occupancy occupancy(long endPicos) {
        long count = Math.clamp(Math.ceilDiv(endPicos, bucketPicos), 0, BUCKET_COUNT);
        List<Long> busy = new ArrayList<>();
        for (int i = 0; i < count; i++) {
            busy.add(busyPicos[i]);
        }
        return new Timeline.Occupancy(bucketPicos, busy);
    }

    private void merge() {
        for (int i = 0; i < BUCKET_COUNT / 2; i++) {
            busyPicos[i] = busyPicos[2 * i] + busyPicos[2 * i + 1];
        }
        Arrays.fill(busyPicos, BUCKET_COUNT / 2, BUCKET_COUNT, 0);
        bucketPicos *= 2;
    }
}
