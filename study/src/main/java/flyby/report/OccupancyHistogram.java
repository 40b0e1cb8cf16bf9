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

    private static final long FIRST_BUCKET_PICOS = 1_000;

    private final long[] busyPicos = new long[BUCKET_COUNT];
    /// How often neighbours were merged: a bucket is `FIRST_BUCKET_PICOS << merges` wide.
    private int merges;

    /// The row was busy from `beginPicos` up to `endPicos`.
    void add(long beginPicos, long endPicos) {
        while (endPicos > bucketPicos() * BUCKET_COUNT) {
            merge();
        }
        long bucketPicos = bucketPicos();
        long at = beginPicos;
        while (at < endPicos) {
            // Dividing by a constant is a multiplication.
            int bucket = (int) ((at / FIRST_BUCKET_PICOS) >> merges);
            long stop = Math.min(endPicos, (bucket + 1) * bucketPicos);
            busyPicos[bucket] += stop - at;
            at = stop;
        }
    }

    /// The buckets that begin before `endPicos`.
    Timeline.Occupancy occupancy(long endPicos) {
        long bucketPicos = bucketPicos();
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
        merges++;
    }

    private long bucketPicos() {
        return FIRST_BUCKET_PICOS << merges;
    }
}
