package flyby.sgdma.layout;

import static flyby.register.BitField.bit;
import static flyby.register.BitField.bits;
import static flyby.register.RegisterMap.Access.READ_ONLY;
import static flyby.register.RegisterMap.Access.READ_WRITE;
import static flyby.register.RegisterMap.Access.WRITE_ONLY;

import flyby.register.BitField;
import flyby.register.RegisterMap;

/// The registers of the scatter-gather DMA engine, all in region 0: a few of the engine, then a block of
/// [#CHANNEL_BYTES] for each channel from [#CHANNELS_BEGIN] on. Each takes accesses of its own size. The register set
/// is Flyby's own: this table, the
/// comments below, [SgDescriptor] and [SgRecord] are its specification. What inspired it: the chain, the count of
/// descriptors as doorbell and the record with the last descriptor done are those of Intel's I/OAT (CHAINADDR,
/// DMACOUNT,
/// CHANCMP; Linux `drivers/dma/ioat/registers.h`), the magic number and the count of adjacent descriptors those of
/// Xilinx's XDMA (PG195), the status in the descriptor that of Xilinx's AXI DMA (PG021).
///
/// ```
///  software                                          channel
///  CHAIN, COUNT = n, START ------> fetch 64 bytes at CHAIN, then at NEXT, ... until COUNT are fetched
///  COUNT = n + m  ---------------> fetch m more: the chain goes on where it ended
///                                  units: read, write; as many under way as the engine's window has
///                                  all bytes of the oldest written --> status --> record --> interrupt
///  KNOWN = count in the record --> the interrupt goes, unless more has been done meanwhile
/// ```
/// **States.** START leads from IDLE to RUNNING, PAUSE from there over PAUSING to PAUSED, RESUME back. TERMINATE leads
/// over STOPPING to IDLE. An error leads over HALTING to HALTED, which only TERMINATE and a reset leave. In PAUSING,
/// STOPPING and HALTING the channel begins nothing and waits for what is under way. In PAUSED, IDLE and HALTED nothing
/// of the channel is under way: it neither reads nor writes until it is told to. A channel that has done all that
/// COUNT allows stays RUNNING.
///
/// **Order.** The units of a descriptor begin in the order of their addresses, and those of a descriptor after all of
/// the one before, but they are under way together, and their writes happen in any order. What a descriptor writes may
/// be read by one behind it only if there is a [SgDescriptor#FENCE] between, and source and destination of one may
/// overlap only if it is [SgDescriptor#ORDERED]. Descriptors are completed in the order of the chain.
///
/// **Priorities.** Whenever there is room in the engine's window, the next unit is that of the channel with the highest
/// PRIORITY that has one; among equals the turn goes round, after the channel that had it last. Units that have begun
/// are not taken back: a channel of the highest priority waits for at most one unit to end, whatever others do.
/// Descriptors are fetched beside that; each channel has a fetch of its own.
public final class SgRegisters {
    /// What the engine is: [#CAPABILITY_CHANNELS] and its kin.
    public static final int CAPABILITY = 0x00;
    /// The most bytes of a unit: what is read and written at once.
    public static final int UNIT = 0x04;
    /// The most bytes of one descriptor, in all its frames.
    public static final int LENGTH_MAX = 0x08;
    /// [#ENGINE_RESET].
    public static final int ENGINE = 0x0c;

    /// The block of channel 0.
    public static final int CHANNELS_BEGIN = 0x100;
    /// How far the blocks are apart.
    public static final int CHANNEL_BYTES = 0x80;
    /// The most channels.
    public static final int CHANNELS_MAX = 32;
    /// Where the MSI-X table is, in the same region: vector `c` is channel `c`'s.
    public static final int MSIX_TABLE = 0x2000;
    /// Where the Pending Bit Array of MSI-X is.
    public static final int MSIX_PENDING = 0x3000;
    /// What the region has to span.
    public static final int REGION_BYTES = 0x4000;

    /// Address of the first descriptor, a multiple of [SgDescriptor#BYTES]. Written in IDLE only.
    public static final int CHAIN = 0x00;
    /// Where the channel keeps its [SgRecord], a multiple of its size; 0: nowhere. Written in IDLE only.
    public static final int RECORD = 0x08;
    /// How the channel works. Written in IDLE only, but for PRIORITY and INTERRUPT, which can be changed at any time.
    public static final int CONFIG = 0x10;
    /// Commands; one at a time. Those that the state does not allow are ignored.
    public static final int COMMAND = 0x14;
    /// State and error.
    public static final int STATUS = 0x18;
    /// How many descriptors, counted from START, may be fetched; counts modulo 2^32.
    public static final int COUNT = 0x1c;
    /// How many descriptors, counted from START, software knows to be done.
    public static final int KNOWN = 0x20;
    /// Reasons for an interrupt besides descriptors; written 1s clear.
    public static final int EVENTS = 0x24;
    /// Descriptors fetched since reset; those fetched in vain count.
    public static final int FETCHED = 0x28;
    /// How many descriptors, counted from START, are done, and how many bytes of the next are written already: one
    /// access reads both. In PAUSED, IDLE and HALTED no other byte is written.
    public static final int PROGRESS = 0x30;
    /// Address of the oldest descriptor that is not done, or 0.
    public static final int CURRENT = 0x38;
    /// Where the access went that failed; in HALTED.
    public static final int FAULT_ADDRESS = 0x40;

    /// How many channels.
    public static final BitField CAPABILITY_CHANNELS = bits("CHANNELS", 7, 0);
    /// Units under way at once, of all channels together.
    public static final BitField CAPABILITY_WINDOW = bits("WINDOW", 15, 8);
    /// Descriptors that a channel keeps.
    public static final BitField CAPABILITY_PREFETCH = bits("PREFETCH", 23, 16);

    /// Resets the engine with all channels. Reads as 0. What is under way on the bus comes to its end.
    public static final BitField ENGINE_RESET = bit("RESET", 0);

    /// 3 goes before 2, and so on.
    public static final BitField CONFIG_PRIORITY = bits("PRIORITY", 1, 0);
    /// The chain ends where NEXT is 0, whatever COUNT says; a chain that leads to itself is cyclic.
    public static final BitField CONFIG_UNCOUNTED = bit("UNCOUNTED", 4);
    /// Whether the channel raises its interrupt.
    public static final BitField CONFIG_INTERRUPT = bit("INTERRUPT", 5);
    /// Reads and writes of data carry the Relaxed Ordering attribute: PCI Express, section 2.2.6.4. Fetches, status and
    /// records never do.
    public static final BitField CONFIG_RELAXED = bit("RELAXED", 6);

    /// To RUNNING, from IDLE; the counts begin at 0.
    public static final BitField COMMAND_START = bit("START", 0);
    /// To PAUSED, from RUNNING.
    public static final BitField COMMAND_PAUSE = bit("PAUSE", 1);
    /// Back to RUNNING, from PAUSED or PAUSING.
    public static final BitField COMMAND_RESUME = bit("RESUME", 2);
    /// To IDLE, from wherever.
    public static final BitField COMMAND_TERMINATE = bit("TERMINATE", 3);

    /// One of the states.
    public static final BitField STATUS_STATE = bits("STATE", 2, 0);
    /// One of the errors; until the next START.
    public static final BitField STATUS_ERROR = bits("ERROR", 15, 8);

    /// The channel is PAUSED.
    public static final BitField EVENTS_PAUSED = bit("PAUSED", 0);
    /// A TERMINATE has led to IDLE.
    public static final BitField EVENTS_TERMINATED = bit("TERMINATED", 1);
    /// The channel is HALTED.
    public static final BitField EVENTS_HALTED = bit("HALTED", 2);

    /// Of [#PROGRESS].
    public static final BitField PROGRESS_DONE = bits("DONE", 31, 0);
    /// Of [#PROGRESS], in bytes.
    public static final BitField PROGRESS_WRITTEN = bits("WRITTEN", 63, 32);

    public static final int STATE_IDLE = 0;
    public static final int STATE_RUNNING = 1;
    public static final int STATE_PAUSING = 2;
    public static final int STATE_PAUSED = 3;
    public static final int STATE_STOPPING = 4;
    public static final int STATE_HALTING = 5;
    public static final int STATE_HALTED = 6;

    public static final int ERROR_NONE = 0;
    /// A read of data was not answered, or with an error.
    public static final int ERROR_READ = 1;
    /// A write of data was refused.
    public static final int ERROR_WRITE = 2;
    /// A descriptor could not be fetched.
    public static final int ERROR_FETCH = 3;
    /// A status or record could not be written.
    public static final int ERROR_RECORD = 4;
    /// What was fetched is no descriptor: magic number, type or reserved flags.
    public static final int ERROR_DESCRIPTOR = 5;
    /// More bytes than [#LENGTH_MAX].
    public static final int ERROR_LENGTH = 6;
    /// CHAIN, NEXT or RECORD is no multiple of what it should be.
    public static final int ERROR_ALIGNMENT = 7;
    /// COUNT promises more descriptors, but NEXT of the last is 0.
    public static final int ERROR_CHAIN_END = 8;

    /// The table of the engine.
    public static final RegisterMap MAP = RegisterMap.titled("Scatter-gather DMA engine")
            .register(
                    CAPABILITY, 4, READ_ONLY, "CAPABILITY", CAPABILITY_CHANNELS, CAPABILITY_WINDOW, CAPABILITY_PREFETCH)
            .register(UNIT, 4, READ_ONLY, "UNIT")
            .register(LENGTH_MAX, 4, READ_ONLY, "LENGTH_MAX")
            .register(ENGINE, 4, READ_WRITE, "ENGINE", ENGINE_RESET)
            .build();

    /// The table of a channel.
    public static final RegisterMap CHANNEL = RegisterMap.titled("Channel of a scatter-gather DMA engine")
            .register(CHAIN, 8, READ_WRITE, "CHAIN")
            .register(RECORD, 8, READ_WRITE, "RECORD")
            .register(
                    CONFIG,
                    4,
                    READ_WRITE,
                    "CONFIG",
                    CONFIG_PRIORITY,
                    CONFIG_UNCOUNTED,
                    CONFIG_INTERRUPT,
                    CONFIG_RELAXED)
            .register(
                    COMMAND, 4, WRITE_ONLY, "COMMAND", COMMAND_START, COMMAND_PAUSE, COMMAND_RESUME, COMMAND_TERMINATE)
            .register(STATUS, 4, READ_ONLY, "STATUS", STATUS_STATE, STATUS_ERROR)
            .register(COUNT, 4, READ_WRITE, "COUNT")
            .register(KNOWN, 4, READ_WRITE, "KNOWN")
            .register(EVENTS, 4, READ_WRITE, "EVENTS", EVENTS_PAUSED, EVENTS_TERMINATED, EVENTS_HALTED)
            .register(FETCHED, 4, READ_ONLY, "FETCHED")
            .register(PROGRESS, 8, READ_ONLY, "PROGRESS", PROGRESS_DONE, PROGRESS_WRITTEN)
            .register(CURRENT, 8, READ_ONLY, "CURRENT")
            .register(FAULT_ADDRESS, 8, READ_ONLY, "FAULT_ADDRESS")
            .build();

    private SgRegisters() {}

    /// Where register `register` of channel `channel` is.
    public static int at(int channel, int register) {
        return CHANNELS_BEGIN + channel * CHANNEL_BYTES + register;
    }
}
