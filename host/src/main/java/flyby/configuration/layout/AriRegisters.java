package flyby.configuration.layout;

import static flyby.register.BitField.bits;

import flyby.register.BitField;
import flyby.register.RegisterMap;
import flyby.register.RegisterMap.Access;

/// The Alternative Routing-ID Interpretation extended capability: section 7.8.8.
public final class AriRegisters {
    /// Section 7.8.8.2.
    public static final int CAPABILITY = 0x04;
    /// Section 7.8.8.3.
    public static final int CONTROL = 0x06;

    /// Section 7.8.8.2: where software goes on looking, 0 at the end.
    public static final BitField CAPABILITY_NEXT_FUNCTION = bits("Next Function Number", 15, 8);

    /// Section 7.8.8.
    public static final RegisterMap MAP = RegisterMap.titled("Alternative Routing-ID Interpretation")
            .register(0x00, 4, Access.READ_ONLY, "Extended Capability Header")
            .register(CAPABILITY, 2, Access.READ_ONLY, "ARI Capability", CAPABILITY_NEXT_FUNCTION)
            .register(CONTROL, 2, Access.READ_WRITE, "ARI Control")
            .build();

    private AriRegisters() {}
}
