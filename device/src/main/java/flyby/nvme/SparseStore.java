package flyby.nvme;

import flyby.base.Check;
import java.util.Arrays;

/// A medium in memory that takes room only for chunks to which something was written.
public final class SparseStore implements BlockStore {
    private static final int CHUNK_BYTES = 1 << 16;
    /// Chunks of a row.
    private static final int ROW = 1 << 12;
    private static final byte[] NONE = new byte[0];
    private static final byte[][] NO_ROW = new byte[0][];

    private final long byteCount;
    /// By row and place in it; rows are made when they are needed.
    private final byte[][][] rows;

    /// A medium of zeros.
    ///
    /// @param byteCount 0 to 16 TiB
    public SparseStore(long byteCount) {
        Check.that(byteCount >= 0 && byteCount <= 1L << 44, "a store of %d bytes", byteCount);
        this.byteCount = byteCount;
        rows = new byte[(int) Math.ceilDiv(byteCount, (long) CHUNK_BYTES * ROW)][][];
        Arrays.fill(rows, NO_ROW);
    }

    @Override
    public long byteCount() {
        return byteCount;
    }

    /// The chunk that has the byte at `offset`, or [#NONE].
    private byte[] chunk(long offset) {
        long index = offset / CHUNK_BYTES;
        byte[][] row = rows[(int) (index / ROW)];
        return row.length == 0 ? NONE : row[(int) (index % ROW)];
    }

    private byte[] madeChunk(long offset) {
        byte[] chunk = chunk(offset);
        if (chunk.length > 0) {
            return chunk;
        }
        int at = (int) (offset / CHUNK_BYTES / ROW);
        if (rows[at].length == 0) {
            rows[at] = new byte[ROW][];
            Arrays.fill(rows[at], NONE);
        }
        byte[] made = new byte[CHUNK_BYTES];
        rows[at][(int) (offset / CHUNK_BYTES % ROW)] = made;
        return made;
    }

    @Override
    public Outcome read(long offset, byte[] into, int at, int count) {
        int done = 0;
        while (done < count) {
            int begin = within(offset + done);
            int part = Math.min(count - done, CHUNK_BYTES - begin);
            byte[] chunk = chunk(offset + done);
            if (chunk.length == 0) {
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
            System.arraycopy(from, at + done, madeChunk(offset + done), begin, part);
            done += part;
        }
        return Outcome.DONE;
    }

    @Override
    public Outcome zero(long offset, long count) {
        long done = 0;
        while (done < count) {
            long at = offset + done;
            byte[][] row = rows[(int) (at / CHUNK_BYTES / ROW)];
            if (row.length == 0) {
                // Nothing was ever written here: on to the next row.
                done += (long) CHUNK_BYTES * ROW - at % ((long) CHUNK_BYTES * ROW);
                continue;
            }
            int begin = within(at);
            int part = (int) Math.min(count - done, CHUNK_BYTES - begin);
            byte[] chunk = chunk(at);
            if (part == CHUNK_BYTES) {
                row[(int) (at / CHUNK_BYTES % ROW)] = NONE;
            } else if (chunk.length > 0) {
                Arrays.fill(chunk, begin, begin + part, (byte) 0);
            }
            done += part;
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
