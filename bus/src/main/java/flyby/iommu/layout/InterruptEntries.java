package flyby.iommu.layout;

import static flyby.register.BitField.bit;
import static flyby.register.BitField.bits;

import flyby.register.BitField;

/// Interrupt requests and the interrupt remapping table. Intel VT-d, sections 5.1.2 (formats of a request) and 9.9
/// (remapped entries).
public final class InterruptEntries {
    /// Bytes of an entry of the table.
    public static final int BYTES = 16;

    /// Address: 0xfee, in bits 31:20 of every interrupt request.
    public static final BitField ADDRESS_FIXED = bits("FEE", 63, 20);
    /// Address: 1 for the remappable format, 0 for the compatibility format.
    public static final BitField ADDRESS_FORMAT = bit("FORMAT", 4);
    /// Address: bits 14:0 of the handle.
    public static final BitField ADDRESS_HANDLE = bits("HANDLE", 19, 5);
    /// Address: bit 15 of the handle.
    public static final BitField ADDRESS_HANDLE_15 = bit("HANDLE15", 2);
    /// Address: the data has a subhandle to be added.
    public static final BitField ADDRESS_SHV = bit("SHV", 3);
    /// Data: the subhandle.
    public static final BitField DATA_SUBHANDLE = bits("SUBHANDLE", 15, 0);
    /// Data: reserved in the remappable format.
    public static final BitField DATA_RESERVED = bits("R", 31, 16);

    /// Compatibility format, address: the destination's APIC identifier.
    public static final BitField ADDRESS_DESTINATION = bits("DST", 19, 12);
    /// Compatibility format, data: the vector.
    public static final BitField DATA_VECTOR = bits("V", 7, 0);

    /// Present.
    public static final BitField PRESENT = bit("P", 0);
    /// Fault processing disable.
    public static final BitField FPD = bit("FPD", 1);
    /// What is reserved in the lower 8 bytes of an entry that is not posted, mode bit included.
    public static final long RESERVED =
            bits("R", 15, 12).mask() | bits("R", 31, 24).mask();
    /// Vector.
    public static final BitField VECTOR = bits("V", 23, 16);
    /// Destination, in extended interrupt mode.
    public static final BitField DESTINATION = bits("DST", 63, 32);
    /// Destination, without it.
    public static final BitField DESTINATION_8 = bits("DST", 47, 40);
    /// Source identifier, in the upper 8 bytes, as what follows.
    public static final BitField HIGH_SID = bits("SID", 15, 0);
    /// Source-id qualifier: how many bits of the function number do not count, from bit 2 downwards.
    public static final BitField HIGH_SQ = bits("SQ", 17, 16);
    /// Source validation type.
    public static final BitField HIGH_SVT = bits("SVT", 19, 18);
    /// What is reserved in the upper 8 bytes.
    public static final BitField HIGH_RESERVED = bits("R", 63, 20);

    /// SVT: nothing is verified.
    public static final int SVT_NONE = 0;
    /// SVT: the requester is SID, as far as SQ says.
    public static final int SVT_REQUESTER = 1;
    /// SVT: the requester's bus is one of SID 15:8 to SID 7:0.
    public static final int SVT_BUSES = 2;

    private InterruptEntries() {}

    /// The address of a request in remappable format for entry `handle`, without a subhandle.
    public static long address(int handle) {
        return ADDRESS_FIXED.to(0xfee)
                | ADDRESS_FORMAT.to(1)
                | ADDRESS_HANDLE.to(handle)
                | ADDRESS_HANDLE_15.to(handle >>> 15);
    }
}
