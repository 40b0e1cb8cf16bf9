package flyby.i8237.layout;

import static flyby.register.BitField.bit;
import static flyby.register.BitField.bits;

import flyby.register.BitField;
import flyby.register.RegisterMap;
import flyby.register.RegisterMap.Access;

/// Registers and software commands of the Intel 8237A, by A3 to A0; data sheet 231466, sections "Register
/// Description" and "Software Commands".
public final class I8237Registers {
    /// Current address of channel 0; the others follow every two. Low byte first, then high, by the first/last
    /// flip-flop. Writing sets base and current address.
    public static final int ADDRESS = 0x0;

    /// Current word count of channel 0: transfers still to be made, less one. The others follow every two.
    public static final int COUNT = 0x1;

    /// Reading: status. Reading clears the TC bits.
    public static final int STATUS = 0x8;

    /// Writing: command.
    public static final int COMMAND = 0x8;

    public static final int REQUEST = 0x9;
    public static final int SINGLE_MASK = 0xa;
    public static final int MODE = 0xb;
    public static final int CLEAR_FLIP_FLOP = 0xc;

    /// Reading: the last byte moved memory-to-memory.
    public static final int TEMPORARY = 0xd;

    /// Writing anything: as a hardware reset.
    public static final int MASTER_CLEAR = 0xd;

    public static final int CLEAR_MASK = 0xe;
    public static final int ALL_MASK = 0xf;

    public static final BitField COMMAND_MEMORY_TO_MEMORY = bit("MEMORY_TO_MEMORY", 0);
    public static final BitField COMMAND_ADDRESS_HOLD = bit("CHANNEL_0_ADDRESS_HOLD", 1);
    public static final BitField COMMAND_DISABLE = bit("CONTROLLER_DISABLE", 2);
    public static final BitField COMMAND_COMPRESSED = bit("COMPRESSED_TIMING", 3);
    public static final BitField COMMAND_ROTATING = bit("ROTATING_PRIORITY", 4);
    public static final BitField COMMAND_EXTENDED_WRITE = bit("EXTENDED_WRITE", 5);
    public static final BitField COMMAND_DREQ_LOW = bit("DREQ_ACTIVE_LOW", 6);
    public static final BitField COMMAND_DACK_HIGH = bit("DACK_ACTIVE_HIGH", 7);

    public static final BitField MODE_CHANNEL = bits("CHANNEL", 1, 0);
    public static final BitField MODE_TYPE = bits("TRANSFER_TYPE", 3, 2);
    public static final BitField MODE_AUTOINITIALIZE = bit("AUTOINITIALIZE", 4);
    public static final BitField MODE_DECREMENT = bit("ADDRESS_DECREMENT", 5);
    public static final BitField MODE_SERVICE = bits("MODE", 7, 6);

    /// Values of [#MODE_TYPE].
    public static final int TYPE_VERIFY = 0;

    /// Peripheral to memory.
    public static final int TYPE_WRITE = 1;

    /// Memory to peripheral.
    public static final int TYPE_READ = 2;

    /// Values of [#MODE_SERVICE].
    public static final int SERVICE_DEMAND = 0;

    public static final int SERVICE_SINGLE = 1;
    public static final int SERVICE_BLOCK = 2;
    public static final int SERVICE_CASCADE = 3;

    /// The channel in writes of REQUEST and SINGLE_MASK.
    public static final BitField SELECT_CHANNEL = bits("CHANNEL", 1, 0);

    /// Set or clear in writes of REQUEST and SINGLE_MASK.
    public static final BitField SELECT_SET = bit("SET", 2);

    public static final BitField STATUS_TC = bits("TERMINAL_COUNT", 3, 0);
    public static final BitField STATUS_REQUEST = bits("REQUEST", 7, 4);

    /// The most transfers that one programming of a channel can make.
    public static final int TRANSFERS_MAX = 1 << 16;

    public static final RegisterMap MAP = RegisterMap.titled("Intel 8237A")
            .register(0x0, 1, Access.READ_WRITE, "ADDRESS0")
            .register(0x1, 1, Access.READ_WRITE, "COUNT0")
            .register(0x2, 1, Access.READ_WRITE, "ADDRESS1")
            .register(0x3, 1, Access.READ_WRITE, "COUNT1")
            .register(0x4, 1, Access.READ_WRITE, "ADDRESS2")
            .register(0x5, 1, Access.READ_WRITE, "COUNT2")
            .register(0x6, 1, Access.READ_WRITE, "ADDRESS3")
            .register(0x7, 1, Access.READ_WRITE, "COUNT3")
            .register(STATUS, 1, Access.READ_ONLY, "STATUS", STATUS_TC, STATUS_REQUEST)
            .register(
                    COMMAND,
                    1,
                    Access.WRITE_ONLY,
                    "COMMAND",
                    COMMAND_MEMORY_TO_MEMORY,
                    COMMAND_ADDRESS_HOLD,
                    COMMAND_DISABLE,
                    COMMAND_COMPRESSED,
                    COMMAND_ROTATING,
                    COMMAND_EXTENDED_WRITE,
                    COMMAND_DREQ_LOW,
                    COMMAND_DACK_HIGH)
            .register(REQUEST, 1, Access.WRITE_ONLY, "REQUEST", SELECT_CHANNEL, SELECT_SET)
            .register(SINGLE_MASK, 1, Access.WRITE_ONLY, "SINGLE_MASK", SELECT_CHANNEL, SELECT_SET)
            .register(
                    MODE,
                    1,
                    Access.WRITE_ONLY,
                    "MODE",
                    MODE_CHANNEL,
                    MODE_TYPE,
                    MODE_AUTOINITIALIZE,
                    MODE_DECREMENT,
                    MODE_SERVICE)
            .register(CLEAR_FLIP_FLOP, 1, Access.WRITE_ONLY, "CLEAR_FLIP_FLOP")
            .register(TEMPORARY, 1, Access.READ_ONLY, "TEMPORARY")
            .register(MASTER_CLEAR, 1, Access.WRITE_ONLY, "MASTER_CLEAR")
            .register(CLEAR_MASK, 1, Access.WRITE_ONLY, "CLEAR_MASK")
            .register(ALL_MASK, 1, Access.WRITE_ONLY, "ALL_MASK", bits("MASK", 3, 0))
            .build();

    private I8237Registers() {}
}
