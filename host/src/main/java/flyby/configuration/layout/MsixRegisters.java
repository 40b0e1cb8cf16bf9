package flyby.configuration.layout;

import static flyby.register.BitField.bit;
import static flyby.register.BitField.bits;

import flyby.register.BitField;
import flyby.register.RegisterMap;
import flyby.register.RegisterMap.Access;

/// The MSI-X capability, and an entry of the table that it points to: section 7.7.2.
public final class MsixRegisters {
    /// Section 7.7.2.2.
    public static final int CONTROL = 0x02;
    /// Section 7.7.2.3: where the table is.
    public static final int TABLE = 0x04;
    /// Section 7.7.2.4: where the Pending Bit Array is.
    public static final int PENDING_BITS = 0x08;

    /// Section 7.7.2.2: entries of the table, less one.
    public static final BitField CONTROL_TABLE_SIZE = bits("Table Size", 10, 0);
    /// Section 7.7.2.2: masks all vectors.
    public static final BitField CONTROL_FUNCTION_MASK = bit("Function Mask", 14);
    /// Section 7.7.2.2.
    public static final BitField CONTROL_ENABLE = bit("MSI-X Enable", 15);
    /// Sections 7.7.2.3 and 7.7.2.4: which Base Address Register.
    public static final BitField WHERE_BASE_ADDRESS = bits("BIR", 2, 0);
    /// Sections 7.7.2.3 and 7.7.2.4: how many bytes behind it, in units of 8.
    public static final BitField WHERE_OFFSET = bits("Offset", 31, 3);

    /// Section 7.7.2.2: the most vectors.
    public static final int VECTORS_MAX = 2_048;

    /// Bytes of an entry of the table: section 7.7.2.
    public static final int ENTRY_BYTES = 16;
    /// Section 7.7.2.5.
    public static final int ENTRY_ADDRESS = 0x00;
    /// Section 7.7.2.6.
    public static final int ENTRY_UPPER_ADDRESS = 0x04;
    /// Section 7.7.2.7.
    public static final int ENTRY_DATA = 0x08;
    /// Section 7.7.2.8.
    public static final int ENTRY_CONTROL = 0x0c;
    /// Section 7.7.2.8: set after reset.
    public static final BitField ENTRY_CONTROL_MASK = bit("Mask Bit", 0);

    /// Section 7.7.2.
    public static final RegisterMap MAP = RegisterMap.titled("MSI-X")
            .register(0x00, 1, Access.READ_ONLY, "Capability ID")
            .register(0x01, 1, Access.READ_ONLY, "Next Capability Pointer")
            .register(
                    CONTROL,
                    2,
                    Access.READ_WRITE,
                    "Message Control",
                    CONTROL_TABLE_SIZE,
                    CONTROL_FUNCTION_MASK,
                    CONTROL_ENABLE)
            .register(TABLE, 4, Access.READ_ONLY, "Table Offset", WHERE_BASE_ADDRESS, WHERE_OFFSET)
            .register(PENDING_BITS, 4, Access.READ_ONLY, "PBA Offset", WHERE_BASE_ADDRESS, WHERE_OFFSET)
            .build();

    /// Section 7.7.2.
    public static final RegisterMap ENTRY = RegisterMap.titled("MSI-X table entry")
            .register(ENTRY_ADDRESS, 4, Access.READ_WRITE, "Message Address")
            .register(ENTRY_UPPER_ADDRESS, 4, Access.READ_WRITE, "Message Upper Address")
            .register(ENTRY_DATA, 4, Access.READ_WRITE, "Message Data")
            .register(ENTRY_CONTROL, 4, Access.READ_WRITE, "Vector Control", ENTRY_CONTROL_MASK)
            .build();

    private MsixRegisters() {}
}
