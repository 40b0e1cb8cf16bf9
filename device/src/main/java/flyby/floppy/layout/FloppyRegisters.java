package flyby.floppy.layout;

import static flyby.register.BitField.bit;
import static flyby.register.BitField.bits;

import flyby.register.BitField;
import flyby.register.RegisterMap;
import flyby.register.RegisterMap.Access;

/// Registers of a floppy-disk controller in a PC, from port 0x3f0 on. Intel 82077AA data sheet 290166, section 2.1;
/// MAIN_STATUS and DATA are the µPD765's, the others are latches that IBM's adapter has beside it.
public final class FloppyRegisters {
    /// Where a PC has the first controller.
    public static final int PORT = 0x3f0;

    /// Digital output register.
    public static final int DOR = 0x2;

    public static final int MAIN_STATUS = 0x4;

    /// Commands and their parameters in, results out.
    public static final int DATA = 0x5;

    /// Configuration control register: the data rate.
    public static final int CCR = 0x7;

    /// How many ports there are.
    public static final int PORTS = 8;

    public static final BitField DOR_DRIVE = bits("DRIVE", 1, 0);

    /// 0 holds the controller in reset.
    public static final BitField DOR_NOT_RESET = bit("NOT_RESET", 2);

    /// Lets DRQ and INT through to the bus.
    public static final BitField DOR_DMA_GATE = bit("DMA_GATE", 3);

    public static final BitField DOR_MOTOR_0 = bit("MOTOR_0", 4);

    /// Drives 0 to 3 seek.
    public static final BitField STATUS_SEEKING = bits("SEEKING", 3, 0);

    /// A command is in progress.
    public static final BitField STATUS_BUSY = bit("BUSY", 4);

    /// 1: DATA can be read. 0: it can be written. Counts only with RQM.
    public static final BitField STATUS_DIO = bit("DIO", 6);

    /// DATA may be accessed.
    public static final BitField STATUS_RQM = bit("RQM", 7);

    public static final BitField CCR_RATE = bits("RATE", 1, 0);

    /// Values of [#CCR_RATE].
    public static final int RATE_500K = 0;

    public static final int RATE_300K = 1;
    public static final int RATE_250K = 2;
    public static final int RATE_1M = 3;

    public static final RegisterMap MAP = RegisterMap.titled("Floppy-disk controller")
            .register(DOR, 1, Access.READ_WRITE, "DOR", DOR_DRIVE, DOR_NOT_RESET, DOR_DMA_GATE, DOR_MOTOR_0)
            .register(
                    MAIN_STATUS,
                    1,
                    Access.READ_ONLY,
                    "MAIN_STATUS",
                    STATUS_SEEKING,
                    STATUS_BUSY,
                    STATUS_DIO,
                    STATUS_RQM)
            .register(DATA, 1, Access.READ_WRITE, "DATA")
            .register(CCR, 1, Access.WRITE_ONLY, "CCR", CCR_RATE)
            .build();

    private FloppyRegisters() {}
}
