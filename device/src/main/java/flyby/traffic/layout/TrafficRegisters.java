package flyby.traffic.layout;

import static flyby.register.BitField.bit;
import static flyby.register.RegisterMap.Access.READ_ONLY;
import static flyby.register.RegisterMap.Access.READ_WRITE;

import flyby.register.BitField;
import flyby.register.RegisterMap;

/// The registers of the traffic generator, all in region 0. The register set is Flyby's own: this table and the
/// comments below are its specification.
///
/// A job makes [#COUNT] operations on a window of [#WINDOW] bytes from [#ADDRESS] on. The window consists of
/// places, one every [#UNIT] bytes; an operation moves [#SIZE] bytes from [#OFFSET] of its place on. Of each READS
/// + WRITES operations, READS are reads, evenly spread. Up to [#DEPTH] operations are under way at once.
///
/// Registers other than [#STATUS] may be written only while [#STATUS_BUSY] is clear, but for CONTROL.STOP; writes
/// at other times are ignored. Values out of range are clipped to the range.
public final class TrafficRegisters {
    /// Address of the window.
    public static final int ADDRESS = 0x00;
    /// Bytes of the window; at least one place is used.
    public static final int WINDOW = 0x08;
    /// Where the random places begin.
    public static final int SEED = 0x10;
    /// Operations of one job; 0: until CONTROL.STOP.
    public static final int COUNT = 0x18;
    /// Operations that are done before measuring begins.
    public static final int WARM_UP = 0x20;
    /// The least time from one operation's start to the next one's, in picoseconds.
    public static final int INTERVAL = 0x28;
    /// Operations that are over since the start of the job.
    public static final int DONE_COUNT = 0x30;
    /// Bytes of one operation, 1 up to what the generator was built with; that is also the value after reset.
    public static final int SIZE = 0x38;
    /// Bytes from the start of a place to the first byte that is moved.
    public static final int OFFSET = 0x3c;
    /// Bytes from one place to the next, 1 or more; after reset 64.
    public static final int UNIT = 0x40;
    /// Places from one operation to the next, unless CONTROL.RANDOM is set; after reset 1: in sequence.
    public static final int STRIDE = 0x44;
    /// How many of READS + WRITES operations are reads; after reset 1.
    public static final int READS = 0x48;
    /// How many of READS + WRITES operations are writes; after reset 0. With neither, all are reads.
    public static final int WRITES = 0x4c;
    /// Operations under way at once, 1 up to what the generator was built with; that is also the value after reset.
    public static final int DEPTH = 0x50;
    /// Start, stop, and the ways of going about it.
    public static final int CONTROL = 0x54;
    /// How it goes.
    public static final int STATUS = 0x58;

    /// Starts the job. Reads as 0.
    public static final BitField CONTROL_START = bit("START", 0);
    /// Starts no further operation. Reads as 0.
    public static final BitField CONTROL_STOP = bit("STOP", 1);
    /// Places are drawn at random, all equally likely.
    public static final BitField CONTROL_RANDOM = bit("RANDOM", 2);
    /// Each operation is a write and then a read of the same bytes, one operation at a time; what comes back is
    /// compared.
    public static final BitField CONTROL_READ_BACK = bit("READ_BACK", 3);
    /// Whether STATUS.END asserts interrupt vector 0.
    public static final BitField CONTROL_INTERRUPT = bit("INTERRUPT", 4);
    /// Each write begins with the stamp of its place, and each read is compared with it: [Stamps].
    public static final BitField CONTROL_CHECK = bit("CHECK", 5);

    /// A job is under way.
    public static final BitField STATUS_BUSY = bit("BUSY", 0);
    /// The job has ended. Stays set until 1 is written to it.
    public static final BitField STATUS_END = bit("END", 1);
    /// An operation failed, or wrong bytes came back. Stays set until 1 is written to it.
    public static final BitField STATUS_ERROR = bit("ERROR", 2);

    /// The table.
    public static final RegisterMap MAP = RegisterMap.titled("Traffic generator")
            .register(ADDRESS, 8, READ_WRITE, "ADDRESS")
            .register(WINDOW, 8, READ_WRITE, "WINDOW")
            .register(SEED, 8, READ_WRITE, "SEED")
            .register(COUNT, 8, READ_WRITE, "COUNT")
            .register(WARM_UP, 8, READ_WRITE, "WARM_UP")
            .register(INTERVAL, 8, READ_WRITE, "INTERVAL")
            .register(DONE_COUNT, 8, READ_ONLY, "DONE_COUNT")
            .register(SIZE, 4, READ_WRITE, "SIZE")
            .register(OFFSET, 4, READ_WRITE, "OFFSET")
            .register(UNIT, 4, READ_WRITE, "UNIT")
            .register(STRIDE, 4, READ_WRITE, "STRIDE")
            .register(READS, 4, READ_WRITE, "READS")
            .register(WRITES, 4, READ_WRITE, "WRITES")
            .register(DEPTH, 4, READ_WRITE, "DEPTH")
            .register(
                    CONTROL,
                    4,
                    READ_WRITE,
                    "CONTROL",
                    CONTROL_START,
                    CONTROL_STOP,
                    CONTROL_RANDOM,
                    CONTROL_READ_BACK,
                    CONTROL_INTERRUPT,
                    CONTROL_CHECK)
            .register(STATUS, 4, READ_WRITE, "STATUS", STATUS_BUSY, STATUS_END, STATUS_ERROR)
            .build();

    private TrafficRegisters() {}
}
