package flyby.dma;

/// Pieces of memory that a device takes as one. `struct scatterlist`: the CPU's side (`page`, `offset`, `length`) and,
/// after it was mapped, the device's side (`dma_address`, `dma_length`), which may have fewer entries.
public final class Scatterlist {
    private final long[] addresses;
    private final int[] lengths;
    private final long[] dmaAddresses;
    private final long[] dmaLengths;

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
}
