package flyby.copy.layout;

import static flyby.register.BitField.bit;
import static flyby.register.BitField.bits;
import static flyby.register.RegisterMap.Access.READ_ONLY;
import static flyby.register.RegisterMap.Access.READ_WRITE;

import flyby.register.BitField;
import flyby.register.RegisterMap;

/// The registers of the copy engine, all in region 0. The register set is Flyby's own: this table and the
/// comments below are its specification.
///
/// One job copies [#BLOCKS] blocks of [#LENGTH] bytes. Block `k` goes from `SRC + s` to `DST + s` with
/// `s = (k mod RING) * LENGTH`: a list of blocks that lie one behind the other, or a ring of them that is used
/// again and again. Each block is copied in units of [#UNIT] bytes, the last one perhaps shorter, of which up
/// to [#WINDOW] are under way at once, in any order. Source and destination must not overlap.
///
/// Registers other than [#STATUS] may be written only while [#STATUS_BUSY] is clear; writes at other times are
/// ignored. Values out of range are clipped to the range.
public final class CopyEngineRegisters {
    /// Address of the first block to read.
    public static final int SRC = 0x00;
    /// Address of the first block to write.
    public static final int DST = 0x08;
    /// Bytes of one block, 0 to 2^63 - 1.
    public static final int LENGTH = 0x10;
    /// Bytes of one unit, 1 up to what the engine was built with; that is also the value after reset.
    public static final int UNIT = 0x18;
    /// Units under way at once, 1 up to what the engine was built with; that is also the value after reset.
    public static final int WINDOW = 0x1c;
    /// Blocks of one job, 1 or more.
    public static final int BLOCKS = 0x20;
    /// After how many blocks the addresses start again, 1 or more; after reset 2^32 - 1: a list.
    public static final int RING = 0x24;
    /// Start bit and interrupt enable.
    public static final int CONTROL = 0x28;
    /// How it goes.
    public static final int STATUS = 0x2c;
    /// Blocks copied since the start of the job.
    public static final int DONE_COUNT = 0x30;

    /// Starts the job. Reads as 0.
    public static final BitField CONTROL_START = bit("START", 0);
    /// Whether STATUS.END and STATUS.ERROR assert interrupt vector 0.
    public static final BitField CONTROL_INTERRUPT = bit("INTERRUPT", 1);

    /// A job is under way.
    public static final BitField STATUS_BUSY = bit("BUSY", 0);
    /// A block has ended. Stays set until 1 is written to it.
    public static final BitField STATUS_END = bit("END", 1);
    /// Nothing answered at an address, and the job was given up. Stays set until 1 is written to it.
    public static final BitField STATUS_ERROR = bit("ERROR", 2);

    /// The table.
    public static final RegisterMap MAP = RegisterMap.titled("Copy engine")
            .register(SRC, 8, READ_WRITE, "SRC")
            .register(DST, 8, READ_WRITE, "DST")
            .register(LENGTH, 8, READ_WRITE, "LENGTH")
            .register(UNIT, 4, READ_WRITE, "UNIT")
            .register(WINDOW, 4, READ_WRITE, "WINDOW", bits("COUNT", 7, 0))
            .register(BLOCKS, 4, READ_WRITE, "BLOCKS")
            .register(RING, 4, READ_WRITE, "RING")
            .register(CONTROL, 4, READ_WRITE, "CONTROL", CONTROL_START, CONTROL_INTERRUPT)
            .register(STATUS, 4, READ_WRITE, "STATUS", STATUS_BUSY, STATUS_END, STATUS_ERROR)
            .register(DONE_COUNT, 4, READ_ONLY, "DONE_COUNT")
            .build();

    private CopyEngineRegisters() {}
}
