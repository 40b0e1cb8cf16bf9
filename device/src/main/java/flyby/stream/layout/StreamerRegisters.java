package flyby.stream.layout;

import static flyby.register.BitField.bit;
import static flyby.register.BitField.bits;

import flyby.register.BitField;
import flyby.register.RegisterMap;
import flyby.register.RegisterMap.Access;

/// Registers of the streamer. The register set is Flyby's own.
public final class StreamerRegisters {
    public static final int CONTROL = 0x00;
    public static final int STATUS = 0x04;

    /// The FIFO. A read takes the next 1, 2, 4 or 8 bytes, a write appends them; what is not there reads as ones.
    public static final int DATA = 0x08;

    /// How many bytes the medium holds, low and high half. Read only.
    public static final int LENGTH_LOW = 0x10;

    public static final int LENGTH_HIGH = 0x14;

    /// The medium runs: into the FIFO, or out of it.
    public static final BitField CONTROL_RUN = bit("RUN", 0);

    /// 1: the FIFO's bytes go to the medium. 0: the medium's bytes come into the FIFO.
    public static final BitField CONTROL_RECORD = bit("RECORD", 1);

    /// DREQ follows the FIFO.
    public static final BitField CONTROL_DMA_ENABLE = bit("DMA_ENABLE", 2);

    /// The end of the DMA controller's count (TC) raises the interrupt.
    public static final BitField CONTROL_TC_INTERRUPT_ENABLE = bit("TC_INTERRUPT_ENABLE", 3);

    /// How many bytes can be read from (or, in recording, written to) DATA now.
    public static final BitField STATUS_LEVEL = bits("LEVEL", 15, 0);

    /// The medium has no more bytes to give.
    public static final BitField STATUS_END = bit("END", 16);

    /// The DMA controller has signalled the end of its count. Writing 1 clears it and takes the interrupt back.
    public static final BitField STATUS_TC = bit("TC", 17);

    public static final RegisterMap MAP = RegisterMap.titled("Streamer")
            .register(
                    CONTROL,
                    4,
                    Access.READ_WRITE,
                    "CONTROL",
                    CONTROL_RUN,
                    CONTROL_RECORD,
                    CONTROL_DMA_ENABLE,
                    CONTROL_TC_INTERRUPT_ENABLE)
            .register(STATUS, 4, Access.READ_WRITE, "STATUS", STATUS_LEVEL, STATUS_END, STATUS_TC)
            .register(DATA, 8, Access.READ_WRITE, "DATA")
            .register(LENGTH_LOW, 4, Access.READ_ONLY, "LENGTH_LOW")
            .register(LENGTH_HIGH, 4, Access.READ_ONLY, "LENGTH_HIGH")
            .build();

    private StreamerRegisters() {}
}
