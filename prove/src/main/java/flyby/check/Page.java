package flyby.check;

import java.util.ArrayList;
import java.util.List;

/// What is known of the bytes of one page of memory, as the driver addresses it.
final class Page {
    static final int BYTES = 4096;
    static final int MASK = BYTES - 1;
    static final int SHIFT = 12;

    /// [#values] has what the byte should be.
    static final byte KNOWN = 1;

    /// It was handed to a device that was to write it, and has not.
    static final byte UNDEFINED = 1 << 1;

    /// A device wrote it, and it was taken back without a sync.
    static final byte UNSYNCED = 1 << 2;

    /// Somebody was given it.
    static final byte GIVEN = 1 << 3;

    /// Somebody had it, and gave it back.
    static final byte FREED = 1 << 4;

    /// It lies between what was asked for and what there was room for.
    static final byte SLACK = 1 << 5;

    /// It is in a free block of a DMA pool.
    static final byte POOLED = 1 << 6;

    /// The write that [#writers] names gave it another value than it had.
    static final byte CHANGED = (byte) (1 << 7);

    /// The newest bytes, whoever wrote them, as if there were one memory and no caches.
    final byte[] values = new byte[BYTES];

    final byte[] flags = new byte[BYTES];
    /// Who wrote each: numbers of [Records].
    final long[] writers = new long[BYTES];
    /// Mappings that are alive and overlap this page.
    final List<Mapping> mappings = new ArrayList<>(2);
    /// Whether any device could ever reach it.
    boolean isShared;
    /// Whether it ever was behind a bounce buffer.
    boolean isBounced;
}
