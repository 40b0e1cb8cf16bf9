package flyby.configuration.layout;

import static flyby.register.BitField.bit;
import static flyby.register.BitField.bits;

import flyby.register.BitField;
import flyby.register.RegisterMap;
import flyby.register.RegisterMap.Access;

/// The first 64 bytes of configuration space: section 7.5.1.
public final class HeaderRegisters {
    /// Section 7.5.1.1.1. All ones: there is no function.
    public static final int VENDOR_ID = 0x00;
    /// Section 7.5.1.1.2.
    public static final int DEVICE_ID = 0x02;
    /// Section 7.5.1.1.3.
    public static final int COMMAND = 0x04;
    /// Section 7.5.1.1.4.
    public static final int STATUS = 0x06;
    /// Section 7.5.1.1.5.
    public static final int REVISION_ID = 0x08;
    /// Section 7.5.1.1.6: three bytes, the base class highest.
    public static final int CLASS_CODE = 0x09;
    /// Section 7.5.1.1.7: no effect on PCI Express.
    public static final int CACHE_LINE_SIZE = 0x0c;
    /// Section 7.5.1.1.9.
    public static final int HEADER_TYPE = 0x0e;
    /// Section 7.5.1.2.1: six in a header of type 0, two in one of type 1.
    public static final int BASE_ADDRESS = 0x10;
    /// Section 7.5.1.2.3, type 0.
    public static final int SUBSYSTEM_VENDOR_ID = 0x2c;
    /// Section 7.5.1.2.3, type 0.
    public static final int SUBSYSTEM_ID = 0x2e;
    /// Section 7.5.1.1.11: where the list of capabilities begins.
    public static final int CAPABILITIES_POINTER = 0x34;
    /// Section 7.5.1.1.12: for software's use.
    public static final int INTERRUPT_LINE = 0x3c;
    /// Section 7.5.1.1.13: 1 to 4 is INTA to INTD, 0 none.
    public static final int INTERRUPT_PIN = 0x3d;

    /// Section 7.5.1.3.1, type 1.
    public static final int PRIMARY_BUS = 0x18;
    /// Section 7.5.1.3.2, type 1.
    public static final int SECONDARY_BUS = 0x19;
    /// Section 7.5.1.3.3, type 1.
    public static final int SUBORDINATE_BUS = 0x1a;
    /// Section 7.5.1.3.6, type 1.
    public static final int IO_BASE = 0x1c;
    /// Section 7.5.1.3.6, type 1.
    public static final int IO_LIMIT = 0x1d;
    /// Section 7.5.1.3.7, type 1.
    public static final int SECONDARY_STATUS = 0x1e;
    /// Section 7.5.1.3.8, type 1.
    public static final int MEMORY_BASE = 0x20;
    /// Section 7.5.1.3.8, type 1.
    public static final int MEMORY_LIMIT = 0x22;
    /// Section 7.5.1.3.9, type 1.
    public static final int PREFETCHABLE_BASE = 0x24;
    /// Section 7.5.1.3.9, type 1.
    public static final int PREFETCHABLE_LIMIT = 0x26;
    /// Section 7.5.1.3.10, type 1.
    public static final int PREFETCHABLE_BASE_UPPER = 0x28;
    /// Section 7.5.1.3.10, type 1.
    public static final int PREFETCHABLE_LIMIT_UPPER = 0x2c;
    /// Section 7.5.1.3.11, type 1.
    public static final int IO_BASE_UPPER = 0x30;
    /// Section 7.5.1.3.11, type 1.
    public static final int IO_LIMIT_UPPER = 0x32;
    /// Section 7.5.1.3.13, type 1.
    public static final int BRIDGE_CONTROL = 0x3e;

    /// Section 7.5.1.1.3: whether I/O requests are answered.
    public static final BitField COMMAND_IO_SPACE_ENABLE = bit("I/O Space Enable", 0);
    /// Section 7.5.1.1.3: whether memory requests are answered.
    public static final BitField COMMAND_MEMORY_SPACE_ENABLE = bit("Memory Space Enable", 1);
    /// Section 7.5.1.1.3: whether the function may send requests, message interrupts among them.
    public static final BitField COMMAND_BUS_MASTER_ENABLE = bit("Bus Master Enable", 2);
    /// Section 7.5.1.1.3: what is done when poisoned packets are seen.
    public static final BitField COMMAND_PARITY_ERROR_RESPONSE = bit("Parity Error Response", 6);
    /// Section 7.5.1.1.3: reports errors that Device Control does not.
    public static final BitField COMMAND_SERR_ENABLE = bit("SERR# Enable", 8);
    /// Section 7.5.1.1.3.
    public static final BitField COMMAND_INTERRUPT_DISABLE = bit("Interrupt Disable", 10);

    /// Section 7.5.1.1.4: an INTx interrupt is pending, disabled or not.
    public static final BitField STATUS_INTERRUPT = bit("Interrupt Status", 3);
    /// Section 7.5.1.1.4: always set.
    public static final BitField STATUS_CAPABILITIES_LIST = bit("Capabilities List", 4);
    /// Section 7.5.1.1.4.
    public static final BitField STATUS_MASTER_DATA_PARITY_ERROR = bit("Master Data Parity Error", 8);
    /// Section 7.5.1.1.4: answered with Completer Abort.
    public static final BitField STATUS_SIGNALED_TARGET_ABORT = bit("Signaled Target Abort", 11);
    /// Section 7.5.1.1.4: was answered with Completer Abort.
    public static final BitField STATUS_RECEIVED_TARGET_ABORT = bit("Received Target Abort", 12);
    /// Section 7.5.1.1.4: was answered with Unsupported Request.
    public static final BitField STATUS_RECEIVED_MASTER_ABORT = bit("Received Master Abort", 13);
    /// Section 7.5.1.1.4: sent ERR_FATAL or ERR_NONFATAL.
    public static final BitField STATUS_SIGNALED_SYSTEM_ERROR = bit("Signaled System Error", 14);
    /// Section 7.5.1.1.4: got a poisoned packet.
    public static final BitField STATUS_DETECTED_PARITY_ERROR = bit("Detected Parity Error", 15);

    /// Section 7.5.1.1.9: 0, or 1 for a bridge.
    public static final BitField HEADER_LAYOUT = bits("Header Layout", 6, 0);
    /// Section 7.5.1.1.9.
    public static final BitField HEADER_MULTI_FUNCTION = bit("Multi-Function Device", 7);

    /// Section 7.5.1.2.1: I/O space, else memory.
    public static final BitField BASE_ADDRESS_IO = bit("Memory Space Indicator", 0);
    /// Section 7.5.1.2.1: 0 for 32 bits, 2 for 64.
    public static final BitField BASE_ADDRESS_TYPE = bits("Type", 2, 1);
    /// Section 7.5.1.2.1: reading has no side effects.
    public static final BitField BASE_ADDRESS_PREFETCHABLE = bit("Prefetchable", 3);

    /// Section 7.5.1.3.13: resets everything below.
    public static final BitField BRIDGE_SECONDARY_BUS_RESET = bit("Secondary Bus Reset", 6);

    /// How many Base Address Registers a header of type 0 has: section 7.5.1.2.1.
    public static final int BASE_ADDRESS_COUNT = 6;

    /// The header of type 0, of all functions that are no bridges: section 7.5.1.2.
    public static final RegisterMap TYPE_0 = common("Type 0 header")
            .register(BASE_ADDRESS, 4, Access.READ_WRITE, "Base Address 0", baseAddress())
            .register(0x14, 4, Access.READ_WRITE, "Base Address 1", baseAddress())
            .register(0x18, 4, Access.READ_WRITE, "Base Address 2", baseAddress())
            .register(0x1c, 4, Access.READ_WRITE, "Base Address 3", baseAddress())
            .register(0x20, 4, Access.READ_WRITE, "Base Address 4", baseAddress())
            .register(0x24, 4, Access.READ_WRITE, "Base Address 5", baseAddress())
            .register(SUBSYSTEM_VENDOR_ID, 2, Access.READ_ONLY, "Subsystem Vendor ID")
            .register(SUBSYSTEM_ID, 2, Access.READ_ONLY, "Subsystem ID")
            .register(CAPABILITIES_POINTER, 1, Access.READ_ONLY, "Capabilities Pointer")
            .register(INTERRUPT_LINE, 1, Access.READ_WRITE, "Interrupt Line")
            .register(INTERRUPT_PIN, 1, Access.READ_ONLY, "Interrupt Pin")
            .build();

    /// The header of type 1, of root ports and of the ports of switches: section 7.5.1.3.
    public static final RegisterMap TYPE_1 = common("Type 1 header")
            .register(BASE_ADDRESS, 4, Access.READ_WRITE, "Base Address 0", baseAddress())
            .register(0x14, 4, Access.READ_WRITE, "Base Address 1", baseAddress())
            .register(PRIMARY_BUS, 1, Access.READ_WRITE, "Primary Bus Number")
            .register(SECONDARY_BUS, 1, Access.READ_WRITE, "Secondary Bus Number")
            .register(SUBORDINATE_BUS, 1, Access.READ_WRITE, "Subordinate Bus Number")
            .register(IO_BASE, 1, Access.READ_WRITE, "I/O Base")
            .register(IO_LIMIT, 1, Access.READ_WRITE, "I/O Limit")
            .register(SECONDARY_STATUS, 2, Access.READ_WRITE, "Secondary Status")
            .register(MEMORY_BASE, 2, Access.READ_WRITE, "Memory Base")
            .register(MEMORY_LIMIT, 2, Access.READ_WRITE, "Memory Limit")
            .register(PREFETCHABLE_BASE, 2, Access.READ_WRITE, "Prefetchable Memory Base")
            .register(PREFETCHABLE_LIMIT, 2, Access.READ_WRITE, "Prefetchable Memory Limit")
            .register(PREFETCHABLE_BASE_UPPER, 4, Access.READ_WRITE, "Prefetchable Base Upper 32 Bits")
            .register(PREFETCHABLE_LIMIT_UPPER, 4, Access.READ_WRITE, "Prefetchable Limit Upper 32 Bits")
            .register(IO_BASE_UPPER, 2, Access.READ_WRITE, "I/O Base Upper 16 Bits")
            .register(IO_LIMIT_UPPER, 2, Access.READ_WRITE, "I/O Limit Upper 16 Bits")
            .register(CAPABILITIES_POINTER, 1, Access.READ_ONLY, "Capabilities Pointer")
            .register(INTERRUPT_LINE, 1, Access.READ_WRITE, "Interrupt Line")
            .register(INTERRUPT_PIN, 1, Access.READ_ONLY, "Interrupt Pin")
            .register(BRIDGE_CONTROL, 2, Access.READ_WRITE, "Bridge Control", BRIDGE_SECONDARY_BUS_RESET)
            .build();

    private HeaderRegisters() {}

    private static RegisterMap.Builder common(String title) {
        return RegisterMap.titled(title)
                .register(VENDOR_ID, 2, Access.READ_ONLY, "Vendor ID")
                .register(DEVICE_ID, 2, Access.READ_ONLY, "Device ID")
                .register(
                        COMMAND,
                        2,
                        Access.READ_WRITE,
                        "Command",
                        COMMAND_IO_SPACE_ENABLE,
                        COMMAND_MEMORY_SPACE_ENABLE,
                        COMMAND_BUS_MASTER_ENABLE,
                        COMMAND_PARITY_ERROR_RESPONSE,
                        COMMAND_SERR_ENABLE,
                        COMMAND_INTERRUPT_DISABLE)
                .register(
                        STATUS,
                        2,
                        Access.READ_WRITE,
                        "Status",
                        STATUS_INTERRUPT,
                        STATUS_CAPABILITIES_LIST,
                        STATUS_MASTER_DATA_PARITY_ERROR,
                        STATUS_SIGNALED_TARGET_ABORT,
                        STATUS_RECEIVED_TARGET_ABORT,
                        STATUS_RECEIVED_MASTER_ABORT,
                        STATUS_SIGNALED_SYSTEM_ERROR,
                        STATUS_DETECTED_PARITY_ERROR)
                .register(REVISION_ID, 1, Access.READ_ONLY, "Revision ID")
                .register(CLASS_CODE, 3, Access.READ_ONLY, "Class Code")
                .register(CACHE_LINE_SIZE, 1, Access.READ_WRITE, "Cache Line Size")
                .register(HEADER_TYPE, 1, Access.READ_ONLY, "Header Type", HEADER_LAYOUT, HEADER_MULTI_FUNCTION);
    }

    private static BitField[] baseAddress() {
        return new BitField[] {BASE_ADDRESS_IO, BASE_ADDRESS_TYPE, BASE_ADDRESS_PREFETCHABLE};
    }
}
