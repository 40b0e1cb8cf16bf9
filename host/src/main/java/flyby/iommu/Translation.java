package flyby.iommu;

import flyby.bus.AddressType;
import flyby.iommu.layout.RemappingTables;
import org.jspecify.annotations.Nullable;

/// One question to a [Translator], and its answer. Made once by whoever asks, and used again and again.
public final class Translation {
    /// Who waits for an answer that took time.
    @FunctionalInterface
    public interface Owner {
        void translated(Translation translation);
    }

    /// The next one in the list of the translator that it waits in.
    @Nullable
    Translation next;

    private final Owner owner;
    private int requesterId;
    private long iova;
    private int byteCount;
    private boolean write;
    private AddressType addressType = AddressType.UNTRANSLATED;
    private boolean allowed;
    private long address;
    private int pageShift;
    private boolean readable;
    private boolean writable;
    private boolean snoopForced;

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

    /// For translators: the access is allowed, and means `physicalAddress`. Of a translation request: it is
    /// answered.
    ///
    /// @param pageShift log2 of the page for which the same holds
    /// @param readable whether reads of this page are allowed
    /// @param writable whether writes are
    /// @param snoopForced whether accesses snoop even if they say that they need not
    public void allow(long physicalAddress, int pageShift, boolean readable, boolean writable, boolean snoopForced) {
        address = physicalAddress;
        this.pageShift = pageShift;
        this.readable = readable;
        this.writable = writable;
        this.snoopForced = snoopForced;
        allowed = true;
    }

    /// For translators: the access is allowed, and means `physicalAddress`, in a page of 4 KiB that may be read and
    /// written.
    public void allow(long physicalAddress) {
        allow(physicalAddress, RemappingTables.PAGE_SHIFT, true, true, false);
    }

    /// For translators: the access is allowed, and goes to the address that it names.
    public void passThrough() {
        allow(iova);
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

    /// Log2 of the size of the page, if the access is allowed.
    public int pageShift() {
        return pageShift;
    }

    /// Whether the page may be read, if the access is allowed. Neither this nor [#isWritable]: a translation
    /// request was made for a page that is not there.
    public boolean isReadable() {
        return readable;
    }

    /// Whether the page may be written, if the access is allowed.
    public boolean isWritable() {
        return writable;
    }

    /// Whether the access must snoop, whatever its No Snoop attribute says, if it is allowed.
    public boolean isSnoopForced() {
        return snoopForced;
    }
}
