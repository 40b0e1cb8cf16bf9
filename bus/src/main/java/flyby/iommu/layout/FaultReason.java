package flyby.iommu.layout;

/// Why a request was blocked: the codes of FRCD.FR. Intel VT-d, section 7.1.3 and appendix A.
public final class FaultReason {
    /// The root entry is not present.
    public static final int ROOT_NOT_PRESENT = 0x01;
    /// The context entry is not present.
    public static final int CONTEXT_NOT_PRESENT = 0x02;
    /// The context entry says what this unit cannot do.
    public static final int CONTEXT_INVALID = 0x03;
    /// The address is wider than the tables.
    public static final int BEYOND_WIDTH = 0x04;
    /// A write, and no permission to write at some level.
    public static final int WRITE_DENIED = 0x05;
    /// A read, and no permission to read at some level.
    public static final int READ_DENIED = 0x06;
    /// There is no memory where a table of pages should be.
    public static final int TABLE_UNREACHABLE = 0x07;
    /// There is no memory where the root table should be.
    public static final int ROOT_UNREACHABLE = 0x08;
    /// There is no memory where the context table should be.
    public static final int CONTEXT_UNREACHABLE = 0x09;
    /// A reserved field of the root entry is not 0.
    public static final int ROOT_RESERVED = 0x0a;
    /// A reserved field of the context entry is not 0.
    public static final int CONTEXT_RESERVED = 0x0b;
    /// A reserved field of an entry of a page table is not 0.
    public static final int TABLE_RESERVED = 0x0c;
    /// A translation request or a translated request, and the context entry allows none.
    public static final int ATS_BLOCKED = 0x0d;
    /// A reserved field of an interrupt request is not 0.
    public static final int INTERRUPT_RESERVED = 0x20;
    /// The index is beyond the interrupt remapping table.
    public static final int INTERRUPT_INDEX = 0x21;
    /// The entry of the interrupt remapping table is not present.
    public static final int INTERRUPT_NOT_PRESENT = 0x22;
    /// There is no memory where the interrupt remapping table should be.
    public static final int INTERRUPT_UNREACHABLE = 0x23;
    /// A reserved field of an entry of the interrupt remapping table is not 0.
    public static final int INTERRUPT_ENTRY_RESERVED = 0x24;
    /// An interrupt request in compatibility format, which is not let through.
    public static final int INTERRUPT_COMPATIBILITY = 0x25;
    /// The interrupt comes from somebody else than its entry allows.
    public static final int INTERRUPT_SOURCE = 0x26;

    private FaultReason() {}
}
