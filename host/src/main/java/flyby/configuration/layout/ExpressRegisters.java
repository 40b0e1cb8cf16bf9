package flyby.configuration.layout;

import static flyby.register.BitField.bit;
import static flyby.register.BitField.bits;

import flyby.register.BitField;
import flyby.register.RegisterMap;
import flyby.register.RegisterMap.Access;

/// The PCI Express capability: section 7.5.3.
public final class ExpressRegisters {
    /// Section 7.5.3.2.
    public static final int CAPABILITIES = 0x02;
    /// Section 7.5.3.3.
    public static final int DEVICE_CAPABILITIES = 0x04;
    /// Section 7.5.3.4.
    public static final int DEVICE_CONTROL = 0x08;
    /// Section 7.5.3.5.
    public static final int DEVICE_STATUS = 0x0a;
    /// Section 7.5.3.6.
    public static final int LINK_CAPABILITIES = 0x0c;
    /// Section 7.5.3.7.
    public static final int LINK_CONTROL = 0x10;
    /// Section 7.5.3.8.
    public static final int LINK_STATUS = 0x12;
    /// Section 7.5.3.12, root ports.
    public static final int ROOT_CONTROL = 0x1c;
    /// Section 7.5.3.14, root ports.
    public static final int ROOT_STATUS = 0x20;
    /// Section 7.5.3.15.
    public static final int DEVICE_CAPABILITIES_2 = 0x24;
    /// Section 7.5.3.16.
    public static final int DEVICE_CONTROL_2 = 0x28;
    /// Section 7.5.3.18.
    public static final int LINK_CAPABILITIES_2 = 0x2c;
    /// Section 7.5.3.19.
    public static final int LINK_CONTROL_2 = 0x30;

    /// Section 7.5.3.2: 2.
    public static final BitField CAPABILITIES_VERSION = bits("Capability Version", 3, 0);
    /// Section 7.5.3.2: one of the `PORT_TYPE_` values.
    public static final BitField CAPABILITIES_PORT_TYPE = bits("Device/Port Type", 7, 4);
    /// Section 7.5.3.2: whether the port goes to a slot.
    public static final BitField CAPABILITIES_SLOT = bit("Slot Implemented", 8);

    /// Section 7.5.3.2.
    public static final int PORT_TYPE_ENDPOINT = 0b0000;
    /// Section 7.5.3.2.
    public static final int PORT_TYPE_ROOT = 0b0100;
    /// Section 7.5.3.2.
    public static final int PORT_TYPE_SWITCH_UPSTREAM = 0b0101;
    /// Section 7.5.3.2.
    public static final int PORT_TYPE_SWITCH_DOWNSTREAM = 0b0110;

    /// Section 7.5.3.3: 128 bytes shifted left by the value.
    public static final BitField DEVICE_CAP_MAX_PAYLOAD = bits("Max_Payload_Size Supported", 2, 0);
    /// Section 7.5.3.3.
    public static final BitField DEVICE_CAP_EXTENDED_TAG = bit("Extended Tag Field Supported", 5);
    /// Section 7.5.3.3: always set since revision 1.1.
    public static final BitField DEVICE_CAP_ROLE_BASED = bit("Role-Based Error Reporting", 15);
    /// Section 7.5.3.3.
    public static final BitField DEVICE_CAP_FLR = bit("Function Level Reset Capability", 28);

    /// Section 7.5.3.4.
    public static final BitField DEVICE_CORRECTABLE_ENABLE = bit("Correctable Error Reporting Enable", 0);
    /// Section 7.5.3.4.
    public static final BitField DEVICE_NON_FATAL_ENABLE = bit("Non-Fatal Error Reporting Enable", 1);
    /// Section 7.5.3.4.
    public static final BitField DEVICE_FATAL_ENABLE = bit("Fatal Error Reporting Enable", 2);
    /// Section 7.5.3.4.
    public static final BitField DEVICE_UNSUPPORTED_ENABLE = bit("Unsupported Request Reporting Enable", 3);
    /// Section 7.5.3.4.
    public static final BitField DEVICE_RELAXED_ORDERING = bit("Enable Relaxed Ordering", 4);
    /// Section 7.5.3.4: 128 bytes shifted left by the value.
    public static final BitField DEVICE_MAX_PAYLOAD = bits("Max_Payload_Size", 7, 5);
    /// Section 7.5.3.4.
    public static final BitField DEVICE_EXTENDED_TAG = bit("Extended Tag Field Enable", 8);
    /// Section 7.5.3.4.
    public static final BitField DEVICE_NO_SNOOP = bit("Enable No Snoop", 11);
    /// Section 7.5.3.4: 128 bytes shifted left by the value.
    public static final BitField DEVICE_MAX_READ_REQUEST = bits("Max_Read_Request_Size", 14, 12);
    /// Section 7.5.3.4: write 1; reads as 0.
    public static final BitField DEVICE_INITIATE_FLR = bit("Initiate Function Level Reset", 15);

    /// Section 7.5.3.5: write 1 to clear.
    public static final BitField DEVICE_CORRECTABLE_DETECTED = bit("Correctable Error Detected", 0);
    /// Section 7.5.3.5: write 1 to clear.
    public static final BitField DEVICE_NON_FATAL_DETECTED = bit("Non-Fatal Error Detected", 1);
    /// Section 7.5.3.5: write 1 to clear.
    public static final BitField DEVICE_FATAL_DETECTED = bit("Fatal Error Detected", 2);
    /// Section 7.5.3.5: write 1 to clear.
    public static final BitField DEVICE_UNSUPPORTED_DETECTED = bit("Unsupported Request Detected", 3);
    /// Section 7.5.3.5: requests of this function have not been answered.
    public static final BitField DEVICE_TRANSACTIONS_PENDING = bit("Transactions Pending", 5);

    /// Section 7.5.3.6: 1 is 2.5 GT/s, and so on by generation.
    public static final BitField LINK_MAX_SPEED = bits("Max Link Speed", 3, 0);
    /// Section 7.5.3.6: lanes.
    public static final BitField LINK_MAX_WIDTH = bits("Maximum Link Width", 9, 4);
    /// Section 7.5.3.6.
    public static final BitField LINK_PORT_NUMBER = bits("Port Number", 31, 24);
    /// Section 7.5.3.7: 0 for 64 bytes, 1 for 128.
    public static final BitField LINK_READ_COMPLETION_BOUNDARY = bit("Read Completion Boundary", 3);
    /// Section 7.5.3.7, downstream ports.
    public static final BitField LINK_DISABLE = bit("Link Disable", 4);
    /// Section 7.5.3.7, downstream ports: reads as 0.
    public static final BitField LINK_RETRAIN = bit("Retrain Link", 5);
    /// Section 7.5.3.8.
    public static final BitField LINK_SPEED = bits("Current Link Speed", 3, 0);
    /// Section 7.5.3.8.
    public static final BitField LINK_WIDTH = bits("Negotiated Link Width", 9, 4);
    /// Section 7.5.3.8, downstream ports.
    public static final BitField LINK_ACTIVE = bit("Data Link Layer Link Active", 13);

    /// Section 7.5.3.15: A to D, lowest bit first.
    public static final BitField DEVICE_CAP_2_TIMEOUT_RANGES = bits("Completion Timeout Ranges Supported", 3, 0);
    /// Section 7.5.3.15.
    public static final BitField DEVICE_CAP_2_TIMEOUT_DISABLE = bit("Completion Timeout Disable Supported", 4);
    /// Section 7.5.3.15, downstream ports.
    public static final BitField DEVICE_CAP_2_ARI_FORWARDING = bit("ARI Forwarding Supported", 5);
    /// Section 7.5.3.15.
    public static final BitField DEVICE_CAP_2_TEN_BIT_COMPLETER = bit("10-Bit Tag Completer Supported", 16);
    /// Section 7.5.3.15.
    public static final BitField DEVICE_CAP_2_TEN_BIT_REQUESTER = bit("10-Bit Tag Requester Supported", 17);

    /// Section 7.5.3.16.
    public static final BitField DEVICE_2_TIMEOUT_VALUE = bits("Completion Timeout Value", 3, 0);
    /// Section 7.5.3.16.
    public static final BitField DEVICE_2_TIMEOUT_DISABLE = bit("Completion Timeout Disable", 4);
    /// Section 7.5.3.16, downstream ports.
    public static final BitField DEVICE_2_ARI_FORWARDING = bit("ARI Forwarding Enable", 5);
    /// Section 7.5.3.16.
    public static final BitField DEVICE_2_IDO_REQUEST = bit("IDO Request Enable", 8);
    /// Section 7.5.3.16.
    public static final BitField DEVICE_2_IDO_COMPLETION = bit("IDO Completion Enable", 9);
    /// Section 7.5.3.16.
    public static final BitField DEVICE_2_TEN_BIT_REQUESTER = bit("10-Bit Tag Requester Enable", 12);

    /// Section 7.5.3.
    public static final RegisterMap MAP = RegisterMap.titled("PCI Express")
            .register(0x00, 1, Access.READ_ONLY, "Capability ID")
            .register(0x01, 1, Access.READ_ONLY, "Next Capability Pointer")
            .register(
                    CAPABILITIES,
                    2,
                    Access.READ_ONLY,
                    "PCI Express Capabilities",
                    CAPABILITIES_VERSION,
                    CAPABILITIES_PORT_TYPE,
                    CAPABILITIES_SLOT)
            .register(
                    DEVICE_CAPABILITIES,
                    4,
                    Access.READ_ONLY,
                    "Device Capabilities",
                    DEVICE_CAP_MAX_PAYLOAD,
                    DEVICE_CAP_EXTENDED_TAG,
                    DEVICE_CAP_ROLE_BASED,
                    DEVICE_CAP_FLR)
            .register(
                    DEVICE_CONTROL,
                    2,
                    Access.READ_WRITE,
                    "Device Control",
                    DEVICE_CORRECTABLE_ENABLE,
                    DEVICE_NON_FATAL_ENABLE,
                    DEVICE_FATAL_ENABLE,
                    DEVICE_UNSUPPORTED_ENABLE,
                    DEVICE_RELAXED_ORDERING,
                    DEVICE_MAX_PAYLOAD,
                    DEVICE_EXTENDED_TAG,
                    DEVICE_NO_SNOOP,
                    DEVICE_MAX_READ_REQUEST,
                    DEVICE_INITIATE_FLR)
            .register(
                    DEVICE_STATUS,
                    2,
                    Access.READ_WRITE,
                    "Device Status",
                    DEVICE_CORRECTABLE_DETECTED,
                    DEVICE_NON_FATAL_DETECTED,
                    DEVICE_FATAL_DETECTED,
                    DEVICE_UNSUPPORTED_DETECTED,
                    DEVICE_TRANSACTIONS_PENDING)
            .register(
                    LINK_CAPABILITIES,
                    4,
                    Access.READ_ONLY,
                    "Link Capabilities",
                    LINK_MAX_SPEED,
                    LINK_MAX_WIDTH,
                    LINK_PORT_NUMBER)
            .register(
                    LINK_CONTROL,
                    2,
                    Access.READ_WRITE,
                    "Link Control",
                    LINK_READ_COMPLETION_BOUNDARY,
                    LINK_DISABLE,
                    LINK_RETRAIN)
            .register(LINK_STATUS, 2, Access.READ_ONLY, "Link Status", LINK_SPEED, LINK_WIDTH, LINK_ACTIVE)
            .register(0x14, 4, Access.READ_ONLY, "Slot Capabilities")
            .register(0x18, 2, Access.READ_WRITE, "Slot Control")
            .register(0x1a, 2, Access.READ_WRITE, "Slot Status")
            .register(ROOT_CONTROL, 2, Access.READ_WRITE, "Root Control")
            .register(0x1e, 2, Access.READ_ONLY, "Root Capabilities")
            .register(ROOT_STATUS, 4, Access.READ_WRITE, "Root Status")
            .register(
                    DEVICE_CAPABILITIES_2,
                    4,
                    Access.READ_ONLY,
                    "Device Capabilities 2",
                    DEVICE_CAP_2_TIMEOUT_RANGES,
                    DEVICE_CAP_2_TIMEOUT_DISABLE,
                    DEVICE_CAP_2_ARI_FORWARDING,
                    DEVICE_CAP_2_TEN_BIT_COMPLETER,
                    DEVICE_CAP_2_TEN_BIT_REQUESTER)
            .register(
                    DEVICE_CONTROL_2,
                    2,
                    Access.READ_WRITE,
                    "Device Control 2",
                    DEVICE_2_TIMEOUT_VALUE,
                    DEVICE_2_TIMEOUT_DISABLE,
                    DEVICE_2_ARI_FORWARDING,
                    DEVICE_2_IDO_REQUEST,
                    DEVICE_2_IDO_COMPLETION,
                    DEVICE_2_TEN_BIT_REQUESTER)
            .register(0x2a, 2, Access.READ_ONLY, "Device Status 2")
            .register(LINK_CAPABILITIES_2, 4, Access.READ_ONLY, "Link Capabilities 2")
            .register(LINK_CONTROL_2, 2, Access.READ_WRITE, "Link Control 2")
            .register(0x32, 2, Access.READ_ONLY, "Link Status 2")
            .register(0x34, 4, Access.READ_ONLY, "Slot Capabilities 2")
            .register(0x38, 2, Access.READ_WRITE, "Slot Control 2")
            .register(0x3a, 2, Access.READ_ONLY, "Slot Status 2")
            .build();

    private ExpressRegisters() {}
}
