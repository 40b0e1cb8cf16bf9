package flyby.dmac.layout;

import static flyby.register.BitField.bit;
import static flyby.register.BitField.bits;

import flyby.register.BitField;
import flyby.register.RegisterMap;
import flyby.register.RegisterMap.Access;

/// Registers of Flyby's classic DMA controller: one channel, the lifecycle of the Intel 8237A without its history.
///
/// The register set is Flyby's own. What it shares with the 8237A (data sheet 231466-005) is named as there: the
/// count is one less than the number of bytes and 16 bits wide, TC ends a transfer, reading STATUS does not clear
/// it.
public final class DmacRegisters {
    /// Physical address of the next byte in memory.
    public static final int ADDRESS = 0x00;

    /// Bytes still to be moved, less one: 0 is one byte, 0xFFFF is 65,536.
    public static final int COUNT = 0x04;

    public static final int MODE = 0x08;
    public static final int CONTROL = 0x0c;
    public static final int STATUS = 0x10;

    /// How the controller asks for the bus: one of the `MODE_TENURE_` values.
    public static final BitField MODE_TENURE = bits("TENURE", 1, 0);

    /// Cycle stealing: one bus cycle, then the CPU has the bus again. The 8237A's single mode.
    public static final int TENURE_CYCLE_STEALING = 0;

    /// Burst: the bus is kept until the count is done. The 8237A's block mode.
    public static final int TENURE_BURST = 1;

    /// Transparent: only bus time that the CPU leaves unused.
    public static final int TENURE_TRANSPARENT = 2;

    /// 1: memory to peripheral. 0: peripheral to memory.
    public static final BitField MODE_FROM_MEMORY = bit("FROM_MEMORY", 2);

    /// Writing 1 starts a transfer with ADDRESS, COUNT and MODE as they are. Ignored while STATUS.BUSY.
    public static final BitField CONTROL_START = bit("START", 0);

    /// Whether the end of a transfer raises the interrupt.
    public static final BitField CONTROL_INTERRUPT_ENABLE = bit("INTERRUPT_ENABLE", 1);

    public static final BitField STATUS_BUSY = bit("BUSY", 0);

    /// Terminal count: all bytes were moved. Writing 1 clears it and takes the interrupt back.
    public static final BitField STATUS_TC = bit("TC", 1);

    /// Nothing answered at the address; the transfer ended early. Writing 1 clears it and takes the interrupt back.
    public static final BitField STATUS_ERROR = bit("ERROR", 2);

    /// The most bytes that one transfer can move.
    public static final int BYTES_MAX = 1 << 16;

    public static final RegisterMap MAP = RegisterMap.titled("Classic DMA controller")
            .register(ADDRESS, 4, Access.READ_WRITE, "ADDRESS")
            .register(COUNT, 4, Access.READ_WRITE, "COUNT", bits("COUNT", 15, 0))
            .register(MODE, 4, Access.READ_WRITE, "MODE", MODE_TENURE, MODE_FROM_MEMORY)
            .register(CONTROL, 4, Access.READ_WRITE, "CONTROL", CONTROL_START, CONTROL_INTERRUPT_ENABLE)
            .register(STATUS, 4, Access.READ_WRITE, "STATUS", STATUS_BUSY, STATUS_TC, STATUS_ERROR)
            .build();

    private DmacRegisters() {}
}
