package flyby.plx.layout;

import static flyby.register.BitField.bit;
import static flyby.register.BitField.bits;

import flyby.register.BitField;

/// A descriptor of PLX's DMA engine: 16 bytes in memory, little-endian. `struct plx_dma_hw_std_desc` of Linux's
/// drivers/dma/plx_dma.c, its first section.
///
/// ```
///  31 30 29 28 27 26                                  0
/// +-----------------------------------------------------+
/// | V| I| R| W| E|                 SIZE                 |  0x0
/// |  source 47:32            |  destination 47:32       |  0x4
/// |                 destination 31:0                    |  0x8
/// |                    source 31:0                      |  0xc
/// +-----------------------------------------------------+
/// ```
/// Software fills it and sets VALID last. The engine copies SIZE bytes and writes the first word back, with VALID
/// clear, how it went, and in SIZE how many bytes it has moved: the driver takes its residue from there.
public final class PlxDescriptor {
    public static final int BYTES = 16;

    /// 4 bytes: flags and SIZE.
    public static final int FLAGS = 0x0;
    /// 2 bytes: bits 47:32 of the destination.
    public static final int DESTINATION_HIGH = 0x4;
    /// 2 bytes: bits 47:32 of the source.
    public static final int SOURCE_HIGH = 0x6;
    /// 4 bytes: bits 31:0 of the destination.
    public static final int DESTINATION_LOW = 0x8;
    /// 4 bytes: bits 31:0 of the source.
    public static final int SOURCE_LOW = 0xc;

    /// The engine may have it.
    public static final BitField VALID = bit("VALID", 31);
    /// Asks for an interrupt when it is done.
    public static final BitField INTERRUPT = bit("INT_WHEN_DONE", 30);
    /// A descriptor of the other format, of 32 bytes: VCA, plx_dma.h. There is none here; it fails as unreadable.
    public static final BitField EXTENDED = bit("EXTD_DESC", 27);
    /// How many bytes; all values are lengths, 0 too.
    public static final BitField SIZE = bits("SIZE", 26, 0);

    /// Written back: all bytes were moved.
    public static final BitField SUCCESS = bit("WB_SUCCESS", 30);
    /// Written back: a read failed.
    public static final BitField READ_FAILED = bit("WB_RD_FAIL", 29);
    /// Written back: a write failed.
    public static final BitField WRITE_FAILED = bit("WB_WR_FAIL", 28);

    private PlxDescriptor() {}
}
