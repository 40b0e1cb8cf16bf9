package flyby.dma;

/// Pieces of memory that a device takes as one. `struct sg_table`: the CPU's side (`page`, `offset`, `length`) of
/// `orig_nents` entries and, after it was mapped, the device's side (`dma_address`, `dma_length`), which may have fewer
/// (`nents`).
public final class Scatterlist {
    private final long[] addresses;
    private final int[] lengths;
    private final long[] dmaAddresses;
    private final long[] dmaLengths;
    private int mappedCount;
    private boolean isBounced;

    /// `count` entries, all empty. `sg_init_table`.
    public Scatterlist(int count) {
        addresses = new long[count];
        lengths = new int[count];
        dmaAddresses = new long[count];
        dmaLengths = new long[count];
    }

    /// How many entries there is room for. `orig_nents`.
    public int count() {
        return addresses.length;
    }

    /// How many the device is to be given, after the last map: `nents` of [Dma#mapSgtable].
    public int mappedCount() {
        return mappedCount;
    }

    void setMappedCount(int count) {
        mappedCount = count;
    }

    /// Entry `index` is `byteCount` bytes at the physical address `address`. `sg_set_buf`, `sg_set_page`.
    public void set(int index, long address, int byteCount) {
        addresses[index] = address;
        lengths[index] = byteCount;
    }

    /// `sg_phys`.
    public long address(int index) {
        return addresses[index];
    }

    /// In bytes. `sg->length`.
    public int length(int index) {
        return lengths[index];
    }

    /// `sg_dma_address`, of an entry below what the map returned.
    public long dmaAddress(int index) {
        return dmaAddresses[index];
    }

    /// In bytes. `sg_dma_len`.
    public long dmaLength(int index) {
        return dmaLengths[index];
    }

    void setDma(int index, long address, long byteCount) {
        dmaAddresses[index] = address;
        dmaLengths[index] = byteCount;
    }

    /// Whether the entries were mapped one by one because bounce buffers may be behind them: `SG_DMA_SWIOTLB`.
    boolean isBounced() {
        return isBounced;
    }

    void setBounced(boolean isBounced) {
        this.isBounced = isBounced;
    }
}
