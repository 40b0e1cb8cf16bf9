package flyby.sim;

import java.util.Arrays;

/// Eight rows of 256 buckets of keys, in chunks that come from one array and go back to it.
///
/// Appending writes to the end of a bucket and reads nothing, so a million keys cost no more than a thousand.
/// Freed chunks are reused last in, first out, while they are still in the cache.
final class Buckets {
    static final int ROW_COUNT = 8;
    static final int ROW_LENGTH = 256;

    private static final int CHUNK_SHIFT = 4;
    private static final int CHUNK_KEYS = 1 << CHUNK_SHIFT;
    /// Chunk 0 is never used, so that 0 can say "none".
    private static final int NO_CHUNK = 0;

    /// The index after the last key of each bucket, or 0 if it is empty. At a multiple of a chunk, the chunk is
    /// full.
    private final int[] ends = new int[ROW_COUNT * ROW_LENGTH];
    /// One bit for each bucket that is not empty.
    private final long[] occupied = new long[ROW_COUNT * ROW_LENGTH / Long.SIZE];

    private long[] keys = new long[256 * CHUNK_KEYS];
    /// The chunk below each chunk: earlier in its bucket, or next in the list of free ones.
    private int[] below = new int[256];
    private int firstFree;
    private int chunksInUse;

    Buckets() {
        clear();
    }

    /// Empties all buckets; the storage stays.
    void clear() {
        Arrays.fill(ends, 0);
        Arrays.fill(occupied, 0);
        firstFree = NO_CHUNK;
        chunksInUse = 0;
        free(1, below.length);
    }

    /// How much storage is taken, in chunks of 16 keys.
    int chunksInUse() {
        return chunksInUse;
    }

    void append(int row, int column, long key) {
        int bucket = row * ROW_LENGTH + column;
        int end = ends[bucket];
        if ((end & (CHUNK_KEYS - 1)) == 0) {
            end = addChunk(bucket, end);
        }
        keys[end] = key;
        ends[bucket] = end + 1;
    }

    /// The lowest row that has a key, or [#ROW_COUNT].
    int firstRow() {
        for (int row = 0; row < ROW_COUNT; row++) {
            int word = row * (ROW_LENGTH / Long.SIZE);
            if ((occupied[word] | occupied[word + 1] | occupied[word + 2] | occupied[word + 3]) != 0) {
                return row;
            }
        }
        return ROW_COUNT;
    }

    /// The first column of `row`, at or after `column`, that has a key, or [#ROW_LENGTH].
    int firstColumn(int row, int column) {
        int from = column;
        while (from < ROW_LENGTH) {
            // The shift distance counts modulo 64, which is the column within its word.
            long bits = occupied[(row * ROW_LENGTH + from) >> 6] >>> from;
            if (bits != 0) {
                return from + Long.numberOfTrailingZeros(bits);
            }
            from = (from | 63) + 1;
        }
        return ROW_LENGTH;
    }

    /// Whether the bucket has more than `chunkCount` chunks of 16 keys.
    boolean isLongerThan(int row, int column, int chunkCount) {
        int end = ends[row * ROW_LENGTH + column];
        int chunk = (end - 1) >> CHUNK_SHIFT;
        for (int i = 0; i < chunkCount; i++) {
            chunk = below[chunk];
            if (chunk == NO_CHUNK) {
                return false;
            }
        }
        return true;
    }

    /// Moves the bucket's keys to `target`, starting at index `from`, in no particular order.
    ///
    /// @return the index after the last key
    int drain(int row, int column, long[] target, int from) {
        int bucket = row * ROW_LENGTH + column;
        int end = ends[bucket];
        int to = from;
        while (end != 0) {
            int chunk = (end - 1) >> CHUNK_SHIFT;
            int start = chunk << CHUNK_SHIFT;
            for (int i = start; i < end; i++) {
                target[to++] = keys[i];
            }
            end = release(chunk);
        }
        vacate(bucket);
        return to;
    }

    /// Empties a bucket of row 0, whose keys are all equal, and returns that key.
    long drainEqual(int column) {
        int end = ends[column];
        long key = keys[end - 1];
        while (end != 0) {
            end = release((end - 1) >> CHUNK_SHIFT);
        }
        vacate(column);
        return key;
    }

    /// Moves each key of the bucket to the row below, to the column that its digit there says.
    void split(int row, int column) {
        int bucket = row * ROW_LENGTH + column;
        int shift = Byte.SIZE * (row - 1);
        int end = ends[bucket];
        while (end != 0) {
            int chunk = (end - 1) >> CHUNK_SHIFT;
            int start = chunk << CHUNK_SHIFT;
            for (int i = start; i < end; i++) {
                long key = keys[i];
                append(row - 1, (int) (key >>> shift) & (ROW_LENGTH - 1), key);
            }
            end = release(chunk);
        }
        vacate(bucket);
    }

    /// Frees `chunk` and returns the end of the full chunk below it, or 0.
    private int release(int chunk) {
        int lower = below[chunk];
        below[chunk] = firstFree;
        firstFree = chunk;
        chunksInUse--;
        return lower == NO_CHUNK ? 0 : (lower + 1) << CHUNK_SHIFT;
    }

    private void vacate(int bucket) {
        ends[bucket] = 0;
        occupied[bucket >> 6] &= ~(1L << bucket);
    }

    private int addChunk(int bucket, int end) {
        if (firstFree == NO_CHUNK) {
            int count = below.length;
            keys = Arrays.copyOf(keys, 2 * keys.length);
            below = Arrays.copyOf(below, 2 * count);
            free(count, 2 * count);
        }
        int chunk = firstFree;
        firstFree = below[chunk];
        chunksInUse++;
        below[chunk] = end == 0 ? NO_CHUNK : (end >> CHUNK_SHIFT) - 1;
        occupied[bucket >> 6] |= 1L << bucket;
        return chunk << CHUNK_SHIFT;
    }

    private void free(int fromChunk, int toChunk) {
        for (int chunk = toChunk - 1; chunk >= fromChunk; chunk--) {
            below[chunk] = firstFree;
            firstFree = chunk;
        }
    }
}
