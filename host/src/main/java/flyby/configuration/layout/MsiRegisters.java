package flyby.configuration.layout;

import static flyby.register.BitField.bit;
import static flyby.register.BitField.bits;

import flyby.register.BitField;
import flyby.register.RegisterMap;
import flyby.register.RegisterMap.Access;

/// The MSI capability in its form with 64-bit addresses and a mask bit for each vector: section 7.7.1.
public final class MsiRegisters {
    /// Section 7.7.1.2.
    public static final int CONTROL = 0x02;
    /// Section 7.7.1.3.
    public static final int ADDRESS = 0x04;
    /// Section 7.7.1.4.
    public static final int UPPER_ADDRESS = 0x08;
    /// Section 7.7.1.5.
    public static final int DATA = 0x0c;
    /// Section 7.7.1.7.
    public static final int MASK = 0x10;
    /// Section 7.7.1.8.
    public static final int PENDING = 0x14;

    /// Section 7.7.1.2.
    public static final BitField CONTROL_ENABLE = bit("MSI Enable", 0);
    /// Section 7.7.1.2: the logarithm of how many vectors the function wants.
    public static final BitField CONTROL_CAPABLE = bits("Multiple Message Capable", 3, 1);
    /// Section 7.7.1.2: the logarithm of how many it has got.
    public static final BitField CONTROL_ALLOWED = bits("Multiple Message Enable", 6, 4);
    /// Section 7.7.1.2.
    public static final BitField CONTROL_64_BIT = bit("64-bit Address Capable", 7);
    /// Section 7.7.1.2.
    public static final BitField CONTROL_MASKS = bit("Per-Vector Masking Capable", 8);

    /// Section 7.7.1: the most vectors.
    public static final int VECTORS_MAX = 32;

    /// Section 7.7.1.
    public static final RegisterMap MAP = RegisterMap.titled("MSI")
            .register(0x00, 1, Access.READ_ONLY, "Capability ID")
            .register(0x01, 1, Access.READ_ONLY, "Next Capability Pointer")
            .register(
                    CONTROL,
                    2,
                    Access.READ_WRITE,
                    "Message Control",
                    CONTROL_ENABLE,
                    CONTROL_CAPABLE,
                    CONTROL_ALLOWED,
                    CONTROL_64_BIT,
                    CONTROL_MASKS)
            .register(ADDRESS, 4, Access.READ_WRITE, "Message Address")
            .register(UPPER_ADDRESS, 4, Access.READ_WRITE, "Message Upper Address")
            .register(DATA, 2, Access.READ_WRITE, "Message Data")
            .register(MASK, 4, Access.READ_WRITE, "Mask Bits")
            .register(PENDING, 4, Access.READ_ONLY, "Pending Bits")
            .build();

    private MsiRegisters() {}
}
