package flyby.sgdma.layout;

import static flyby.register.BitField.bit;
import static flyby.register.BitField.bits;

import flyby.register.BitField;

/// A descriptor of the scatter-gather DMA engine: 64 bytes in memory, aligned to 64, little-endian. Flyby's own.
/// The layout is Flyby's own.
///
/// ```
///  63            48 47            32 31            16 15             0
/// +-----------------------------------------------------------------+
/// |             LENGTH              |     MAGIC      |    CONTROL    |  0x00
/// |                         SOURCE, or PATTERN                      |  0x08
/// |                           DESTINATION                           |  0x10
/// |                              NEXT                               |  0x18
/// |            ADJACENT             |             FRAMES            |  0x20
/// |         DESTINATION_GAP         |           SOURCE_GAP          |  0x28
/// |                     STATUS, written by the engine               |  0x30
/// |                     software's; the engine never looks          |  0x38
/// +-----------------------------------------------------------------+
/// ```
/// What the engine does, by TYPE, with addresses modulo 2^64:
///
/// - COPY: `LENGTH` bytes from SOURCE to DESTINATION. A scatter-gather list is a chain of these.
/// - FILL: byte `i` of the `LENGTH` at DESTINATION becomes byte `i mod 8` of PATTERN.
/// - INTERLEAVED: `FRAMES` times `LENGTH` bytes. Frame `f` goes from `SOURCE + f * (LENGTH + SOURCE_GAP)` to
///   `DESTINATION + f * (LENGTH + DESTINATION_GAP)`. Gaps are unsigned bytes; `struct dma_interleaved_template`.
/// - NULL: nothing, for its flags or as a link to elsewhere.
///
/// A descriptor of no bytes accesses nothing but itself and is complete as soon as those before it are: it is no
/// error. A unit never goes over the end of a frame.
public final class SgDescriptor {
    public static final int BYTES = 64;

    public static final int CONTROL = 0x00;
    /// In bytes; of a frame, if there are several.
    public static final int LENGTH = 0x04;
    public static final int SOURCE = 0x08;
    public static final int DESTINATION = 0x10;
    /// Address of the next descriptor; 0: none yet, or none ever. A channel that comes to the end of the chain and is
    /// then allowed more by COUNT reads NEXT of the last descriptor again.
    public static final int NEXT = 0x18;
    public static final int FRAMES = 0x20;
    /// How many descriptors behind that at NEXT stand there one behind the other, each leading to the following one.
    /// A hint that lets the engine fetch several at once: it uses them only as far as the links agree.
    public static final int ADJACENT = 0x24;
    public static final int SOURCE_GAP = 0x28;
    public static final int DESTINATION_GAP = 0x2c;
    /// Written as a whole when the descriptor is done, or failed, if [#STATUS_WANTED].
    public static final int STATUS = 0x30;

    public static final BitField TYPE = bits("TYPE", 3, 0);
    /// The channel's interrupt is raised when this descriptor is done. A record is written before.
    public static final BitField INTERRUPT = bit("INTERRUPT", 8);
    /// The record is written when this descriptor is done.
    public static final BitField RECORD = bit("RECORD", 9);
    /// Its STATUS is written when this descriptor is done.
    public static final BitField STATUS_WANTED = bit("STATUS", 10);
    /// No descriptor behind it begins before this one is done.
    public static final BitField FENCE = bit("FENCE", 11);
    /// It begins when all before it are done, and its units are one after the other: each is written, and the write
    /// is over, before the next is read. What it does with overlapping places is so defined. Implies FENCE.
    public static final BitField ORDERED = bit("ORDERED", 12);
    /// Must be [#MAGIC_VALUE].
    public static final BitField MAGIC = bits("MAGIC", 31, 16);

    public static final int MAGIC_VALUE = 0xf1b0;

    public static final int TYPE_COPY = 0;
    public static final int TYPE_FILL = 1;
    public static final int TYPE_INTERLEAVED = 2;
    public static final int TYPE_NULL = 3;

    /// Of [#STATUS].
    public static final BitField STATUS_DONE = bit("DONE", 0);
    /// Of [#STATUS]: one of the errors of [SgRegisters].
    public static final BitField STATUS_ERROR = bits("ERROR", 15, 8);
    /// Of [#STATUS]: bytes that were not written.
    public static final BitField STATUS_RESIDUE = bits("RESIDUE", 63, 32);

    private SgDescriptor() {}

    /// The first four bytes of a descriptor.
    public static long control(int type, long flags) {
        return MAGIC.to(MAGIC_VALUE) | TYPE.to(type) | flags;
    }
}
