package flyby.root;

/// The messages that ports tell apart: section 2.2.8.
final class MessageCodes {
    /// A correctable error: section 2.2.8.3.
    static final int ERR_COR = 0x30;

    /// An uncorrectable error after which the link still works: section 2.2.8.3.
    static final int ERR_NONFATAL = 0x31;

    /// An uncorrectable error after which the link is not to be trusted: section 2.2.8.3.
    static final int ERR_FATAL = 0x33;

    /// From an IOMMU to a function, routed by ID: section 10.3.1.
    static final int INVALIDATE_REQUEST = 0x01;

    /// And back, routed by ID: section 10.3.2.
    static final int INVALIDATE_COMPLETION = 0x02;

    private MessageCodes() {}

    static boolean isRoutedById(int code) {
        return code == INVALIDATE_REQUEST || code == INVALIDATE_COMPLETION;
    }

    static boolean isError(int code) {
        return code == ERR_COR || code == ERR_NONFATAL || code == ERR_FATAL;
    }
}
