package flyby.nvme;

/// The one namespace: its blocks, over a store of bytes. Its size in bytes is that of the store, less what does not
/// fill a block.
final class Namespace {
    /// Its identifier.
    static final int ID = 1;
    /// The identifier that stands for all namespaces: section 6.1.
    static final int ALL = -1;
    /// The LBA formats, as powers of 2.
    private static final int[] FORMATS = {9, 12};

    final BlockStore store;
    private int format;

    Namespace(BlockStore store, int blockBytes) {
        this.store = store;
        format = blockBytes == 512 ? 0 : 1;
    }

    int format() {
        return format;
    }

    static int formats() {
        return FORMATS.length;
    }

    static int blockShift(int format) {
        return FORMATS[format];
    }

    void format(int chosen) {
        format = chosen;
    }

    int blockShift() {
        return FORMATS[format];
    }

    long blocks() {
        return store.byteCount() >>> blockShift();
    }

    /// Whether `count` blocks from `first` on are there; both are unsigned.
    boolean has(long first, long count) {
        long blocks = blocks();
        return Long.compareUnsigned(count, blocks) <= 0 && Long.compareUnsigned(first, blocks - count) <= 0;
    }
}
