package flyby.configuration.layout;

import static flyby.register.BitField.bit;
import static flyby.register.BitField.bits;

import flyby.register.BitField;
import flyby.register.RegisterMap;
import flyby.register.RegisterMap.Access;

/// The Address Translation Services extended capability: section 10.5.1.
public final class AtsRegisters {
    /// Section 10.5.1.2.
    public static final int CAPABILITY = 0x04;
    /// Section 10.5.1.3.
    public static final int CONTROL = 0x06;

    /// Section 10.5.1.2: invalidations that the function takes before the first is answered, 0 for 32.
    public static final BitField CAPABILITY_QUEUE_DEPTH = bits("Invalidate Queue Depth", 4, 0);
    /// Section 10.5.1.2: requests begin at a page.
    public static final BitField CAPABILITY_PAGE_ALIGNED = bit("Page Aligned Request", 5);
    /// Section 10.5.1.3: the smallest translation unit, 4 KiB shifted left by the value.
    public static final BitField CONTROL_UNIT = bits("Smallest Translation Unit", 4, 0);
    /// Section 10.5.1.3.
    public static final BitField CONTROL_ENABLE = bit("Enable", 15);

    /// Section 10.5.1.
    public static final RegisterMap MAP = RegisterMap.titled("Address Translation Services")
            .register(0x00, 4, Access.READ_ONLY, "Extended Capability Header")
            .register(
                    CAPABILITY, 2, Access.READ_ONLY, "ATS Capability", CAPABILITY_QUEUE_DEPTH, CAPABILITY_PAGE_ALIGNED)
            .register(CONTROL, 2, Access.READ_WRITE, "ATS Control", CONTROL_UNIT, CONTROL_ENABLE)
            .build();

    private AtsRegisters() {}
}
