package flyby.configuration.layout;

import static flyby.register.BitField.bit;
import static flyby.register.BitField.bits;

import flyby.register.BitField;
import flyby.register.RegisterMap;
import flyby.register.RegisterMap.Access;

/// The Advanced Error Reporting extended capability: section 7.8.4.
public final class ErrorRegisters {
    /// Section 7.8.4.2: write 1 to clear.
    public static final int UNCORRECTABLE_STATUS = 0x04;
    /// Section 7.8.4.3.
    public static final int UNCORRECTABLE_MASK = 0x08;
    /// Section 7.8.4.4: fatal if set.
    public static final int UNCORRECTABLE_SEVERITY = 0x0c;
    /// Section 7.8.4.5: write 1 to clear.
    public static final int CORRECTABLE_STATUS = 0x10;
    /// Section 7.8.4.6.
    public static final int CORRECTABLE_MASK = 0x14;
    /// Section 7.8.4.7.
    public static final int CONTROL = 0x18;
    /// Section 7.8.4.8: the header of the packet with the first error, each doubleword with its first byte highest.
    public static final int HEADER_LOG = 0x1c;
    /// Section 7.8.4.9, root ports.
    public static final int ROOT_COMMAND = 0x2c;
    /// Section 7.8.4.10, root ports.
    public static final int ROOT_STATUS = 0x30;
    /// Section 7.8.4.11, root ports: who sent ERR_COR, and in the upper half who sent the others.
    public static final int ROOT_SOURCE = 0x34;

    /// Section 7.8.4.2.
    public static final BitField DATA_LINK_PROTOCOL = bit("Data Link Protocol Error", 4);
    /// Section 7.8.4.2.
    public static final BitField SURPRISE_DOWN = bit("Surprise Down Error", 5);
    /// Section 7.8.4.2.
    public static final BitField POISONED_RECEIVED = bit("Poisoned TLP Received", 12);
    /// Section 7.8.4.2.
    public static final BitField COMPLETION_TIMEOUT = bit("Completion Timeout", 14);
    /// Section 7.8.4.2.
    public static final BitField COMPLETER_ABORT = bit("Completer Abort", 15);
    /// Section 7.8.4.2.
    public static final BitField UNEXPECTED_COMPLETION = bit("Unexpected Completion", 16);
    /// Section 7.8.4.2.
    public static final BitField MALFORMED = bit("Malformed TLP", 18);
    /// Section 7.8.4.2.
    public static final BitField UNSUPPORTED_REQUEST = bit("Unsupported Request Error", 20);
    /// Section 7.8.4.2.
    public static final BitField ACS_VIOLATION = bit("ACS Violation", 21);

    /// Section 7.8.4.5.
    public static final BitField RECEIVER_ERROR = bit("Receiver Error", 0);
    /// Section 7.8.4.5.
    public static final BitField BAD_TLP = bit("Bad TLP", 6);
    /// Section 7.8.4.5.
    public static final BitField REPLAY_ROLLOVER = bit("REPLAY_NUM Rollover", 8);
    /// Section 7.8.4.5.
    public static final BitField REPLAY_TIMEOUT = bit("Replay Timer Timeout", 12);
    /// Section 7.8.4.5.
    public static final BitField ADVISORY_NON_FATAL = bit("Advisory Non-Fatal Error", 13);

    /// Section 7.8.4.7: the bit of the error in the header log.
    public static final BitField CONTROL_FIRST_ERROR = bits("First Error Pointer", 4, 0);

    /// Section 7.8.4.3: Uncorrectable Internal Error alone is masked.
    public static final long UNCORRECTABLE_MASK_INITIAL = 0x0040_0000;
    /// Section 7.8.4.4.
    public static final long UNCORRECTABLE_SEVERITY_INITIAL = 0x0046_2030;
    /// Section 7.8.4.6: Advisory Non-Fatal Error, Corrected Internal Error and Header Log Overflow are masked.
    public static final long CORRECTABLE_MASK_INITIAL = 0x0000_e000;

    /// Section 7.8.4.
    public static final RegisterMap MAP = RegisterMap.titled("Advanced Error Reporting")
            .register(0x00, 4, Access.READ_ONLY, "Extended Capability Header")
            .register(UNCORRECTABLE_STATUS, 4, Access.READ_WRITE, "Uncorrectable Error Status", uncorrectable())
            .register(UNCORRECTABLE_MASK, 4, Access.READ_WRITE, "Uncorrectable Error Mask", uncorrectable())
            .register(UNCORRECTABLE_SEVERITY, 4, Access.READ_WRITE, "Uncorrectable Error Severity", uncorrectable())
            .register(CORRECTABLE_STATUS, 4, Access.READ_WRITE, "Correctable Error Status", correctable())
            .register(CORRECTABLE_MASK, 4, Access.READ_WRITE, "Correctable Error Mask", correctable())
            .register(CONTROL, 4, Access.READ_WRITE, "Capabilities and Control", CONTROL_FIRST_ERROR)
            .register(HEADER_LOG, 4, Access.READ_ONLY, "Header Log 1")
            .register(0x20, 4, Access.READ_ONLY, "Header Log 2")
            .register(0x24, 4, Access.READ_ONLY, "Header Log 3")
            .register(0x28, 4, Access.READ_ONLY, "Header Log 4")
            .register(ROOT_COMMAND, 4, Access.READ_WRITE, "Root Error Command")
            .register(ROOT_STATUS, 4, Access.READ_WRITE, "Root Error Status")
            .register(ROOT_SOURCE, 4, Access.READ_ONLY, "Error Source Identification")
            .build();

    private ErrorRegisters() {}

    private static BitField[] uncorrectable() {
        return new BitField[] {
            DATA_LINK_PROTOCOL,
            SURPRISE_DOWN,
            POISONED_RECEIVED,
            COMPLETION_TIMEOUT,
            COMPLETER_ABORT,
            UNEXPECTED_COMPLETION,
            MALFORMED,
            UNSUPPORTED_REQUEST,
            ACS_VIOLATION
        };
    }

    private static BitField[] correctable() {
        return new BitField[] {RECEIVER_ERROR, BAD_TLP, REPLAY_ROLLOVER, REPLAY_TIMEOUT, ADVISORY_NON_FATAL};
    }
}
