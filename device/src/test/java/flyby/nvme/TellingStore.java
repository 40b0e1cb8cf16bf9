package flyby.nvme;

import java.util.ArrayList;
import java.util.List;

/// A medium that tells what was asked of it, and fails where it is told to.
final class TellingStore implements BlockStore {
    private final SparseStore store;
    final List<String> asked = new ArrayList<>();
    /// Accesses that touch this byte fail.
    long badByte = -1;

    boolean failsToFlush;

    TellingStore(long byteCount) {
        store = new SparseStore(byteCount);
    }

    private boolean isBad(long offset, long byteCount) {
        return badByte >= offset && badByte < offset + byteCount;
    }

    @Override
    public long byteCount() {
        return store.byteCount();
    }

    @Override
    public Outcome read(long offset, byte[] into, int at, int byteCount) {
        asked.add("read " + offset + "+" + byteCount);
        return isBad(offset, byteCount) ? Outcome.MEDIUM_ERROR : store.read(offset, into, at, byteCount);
    }

    @Override
    public Outcome write(long offset, byte[] from, int at, int byteCount) {
        asked.add("write " + offset + "+" + byteCount);
        return isBad(offset, byteCount) ? Outcome.MEDIUM_ERROR : store.write(offset, from, at, byteCount);
    }

    @Override
    public Outcome zero(long offset, long byteCount) {
        asked.add("zero " + offset + "+" + byteCount);
        return isBad(offset, byteCount) ? Outcome.MEDIUM_ERROR : store.zero(offset, byteCount);
    }

    @Override
    public Outcome flush() {
        asked.add("flush");
        return failsToFlush ? Outcome.MEDIUM_ERROR : store.flush();
    }
}
