package flyby.pcie;

/// Which message it is: Message Code, section 2.2.8.
public final class MessageCodes {
    /// From an IOMMU to a function, routed by ID: forget translations. Its tag is the ITag. Section 10.3.1.
    public static final int INVALIDATE_REQUEST = 0x01;

    /// And back, routed by ID: they are forgotten. Section 10.3.2 has a bit for each ITag that it answers; here
    /// each message answers one, its tag.
    public static final int INVALIDATE_COMPLETION = 0x02;

    /// A correctable error: section 2.2.8.3.
    public static final int ERR_COR = 0x30;

    /// An uncorrectable error after which the link still works: section 2.2.8.3.
    public static final int ERR_NONFATAL = 0x31;

    /// An uncorrectable error after which the link is not to be trusted: section 2.2.8.3.
    public static final int ERR_FATAL = 0x33;

    private MessageCodes() {}
}
