package flyby.zoo.engine;

/// The engine as software sees it: registers in BAR 0, memory in BAR 2, descriptors and completions in the host's
/// memory. Everything is little-endian. It is Flyby's own, made of what is common among the devices that the catalogue
/// of bugs is from.
///
/// There are three ways to work: one operation at a time by [#GO]; a ring of descriptors, told by the doorbell [#TAIL]
/// or polled; and, with either, completions in a queue of their own with a phase bit.
public final class EngineRegisters {
    /// What BAR 0 claims, in bytes.
    public static final int REGISTER_BYTES = 0x1000;

    /// What BAR 2 claims, in bytes: memory of the engine's own.
    public static final int MEMORY_BYTES = 0x1_0000;

    /// Reads as [#ID_VALUE].
    public static final int ID = 0x00;

    public static final long ID_VALUE = 0x5a4f_4f01L;

    public static final int CONTROL = 0x04;
    /// The ring is worked through, from descriptor 0 on. Cleared: the descriptor under way is finished, then it stops;
    /// [#STATUS_BUSY] tells when. A descriptor that waits for something to come in is not under way.
    public static final long CONTROL_RUN = 1;

    /// Held in reset while set; takes effect if it is set for [#RESET_PICOS]. An access that is under way then ends
    /// all the same, as [#STATUS_BUSY] tells.
    public static final long CONTROL_RESET = 1 << 1;

    /// 1 us.
    public static final long RESET_PICOS = 1_000_000;

    /// Events that are not masked raise the interrupt.
    public static final long CONTROL_INTERRUPTS = 1 << 2;

    /// The ring is looked at every so often, without a doorbell: whoever owns the next descriptor says its OWN bit.
    public static final long CONTROL_POLL = 1 << 3;

    /// Completions go to the queue, too; when it is set, from entry 0 on, with phase 1.
    public static final long CONTROL_QUEUE = 1 << 4;

    /// What happened. Writing a 1 clears the bit; if others are left, they interrupt again.
    public static final int STATUS = 0x08;

    /// An operation or a descriptor that does not write memory is done.
    public static final long STATUS_SENT = 1;

    /// One that writes memory is.
    public static final long STATUS_RECEIVED = 1 << 1;

    /// An access has failed, or a descriptor is none.
    public static final long STATUS_ERROR = 1 << 2;

    /// The link has changed.
    public static final long STATUS_LINK = 1 << 3;

    /// Something is under way. Read-only.
    public static final long STATUS_BUSY = 1L << 31;

    /// Events whose bits are 0 raise no interrupt.
    public static final int MASK = 0x0c;

    /// Where the ring begins, 64 bits in two registers; aligned to [#RING_ALIGNMENT], lower bits are ignored.
    /// Nothing that says where and how large ring and queue are can be written while [#CONTROL_RUN] is set.
    public static final int RING_LOW = 0x10;

    public static final int RING_HIGH = 0x14;

    /// 64 bytes; of rings and of queues.
    public static final int RING_ALIGNMENT = 64;

    /// How many descriptors the ring has: 1 to 4,096, not necessarily a power of two.
    public static final int RING_SIZE = 0x18;

    public static final int RING_SIZE_MAX = 4096;

    /// The doorbell: the index behind the last descriptor that is the engine's. If it is [#HEAD], none is: one
    /// descriptor of the ring is always software's. The engine stops before a descriptor that is not its own, and
    /// looks again after the next doorbell. 0 when [#CONTROL_RUN] is cleared.
    public static final int TAIL = 0x1c;

    /// The index of the descriptor that is next. Read-only.
    public static final int HEAD = 0x20;

    /// How long buffers are whose descriptors say 0.
    public static final int BUFFER_SIZE = 0x24;

    /// Where the completion queue begins, 64 bits in two registers, aligned as rings are.
    public static final int QUEUE_LOW = 0x30;

    public static final int QUEUE_HIGH = 0x34;

    /// How many entries it has.
    public static final int QUEUE_SIZE = 0x38;

    /// The doorbell of the queue: the index of the entry that software looks at next. The engine waits before it
    /// would write that one in the next round.
    public static final int QUEUE_HEAD = 0x3c;

    /// One operation: where, 64 bits in two registers.
    public static final int ADDRESS_LOW = 0x40;

    public static final int ADDRESS_HIGH = 0x44;

    /// How many bytes.
    public static final int LENGTH = 0x48;

    /// Where in the engine's memory it reads from or writes to.
    public static final int OFFSET = 0x4c;

    /// Starts it: [#GO_READ] or [#GO_WRITE]; or takes it back if it has not begun: 0.
    public static final int GO = 0x50;

    /// The engine reads the host's memory, into its own.
    public static final long GO_READ = 1;

    /// It writes the host's memory, out of its own.
    public static final long GO_WRITE = 2;

    /// How many bytes the last operation has moved, which may be fewer than it was to. Read-only.
    public static final int RESULT = 0x54;

    // A descriptor.

    public static final int DESCRIPTOR_BYTES = 32;

    /// 64 bits: the buffer, as the engine reaches it.
    public static final int DESCRIPTOR_ADDRESS = 0;

    /// 32 bits: how long it is. 0: as [#BUFFER_SIZE] says.
    public static final int DESCRIPTOR_LENGTH = 8;

    /// 32 bits: software's; comes back in the completion.
    public static final int DESCRIPTOR_ID = 12;

    /// 32 bits, written by the engine: how many bytes there were.
    public static final int DESCRIPTOR_RESULT = 16;

    /// 32 bits, and of what the engine writes the last.
    public static final int DESCRIPTOR_CONTROL = 20;

    /// It is the engine's; the engine clears it when it is through.
    public static final long CONTROL_OWN = 1L << 31;

    /// The engine writes the buffer, with the next packet that came in, as far as there is room; else it reads it.
    public static final long CONTROL_WRITE = 1L << 30;

    /// It is the first, or the last, of those of one packet to be sent. Packets that come in have one descriptor.
    public static final long CONTROL_FIRST = 1L << 29;

    public static final long CONTROL_LAST = 1L << 28;

    /// An event is told when it is done.
    public static final long CONTROL_EVENT = 1L << 27;

    /// Set by the engine: it is done, or has failed.
    public static final long CONTROL_DONE = 1L << 26;

    public static final long CONTROL_FAILED = 1L << 25;

    /// Set later than the others, by engines that write the word twice: nothing that follows will change it.
    public static final long CONTROL_FINAL = 1L << 24;

    /// What the low half must hold, if the engine looks at it; what it holds later.
    public static final long CONTROL_MAGIC = 0xad4bL;

    public static final long CONTROL_LOW_HALF = 0xffffL;

    // A completion.

    public static final int COMPLETION_BYTES = 16;

    /// 32 bits: the descriptor's.
    public static final int COMPLETION_ID = 0;

    /// 32 bits: how many bytes there were.
    public static final int COMPLETION_LENGTH = 4;

    /// 32 bits: 0, or 1 if it failed.
    public static final int COMPLETION_STATUS = 8;

    /// 32 bits; bit 0 is 1 in the first round through the queue, 0 in the second, and so on. Written last.
    public static final int COMPLETION_PHASE = 12;

    private EngineRegisters() {}
}
