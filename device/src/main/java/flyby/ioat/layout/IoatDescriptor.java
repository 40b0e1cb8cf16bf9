package flyby.ioat.layout;

import static flyby.register.BitField.bit;
import static flyby.register.BitField.bits;

import flyby.register.BitField;

/// A descriptor of Intel's I/OAT DMA engine: 64 bytes in memory, aligned to 64, little-endian. `struct
/// ioat_dma_descriptor` of Linux's drivers/dma/ioat/hw.h, section "struct ioat_dma_descriptor"; the datasheet of the
/// registers does not have it.
///
/// ```
///  63                           32 31                            0
/// +-------------------------------+-------------------------------+
/// |            CONTROL            |             SIZE              |  0x00
/// |                            SOURCE                             |  0x08
/// |                          DESTINATION                          |  0x10
/// |                             NEXT                              |  0x18
/// |              reserved, and two words of software's            |  0x20
/// +---------------------------------------------------------------+
/// ```
/// NEXT is read with the rest: a chain is linked before it is counted in DMACOUNT.
public final class IoatDescriptor {
    public static final int BYTES = 64;

    /// 4 bytes: how many, 1 to 2^XFERCAP; not 0 in a null descriptor either.
    public static final int SIZE = 0x00;
    /// 4 bytes: what it is, and what comes with its end.
    public static final int CONTROL = 0x04;
    /// 8 bytes.
    public static final int SOURCE = 0x08;
    /// 8 bytes.
    public static final int DESTINATION = 0x10;
    /// 8 bytes: the address of the next descriptor.
    public static final int NEXT = 0x18;

    /// Interrupts when it is done and, if that is asked for too, its completion is written.
    public static final BitField CONTROL_INTERRUPT = bit("INT_EN", 0);
    /// The source is not snooped. Here it is in any case, and the destination.
    public static final BitField CONTROL_SOURCE_NO_SNOOP = bit("SRC_SNOOP_DIS", 1);
    /// The destination is not snooped.
    public static final BitField CONTROL_DESTINATION_NO_SNOOP = bit("DEST_SNOOP_DIS", 2);
    /// Its completion is written.
    public static final BitField CONTROL_COMPLETION = bit("COMPL_WRITE", 3);
    /// Those behind it begin when it is done. Here each one does in any case.
    public static final BitField CONTROL_FENCE = bit("FENCE", 4);
    /// Copies nothing.
    public static final BitField CONTROL_NULL = bit("NULL", 5);
    /// What it does: 0, which copies, is all that there is here.
    public static final BitField CONTROL_OPERATION = bits("OP", 31, 24);

    private IoatDescriptor() {}
}
