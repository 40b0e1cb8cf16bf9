package flyby.ioat.layout;

import static flyby.register.BitField.bit;
import static flyby.register.BitField.bits;
import static flyby.register.RegisterMap.Access.READ_ONLY;
import static flyby.register.RegisterMap.Access.READ_WRITE;

import flyby.register.BitField;
import flyby.register.RegisterMap;

/// The registers of Intel's I/OAT DMA engine that are the whole device's, all in region 0; each channel has
/// [IoatChannelRegisters] besides. Intel, Xeon Processor E7 v2 Product Family Datasheet, volume two, section 14.5;
/// where
/// that leaves a question, as Linux's drivers/dma/ioat/registers.h and dma.c need it.
public final class IoatRegisters {
    /// What region 0 claims.
    public static final int REGION_BYTES = 0x4000;
    /// Where region 0 has the MSI-X table: section 14.4.19.
    public static final int MSIX_TABLE = 0x2000;
    /// Where it has its Pending Bit Array: section 14.4.20.
    public static final int MSIX_PENDING = 0x3000;
    /// As many channels as Linux's driver takes of one function: dma.h, IOAT_MAX_CHANS.
    public static final int CHANNELS_MAX = 4;

    /// How many channels there are.
    public static final int CHANNEL_COUNT = 0x00;
    /// The largest copy of one descriptor, as a power of two.
    public static final int TRANSFER_CAPACITY = 0x01;
    /// Debugging; without effect here.
    public static final int GENERAL_CONTROL = 0x02;
    /// Whether there are interrupts, and of which kind.
    public static final int INTERRUPT_CONTROL = 0x03;
    /// Which channels have interrupted since it was read: bit `c` for channel `c`. Reading clears it, as the driver,
    /// which never writes it, needs it.
    public static final int ATTENTION_STATUS = 0x04;
    /// The version of the interface.
    public static final int VERSION = 0x08;
    /// 0: channels' registers stand where they do.
    public static final int PORT_OFFSET = 0x0a;
    /// How long interrupts may be gathered. It does not say that they can be, and here they are not.
    public static final int INTERRUPT_DELAY = 0x0c;
    /// 0: nothing is restricted.
    public static final int DEVICE_STATUS = 0x0e;
    /// What it can do beside copying: nothing.
    public static final int CAPABILITY = 0x10;
    /// 0: there are no registers for Direct Cache Access.
    public static final int DCA_OFFSET = 0x14;
    /// Priorities: 0, as all channels have the same. Section 14.5.11.
    public static final int PRIORITY = 0x40;

    /// Lets the device interrupt.
    public static final BitField INTERRUPT_MASTER = bit("MASTER_INT_EN", 0);
    /// Whether a channel has attention.
    public static final BitField INTERRUPT_STATUS = bit("INT_STATUS", 1);
    /// Both.
    public static final BitField INTERRUPT_BOTH = bit("INT", 2);
    /// Channel `c` drives vector `c`; without it, all channels drive vector 0.
    public static final BitField INTERRUPT_VECTORS = bit("MSIX_VECTOR_CONTROL", 3);
    /// In microseconds.
    public static final BitField DELAY_TIME = bits("DELAY", 13, 0);

    /// What VERSION reads as: 3.2.
    public static final int VERSION_VALUE = 0x32;

    /// The table.
    public static final RegisterMap MAP = RegisterMap.titled("I/OAT")
            .register(CHANNEL_COUNT, 1, READ_ONLY, "CHANCNT", bits("COUNT", 4, 0))
            .register(TRANSFER_CAPACITY, 1, READ_ONLY, "XFERCAP", bits("LOG2", 4, 0))
            .register(GENERAL_CONTROL, 1, READ_WRITE, "GENCTRL", bit("DEBUG_EN", 0))
            .register(
                    INTERRUPT_CONTROL,
                    1,
                    READ_WRITE,
                    "INTRCTRL",
                    INTERRUPT_MASTER,
                    INTERRUPT_STATUS,
                    INTERRUPT_BOTH,
                    INTERRUPT_VECTORS)
            .register(ATTENTION_STATUS, 4, READ_ONLY, "ATTNSTATUS", bits("CHANNELS", 3, 0))
            .register(VERSION, 1, READ_ONLY, "CBVER", bits("MAJOR", 7, 4), bits("MINOR", 3, 0))
            .register(PORT_OFFSET, 2, READ_ONLY, "PERPORTOFFSET")
            .register(INTERRUPT_DELAY, 2, READ_WRITE, "INTRDELAY", DELAY_TIME)
            .register(DEVICE_STATUS, 2, READ_ONLY, "CS_STATUS")
            .register(CAPABILITY, 4, READ_ONLY, "DMACAPABILITY")
            .register(DCA_OFFSET, 2, READ_ONLY, "DCAOFFSET")
            .register(PRIORITY, 1, READ_ONLY, "CBPRIO")
            .build();

    private IoatRegisters() {}
}
