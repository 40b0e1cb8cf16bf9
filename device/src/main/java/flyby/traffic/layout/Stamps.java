package flyby.traffic.layout;

import flyby.base.LittleEndian;

/// What a place's first bytes are when a job is checked: Flyby's own.
public final class Stamps {
    /// The most bytes of a place that are its stamp: Flyby's own.
    public static final int BYTES = 8;

    private Stamps() {}

    /// The stamp of the place that begins `offset` bytes into the window, of which a small place has the low bytes:
    /// Flyby's own.
    public static long of(long offset) {
        return 0x9E37_79B9_7F4A_7C15L * (offset + 1);
    }

    /// Puts the stamp of the place of `byteCount` bytes, `offset` bytes into the window, at `index` of `bytes`:
    /// Flyby's own.
    public static void put(long offset, byte[] bytes, int index, int byteCount) {
        LittleEndian.put(of(offset), bytes, index, Math.min(byteCount, BYTES));
    }
}
