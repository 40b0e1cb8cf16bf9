package flyby.configuration.layout;

import static flyby.register.BitField.bit;
import static flyby.register.BitField.bits;

import flyby.register.BitField;
import flyby.register.RegisterMap;
import flyby.register.RegisterMap.Access;

/// The PCI Power Management capability: section 7.5.2.
public final class PowerRegisters {
    /// Section 7.5.2.1.
    public static final int CAPABILITIES = 0x02;
    /// Section 7.5.2.2.
    public static final int CONTROL_STATUS = 0x04;

    /// Section 7.5.2.1: 3.
    public static final BitField CAPABILITIES_VERSION = bits("Version", 2, 0);
    /// Section 7.5.2.2: 0 is D0, 3 is D3hot.
    public static final BitField CONTROL_POWER_STATE = bits("PowerState", 1, 0);
    /// Section 7.5.2.2: going from D3hot to D0 keeps the registers.
    public static final BitField CONTROL_NO_SOFT_RESET = bit("No_Soft_Reset", 3);

    /// Section 7.5.2.
    public static final RegisterMap MAP = RegisterMap.titled("PCI Power Management")
            .register(0x00, 1, Access.READ_ONLY, "Capability ID")
            .register(0x01, 1, Access.READ_ONLY, "Next Capability Pointer")
            .register(CAPABILITIES, 2, Access.READ_ONLY, "Power Management Capabilities", CAPABILITIES_VERSION)
            .register(
                    CONTROL_STATUS,
                    4,
                    Access.READ_WRITE,
                    "Power Management Control/Status",
                    CONTROL_POWER_STATE,
                    CONTROL_NO_SOFT_RESET)
            .build();

    private PowerRegisters() {}
}
