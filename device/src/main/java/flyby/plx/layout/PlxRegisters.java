package flyby.plx.layout;

import static flyby.register.BitField.bit;
import static flyby.register.BitField.bits;
import static flyby.register.RegisterMap.Access.READ_ONLY;
import static flyby.register.RegisterMap.Access.READ_WRITE;

import flyby.register.BitField;
import flyby.register.RegisterMap;

/// The registers of the DMA engine of PLX's PEX 8700 switches, those of its only channel, all in region 0. Their data
/// book is not public: names, places and fields are those of Linux's drivers/dma/plx_dma.c, its first section; what
/// only Intel's driver of 2017 for the same engine (VCA, plx_dma.h) has is marked so. The first speaks of registers of
/// 32 and of 16 bits, and so does this table; parts of them can be accessed, too.
///
/// The engine takes descriptors from a ring in memory ([PlxDescriptor]), one after the other, from [#RING_NEXT] on.
/// What software knows of a descriptor is what the engine writes into it.
public final class PlxRegisters {
    /// What region 0 claims. Flyby's own: the driver asks for no more than the table has.
    public static final int REGION_BYTES = 0x1000;

    /// The low half of the ring's address.
    public static final int RING_ADDRESS = 0x214;
    /// The high half, also of RING_NEXT and RING_LAST.
    public static final int RING_ADDRESS_HIGH = 0x218;
    /// The low half of the address of the descriptor that comes next.
    public static final int RING_NEXT = 0x21c;
    /// How many descriptors the ring has.
    public static final int RING_COUNT = 0x220;
    /// The low half of the address of the descriptor that was done last.
    public static final int RING_LAST = 0x224;
    /// How many bytes that one has moved.
    public static final int RING_LAST_SIZE = 0x228;
    /// How many descriptors are fetched ahead, in a code of which only 8, four of them, is known.
    public static final int PREFETCH_LIMIT = 0x234;
    /// Commands, and what became of them.
    public static final int CONTROL = 0x238;
    /// How transfers are cut, and whether one is in progress: bits 31:16 of the register at CONTROL.
    public static final int CONTROL_2 = 0x23a;
    /// Which events interrupt.
    public static final int INTERRUPT_CONTROL = 0x23c;
    /// Which have happened.
    public static final int INTERRUPT_STATUS = 0x23e;

    /// Finishes the descriptor at hand and takes no other, until it is clear again.
    public static final BitField CONTROL_GRACEFUL_PAUSE = bit("GRACEFUL_PAUSE", 0);
    /// Gives up the descriptor at hand.
    public static final BitField CONTROL_ABORT = bit("ABORT", 1);
    /// Whether descriptors are written back.
    public static final BitField CONTROL_WRITE_BACK = bit("WRITE_BACK_EN", 2);
    /// Takes descriptors until one is not valid. Reads as 1 until then.
    public static final BitField CONTROL_START = bit("START", 3);
    /// Named by the driver, which leaves it clear; without effect here.
    public static final BitField CONTROL_RING_STOP = bit("RING_STOP_MODE", 4);
    /// Where descriptors are: [#MODE_OFF_CHIP] is the only mode here.
    public static final BitField CONTROL_MODE = bits("DESC_MODE", 6, 5);
    /// The next descriptor is not valid, so that the engine has stopped. Written 1 to clear, as the three below.
    public static final BitField CONTROL_INVALID = bit("DESC_INVALID", 8);
    /// It stands still, as GRACEFUL_PAUSE asked.
    public static final BitField CONTROL_PAUSE_DONE = bit("GRACEFUL_PAUSE_DONE", 9);
    /// It stands still, as ABORT asked.
    public static final BitField CONTROL_ABORT_DONE = bit("ABORT_DONE", 10);
    /// Never set here: with what an immediate pause is asked for is not known.
    public static final BitField CONTROL_IMMEDIATE_PAUSE_DONE = bit("IMM_PAUSE_DONE", 12);

    /// Descriptors are in memory.
    public static final int MODE_OFF_CHIP = 2;

    /// The largest transfer on the wire, in a code. Without effect here, where the engine is built with one.
    public static final BitField CONTROL_2_MAX_TRANSFER = bits("MAX_TXFR_SIZE", 2, 0);
    /// A descriptor is at work: bit 30 of the register at CONTROL.
    public static final BitField CONTROL_2_IN_PROGRESS = bit("IN_PROGRESS", 14);

    /// In INTERRUPT_CONTROL: lets ERROR interrupt, and so on. DESC_DONE has none: each descriptor says whether it
    /// interrupts. The same bits of INTERRUPT_STATUS tell of the events; they are written 1 to clear.
    public static final BitField INTERRUPT_ERROR = bit("ERROR", 0);
    /// The next descriptor is not valid.
    public static final BitField INTERRUPT_INVALID = bit("INV_DESC", 1);
    /// A descriptor that asked for it is done.
    public static final BitField INTERRUPT_DONE = bit("DESC_DONE", 2);
    /// An abort is done.
    public static final BitField INTERRUPT_ABORT_DONE = bit("ABORT_DONE", 3);
    /// A graceful pause is done.
    public static final BitField INTERRUPT_PAUSE_DONE = bit("PAUSE_DONE", 4);
    /// An immediate pause is done.
    public static final BitField INTERRUPT_IMMEDIATE_PAUSE_DONE = bit("IMM_PAUSE_DONE", 5);

    /// The table.
    public static final RegisterMap MAP = RegisterMap.titled("PLX DMA engine")
            .register(RING_ADDRESS, 4, READ_WRITE, "DESC_RING_ADDR")
            .register(RING_ADDRESS_HIGH, 4, READ_WRITE, "DESC_RING_ADDR_HI")
            .register(RING_NEXT, 4, READ_WRITE, "DESC_RING_NEXT_ADDR")
            .register(RING_COUNT, 4, READ_WRITE, "DESC_RING_COUNT")
            .register(RING_LAST, 4, READ_ONLY, "DESC_RING_LAST_ADDR")
            .register(RING_LAST_SIZE, 4, READ_ONLY, "DESC_RING_LAST_SIZE")
            .register(PREFETCH_LIMIT, 4, READ_WRITE, "PREF_LIMIT")
            .register(
                    CONTROL,
                    2,
                    READ_WRITE,
                    "CTRL",
                    CONTROL_GRACEFUL_PAUSE,
                    CONTROL_ABORT,
                    CONTROL_WRITE_BACK,
                    CONTROL_START,
                    CONTROL_RING_STOP,
                    CONTROL_MODE,
                    CONTROL_INVALID,
                    CONTROL_PAUSE_DONE,
                    CONTROL_ABORT_DONE,
                    CONTROL_IMMEDIATE_PAUSE_DONE)
            .register(CONTROL_2, 2, READ_WRITE, "CTRL2", CONTROL_2_MAX_TRANSFER, CONTROL_2_IN_PROGRESS)
            .register(
                    INTERRUPT_CONTROL,
                    2,
                    READ_WRITE,
                    "INTR_CTRL",
                    INTERRUPT_ERROR,
                    INTERRUPT_INVALID,
                    INTERRUPT_ABORT_DONE,
                    INTERRUPT_PAUSE_DONE,
                    INTERRUPT_IMMEDIATE_PAUSE_DONE)
            .register(
                    INTERRUPT_STATUS,
                    2,
                    READ_WRITE,
                    "INTR_STATUS",
                    INTERRUPT_ERROR,
                    INTERRUPT_INVALID,
                    INTERRUPT_DONE,
                    INTERRUPT_ABORT_DONE,
                    INTERRUPT_PAUSE_DONE,
                    INTERRUPT_IMMEDIATE_PAUSE_DONE)
            .build();

    private PlxRegisters() {}
}
