package flyby.iommu.layout;

import static flyby.register.BitField.bit;
import static flyby.register.BitField.bits;

import flyby.register.BitField;

/// The descriptors of the invalidation queue, 16 bytes each. Intel VT-d, section 6.5.2.
///
/// Fields called `HIGH` are those of the upper 8 bytes.
public final class InvalidationDescriptors {
    /// Bytes of a descriptor.
    public static final int BYTES = 16;

    /// What is to be done.
    public static final BitField TYPE = bits("TYPE", 3, 0);
    /// TYPE: forget context entries. Section 6.5.2.1.
    public static final int CONTEXT_CACHE = 1;
    /// TYPE: forget translations. Section 6.5.2.3.
    public static final int IOTLB = 2;
    /// TYPE: have a device forget translations. Section 6.5.2.5.
    public static final int DEVICE_TLB = 3;
    /// TYPE: forget entries of the interrupt remapping table. Section 6.5.2.7.
    public static final int INTERRUPT_ENTRY_CACHE = 4;
    /// TYPE: tell that all before has been done. Section 6.5.2.8.
    public static final int WAIT = 5;

    /// Granularity, of context-cache and IOTLB descriptors.
    public static final BitField GRANULARITY = bits("G", 5, 4);
    /// G: everything.
    public static final int GLOBAL = 1;
    /// G: one domain.
    public static final int DOMAIN = 2;
    /// G: one function of a domain, in the context cache.
    public static final int DEVICE = 3;
    /// G: some pages of a domain, in the IOTLB.
    public static final int PAGES = 3;
    /// Domain identifier.
    public static final BitField DID = bits("DID", 31, 16);
    /// Source identifier, of context-cache and device-TLB descriptors.
    public static final BitField SID = bits("SID", 47, 32);
    /// Function mask, of context-cache descriptors: how many low bits of the function number do not count.
    public static final BitField FM = bits("FM", 49, 48);

    /// Drain writes, of IOTLB descriptors.
    public static final BitField DW = bit("DW", 6);
    /// Drain reads, of IOTLB descriptors.
    public static final BitField DR = bit("DR", 7);
    /// Address mask: 2^AM pages.
    public static final BitField HIGH_AM = bits("AM", 5, 0);
    /// Invalidation hint: no table above the lowest has changed.
    public static final BitField HIGH_IH = bit("IH", 6);
    /// The first page, of IOTLB and device-TLB descriptors.
    public static final BitField HIGH_ADDRESS = bits("ADDR", 63, 12);
    /// Size, of device-TLB descriptors: the lowest zero bit of the address from bit 12 on says how many pages.
    public static final BitField HIGH_S = bit("S", 0);

    /// Granularity, of interrupt entry cache descriptors: 0 for everything, 1 for some.
    public static final BitField INTERRUPT_G = bit("G", 4);
    /// Index mask: 2^IM entries.
    public static final BitField INTERRUPT_IM = bits("IM", 31, 27);
    /// The first entry.
    public static final BitField INTERRUPT_IIDX = bits("IIDX", 47, 32);

    /// Interrupt flag, of wait descriptors.
    public static final BitField WAIT_IF = bit("IF", 4);
    /// Status write, of wait descriptors.
    public static final BitField WAIT_SW = bit("SW", 5);
    /// What is written.
    public static final BitField WAIT_DATA = bits("STATUS_DATA", 63, 32);
    /// Where it is written.
    public static final BitField HIGH_STATUS_ADDRESS = bits("STATUS_ADDRESS", 63, 2);

    private InvalidationDescriptors() {}
}
