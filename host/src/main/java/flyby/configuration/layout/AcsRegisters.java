package flyby.configuration.layout;

import static flyby.register.BitField.bit;

import flyby.register.BitField;
import flyby.register.RegisterMap;
import flyby.register.RegisterMap.Access;

/// The Access Control Services extended capability: section 7.7.8.
public final class AcsRegisters {
    /// Section 7.7.8.2: what the port or function can do.
    public static final int CAPABILITY = 0x04;
    /// Section 7.7.8.3: what it does.
    public static final int CONTROL = 0x06;

    /// Section 7.7.8.2.
    public static final BitField SOURCE_VALIDATION = bit("ACS Source Validation", 0);
    /// Section 7.7.8.2.
    public static final BitField TRANSLATION_BLOCKING = bit("ACS Translation Blocking", 1);
    /// Section 7.7.8.2.
    public static final BitField REQUEST_REDIRECT = bit("ACS P2P Request Redirect", 2);
    /// Section 7.7.8.2.
    public static final BitField COMPLETION_REDIRECT = bit("ACS P2P Completion Redirect", 3);
    /// Section 7.7.8.2.
    public static final BitField UPSTREAM_FORWARDING = bit("ACS Upstream Forwarding", 4);
    /// Section 7.7.8.2.
    public static final BitField EGRESS_CONTROL = bit("ACS P2P Egress Control", 5);
    /// Section 7.7.8.2.
    public static final BitField DIRECT_TRANSLATED = bit("ACS Direct Translated P2P", 6);

    /// Section 7.7.8.
    public static final RegisterMap MAP = RegisterMap.titled("Access Control Services")
            .register(0x00, 4, Access.READ_ONLY, "Extended Capability Header")
            .register(CAPABILITY, 2, Access.READ_ONLY, "ACS Capability", services())
            .register(CONTROL, 2, Access.READ_WRITE, "ACS Control", services())
            .build();

    private AcsRegisters() {}

    private static BitField[] services() {
        return new BitField[] {
            SOURCE_VALIDATION,
            TRANSLATION_BLOCKING,
            REQUEST_REDIRECT,
            COMPLETION_REDIRECT,
            UPSTREAM_FORWARDING,
            EGRESS_CONTROL,
            DIRECT_TRANSLATED
        };
    }
}
