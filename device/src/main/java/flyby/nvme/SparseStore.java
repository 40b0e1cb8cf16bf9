package flyby.nvme;

import flyby.base.Check;
import java.util.Arrays;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/// A medium in memory that takes room only for chunks that hold something else than zeros ever written to them.
public final class SparseStore implements BlockStore {
    private static final int CHUNK_BYTES = 1 << 16;

    private final long byteCount;
    private final TreeMap<Long, byte[]> chunks = new TreeMap<>();

    /// A medium of zeros.
    ///
    /// @param byteCount 0 or more
    public SparseStore(long byteCount) {
        Check.that(byteCount >= 0, "a store of %d bytes", byteCount);
        this.byteCount = byteCount;
    }

    @Override
    public long byteCount() {
        return byteCount;
    }

    @Override
    public Outcome read(long offset, byte[] into, int at, int count) {
        int done = 0;
        while (done < count) {
            int begin = within(offset + done);
            int part = Math.min(count - done, CHUNK_BYTES - begin);
            byte @Nullable [] chunk = chunks.get((offset + done) / CHUNK_BYTES);
            if (chunk == null) {
                Arrays.fill(into, at + done, at + done + part, (byte) 0);
            } else {
                System.arraycopy(chunk, begin, into, at + done, part);
            }
            done += part;
        }
        return Outcome.DONE;
    }

    @Override
    public Outcome write(long offset, byte[] from, int at, int count) {
        int done = 0;
        while (done < count) {
            int begin = within(offset + done);
            int part = Math.min(count - done, CHUNK_BYTES - begin);
            byte[] chunk = chunks.computeIfAbsent((offset + done) / CHUNK_BYTES, _ -> new byte[CHUNK_BYTES]);
            System.arraycopy(from, at + done, chunk, begin, part);
            done += part;
        }
        return Outcome.DONE;
    }

    @Override
    public Outcome zero(long offset, long count) {
        long end = offset + count;
        Long key = chunks.ceilingKey(offset / CHUNK_BYTES);
        while (key != null && key * CHUNK_BYTES < end) {
            long chunkBegin = key * CHUNK_BYTES;
            long from = Math.max(offset, chunkBegin);
            long to = Math.min(end, chunkBegin + CHUNK_BYTES);
            if (to - from == CHUNK_BYTES) {
                chunks.remove(key);
            } else {
                byte[] chunk = chunks.get(key);
                if (chunk != null) {
                    Arrays.fill(chunk, (int) (from - chunkBegin), (int) (to - chunkBegin), (byte) 0);
                }
            }
            key = chunks.higherKey(key);
        }
        return Outcome.DONE;
    }

    @Override
    public Outcome flush() {
        return Outcome.DONE;
    }

    private static int within(long offset) {
        return (int) (offset % CHUNK_BYTES);
    }
}
