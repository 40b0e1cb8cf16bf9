package flyby.function;

import flyby.bus.AddressType;
import flyby.bus.Transaction;
import flyby.bus.Transaction.Kind;
import flyby.pcie.CompletionStatus;
import flyby.pcie.Packet;
import flyby.pcie.PageRange;
import org.jspecify.annotations.Nullable;

/// Where the bytes of transactions go: by Address Translation Services (section 10) if the function has them and
/// software has enabled them, else just where the device says.
///
/// One translation is asked for at a time; what needs it waits, and so does what is behind it. A device that says
/// that its addresses are translated is believed here, as nobody looks into a device: only the IOMMU and the
/// switches can stop one that lies.
final class AddressTranslation {
    private static final long PAGE_BYTES = 4_096;

    private final Requester requester;
    private final @Nullable Translations translations;
    private final Invalidations invalidations = new Invalidations();
    /// What has been asked for, if anything.
    private @Nullable ReadRequest question;

    private long questionAddress;
    /// Whether the page asked for was invalidated meanwhile, so that the answer is worth nothing.
    private boolean isStale;

    private long address;
    private long bytes;
    private AddressType addressType = AddressType.UNTRANSLATED;

    AddressTranslation(Requester requester, @Nullable Translations translations) {
        this.requester = requester;
        this.translations = translations;
    }

    /// Finds out where the bytes of `transaction` from index `offset` on go: [#address], [#addressType] and
    /// [#bytes].
    ///
    /// @return whether it is known; if not, both engines are told to go on once it is
    boolean resolve(Transaction transaction, int offset) {
        long iova = transaction.iova() + offset;
        address = iova;
        bytes = (long) transaction.byteCount() - offset;
        addressType = transaction.addressType();
        Translations cache = translations;
        if (cache == null || !cache.isEnabled() || addressType != AddressType.UNTRANSLATED) {
            return true;
        }
        long range = cache.find(iova);
        if (range == Translations.UNKNOWN) {
            ask(iova & -PAGE_BYTES);
            return false;
        }
        long rangeBytes = 1L << PageRange.shift(range);
        long offsetInRange = iova & (rangeBytes - 1);
        bytes = Math.min(bytes, rangeBytes - offsetInRange);
        boolean isAllowed =
                transaction.kind() == Kind.WRITE ? PageRange.isWritable(range) : PageRange.isReadable(range);
        if (isAllowed) {
            address = PageRange.address(range) + offsetInRange;
            addressType = AddressType.TRANSLATED;
        } else if (!PageRange.isReadable(range)) {
            cache.forget(iova, PageRange.shift(range));
        }
        return true;
    }

    long address() {
        return address;
    }

    long bytes() {
        return bytes;
    }

    AddressType addressType() {
        return addressType;
    }

    private void ask(long page) {
        if (question == null) {
            questionAddress = page;
            isStale = false;
            question = requester.askTranslation(page);
        }
    }

    /// A completion for a translation request has come: section 10.2.3. One that says no is taken for a page
    /// without rights.
    void answered(Packet packet) {
        question = null;
        Translations cache = translations;
        if (cache != null && !isStale) {
            boolean isThere = packet.status() == CompletionStatus.SUCCESSFUL
                    && packet.payloadBytes() >= PageRange.BYTES
                    && !packet.isPoisoned();
            cache.add(questionAddress, isThere ? PageRange.get(packet.data(), 0) : 0);
        }
    }

    /// Nobody will answer the translation request.
    void unanswered() {
        question = null;
        Translations cache = translations;
        if (cache != null) {
            cache.add(questionAddress, 0);
        }
    }

    /// An invalidate request has come: section 10.3.1.
    ///
    /// @param takenCount how many reads have been sent
    /// @return whether the function knows of such requests
    boolean invalidate(Packet packet, long takenCount) {
        Translations cache = translations;
        if (cache == null) {
            return false;
        }
        long range = PageRange.get(packet.data(), 0);
        int shift = PageRange.shift(range);
        cache.forget(PageRange.address(range), shift);
        isStale |= questionAddress >>> shift == PageRange.address(range) >>> shift;
        return invalidations.add(packet.requesterId(), packet.tag(), takenCount);
    }

    /// Those that have not been answered.
    Invalidations invalidations() {
        return invalidations;
    }

    /// After a reset nothing is known.
    void reset() {
        question = null;
        invalidations.clear();
        if (translations != null) {
            translations.decode();
        }
    }
}
