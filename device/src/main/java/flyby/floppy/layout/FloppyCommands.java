package flyby.floppy.layout;

import static flyby.register.BitField.bit;
import static flyby.register.BitField.bits;

import flyby.register.BitField;

/// Commands and status bytes of the µPD765 family. Intel 82077AA data sheet 290166, section 5 (commands)
/// and section 4 (status registers); the same bits stand in Linux's `fdreg.h`.
public final class FloppyCommands {
    /// Bits of the first byte that say what to do; those above are [#MULTI_TRACK], [#MFM] and [#SKIP].
    public static final BitField CODE = bits("CODE", 4, 0);

    /// Goes on with sector 1 of head 1 behind the last sector of head 0.
    public static final BitField MULTI_TRACK = bit("MT", 7);

    /// Double density.
    public static final BitField MFM = bit("MFM", 6);

    /// Skips deleted sectors, of which this model has none.
    public static final BitField SKIP = bit("SK", 5);

    public static final int SPECIFY = 0x03;
    public static final int WRITE_DATA = 0x05;
    public static final int READ_DATA = 0x06;
    public static final int RECALIBRATE = 0x07;
    public static final int SENSE_INTERRUPT_STATUS = 0x08;
    public static final int SEEK = 0x0f;

    /// How many bytes READ DATA and WRITE DATA take: command, drive and head, C, H, R, N, EOT, GPL, DTL.
    public static final int DATA_COMMAND_BYTES = 9;

    /// How many bytes they answer: ST0, ST1, ST2, C, H, R, N.
    public static final int DATA_RESULT_BYTES = 7;

    /// Second byte of most commands.
    public static final BitField DRIVE = bits("DS", 1, 0);

    public static final BitField HEAD = bit("HDS", 2);

    /// SPECIFY, second byte: how long a step takes, 16 less this, in milliseconds at 500 kbit/s.
    public static final BitField SPECIFY_STEP_RATE = bits("SRT", 7, 4);

    /// In 16 ms at 500 kbit/s; 0 means 16.
    public static final BitField SPECIFY_HEAD_UNLOAD = bits("HUT", 3, 0);

    /// SPECIFY, third byte: in 2 ms at 500 kbit/s; 0 means 128.
    public static final BitField SPECIFY_HEAD_LOAD = bits("HLT", 7, 1);

    public static final BitField SPECIFY_NO_DMA = bit("ND", 0);

    /// How it ended: one of the `ENDED_` values.
    public static final BitField ST0_INTERRUPT_CODE = bits("IC", 7, 6);

    public static final BitField ST0_SEEK_END = bit("SE", 5);

    /// TRK0 did not come.
    public static final BitField ST0_EQUIPMENT_CHECK = bit("EC", 4);

    /// There is no such drive: the µPD765's; on an 82077AA the bit is unused.
    public static final BitField ST0_NOT_READY = bit("NR", 3);

    public static final int ENDED_NORMALLY = 0;
    public static final int ENDED_ABNORMALLY = 1;
    public static final int ENDED_INVALID = 2;

    /// By the polling that follows a reset.
    public static final int ENDED_BY_POLLING = 3;

    /// What an invalid command answers: ST0 with [#ENDED_INVALID].
    public static final int INVALID = 0x80;

    /// Sectors were wanted beyond EOT.
    public static final BitField ST1_END_OF_CYLINDER = bit("EN", 7);

    /// A byte was not moved in time.
    public static final BitField ST1_OVERRUN = bit("OR", 4);

    /// The sector was not found.
    public static final BitField ST1_NO_DATA = bit("ND", 2);

    public static final BitField ST1_NOT_WRITABLE = bit("NW", 1);

    /// Nothing on the track could be read: it was written at another rate, or in another density.
    public static final BitField ST1_MISSING_ADDRESS_MARK = bit("MA", 0);

    /// The track is of another cylinder than the one asked for.
    public static final BitField ST2_WRONG_CYLINDER = bit("WC", 4);

    private FloppyCommands() {}
}
