package flyby.iommu;

import flyby.bus.AddressType;

/// One question to a [Translator], and its answer. Made once by whoever asks, and used again and again.
public final class Translation {
    /// Who waits for an answer that took time.
    @FunctionalInterface
    public interface Owner {
        void translated(Translation translation);
    }

    private final Owner owner;
    private int requesterId;
    private long iova;
    private int byteCount;
    private boolean write;
    private AddressType addressType = AddressType.UNTRANSLATED;
    private long address;
    private boolean allowed;

    public Translation(Owner owner) {
        this.owner = owner;
    }

    /// Fills in the question. The bytes lie within one page of 4 KiB.
    ///
    /// @param write whether the access writes
    public void ask(int requesterId, long iova, int byteCount, boolean write, AddressType addressType) {
        this.requesterId = requesterId;
        this.iova = iova;
        this.byteCount = byteCount;
        this.write = write;
        this.addressType = addressType;
        allowed = false;
    }

    /// For translators: the access is allowed, and means `physicalAddress`.
    public void allow(long physicalAddress) {
        address = physicalAddress;
        allowed = true;
    }

    /// For translators: the access is refused; the fault has been recorded.
    public void refuse() {
        allowed = false;
    }

    /// For translators: tells the owner, if `translate` has said that it is not done yet.
    public void done() {
        owner.translated(this);
    }

    public int requesterId() {
        return requesterId;
    }

    public long iova() {
        return iova;
    }

    public int byteCount() {
        return byteCount;
    }

    public boolean isWrite() {
        return write;
    }

    public AddressType addressType() {
        return addressType;
    }

    /// Whether the access may be made; if not, it is answered as an unsupported request.
    public boolean isAllowed() {
        return allowed;
    }

    /// The physical address of the first byte, if the access is allowed.
    public long address() {
        return address;
    }
}
