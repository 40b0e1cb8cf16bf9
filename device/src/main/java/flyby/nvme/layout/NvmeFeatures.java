package flyby.nvme.layout;

import static flyby.register.BitField.bit;
import static flyby.register.BitField.bits;

import flyby.register.BitField;

/// The features of Get Features and Set Features: NVM Express Base Specification 1.4, sections 5.13 and 5.21.
public final class NvmeFeatures {
    public static final int ARBITRATION = 0x01;
    public static final int POWER_MANAGEMENT = 0x02;
    public static final int TEMPERATURE_THRESHOLD = 0x04;
    public static final int ERROR_RECOVERY = 0x05;
    public static final int VOLATILE_WRITE_CACHE = 0x06;
    public static final int NUMBER_OF_QUEUES = 0x07;
    public static final int INTERRUPT_COALESCING = 0x08;
    public static final int INTERRUPT_VECTOR_CONFIGURATION = 0x09;
    public static final int WRITE_ATOMICITY_NORMAL = 0x0a;
    public static final int ASYNCHRONOUS_EVENT_CONFIGURATION = 0x0b;
    public static final int TIMESTAMP = 0x0e;

    /// Of Command Dword 10: Feature Identifier.
    public static final BitField FID = bits("FID", 7, 0);
    /// Of Command Dword 10 of Get Features: Select.
    public static final BitField SEL = bits("SEL", 10, 8);
    /// Of Command Dword 10 of Set Features: Save.
    public static final BitField SV = bit("SV", 31);

    public static final int SEL_CURRENT = 0;
    public static final int SEL_DEFAULT = 1;
    public static final int SEL_SAVED = 2;
    public static final int SEL_CAPABILITIES = 3;

    /// What [#SEL_CAPABILITIES] gets of a feature that can be changed and is the whole controller's.
    public static final int CAPABILITY_CHANGEABLE = 1 << 2;

    /// Of Arbitration: entries of a turn, as a power of 2; 7: no limit.
    public static final BitField ARBITRATION_BURST = bits("AB", 2, 0);
    /// Of Temperature Threshold, in kelvins.
    public static final BitField TMPTH = bits("TMPTH", 15, 0);
    public static final BitField TMPSEL = bits("TMPSEL", 19, 16);
    public static final BitField THSEL = bits("THSEL", 21, 20);
    /// Of Volatile Write Cache: enabled.
    public static final BitField WCE = bit("WCE", 0);
    /// Of Number of Queues: Submission Queues, less 1.
    public static final BitField NSQ = bits("NSQ", 15, 0);
    /// Of Number of Queues: Completion Queues, less 1.
    public static final BitField NCQ = bits("NCQ", 31, 16);
    /// Of Interrupt Coalescing: Aggregation Threshold in entries, less 1.
    public static final BitField THR = bits("THR", 7, 0);
    /// Of Interrupt Coalescing: Aggregation Time in 100 us.
    public static final BitField TIME = bits("TIME", 15, 8);
    /// Of Interrupt Vector Configuration.
    public static final BitField IV = bits("IV", 15, 0);
    /// Of Interrupt Vector Configuration: Coalescing Disable.
    public static final BitField CD = bit("CD", 16);

    private NvmeFeatures() {}
}
