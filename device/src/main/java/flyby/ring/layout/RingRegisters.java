package flyby.ring.layout;

import static flyby.register.BitField.bit;
import static flyby.register.RegisterMap.Access.READ_ONLY;
import static flyby.register.RegisterMap.Access.READ_WRITE;

import flyby.register.BitField;
import flyby.register.RegisterMap;

/// The registers of the ring device, all in region 0, and its descriptors. Both are Flyby's own: this table and the
/// comments below are their specification.
///
/// [#ENTRIES] descriptors of [#DESCRIPTOR_BYTES] stand one behind the other from [#RING] on. Software fills the
/// next ones and writes to [#TAIL] how many it has filled since the device was enabled; the device fetches them,
/// fills or reads their buffers, several at once, and writes into each, in the order of the ring, that it is done.
/// Software may have as many descriptors out as the ring has entries.
public final class RingRegisters {
    /// Address of the ring, a multiple of 16.
    public static final int RING = 0x00;
    /// Descriptors of the ring, 1 to 65,536; after reset 1.
    public static final int ENTRIES = 0x08;
    /// Descriptors that were posted since CONTROL.ENABLE was set, modulo 2^32.
    public static final int TAIL = 0x0c;
    /// Descriptors that are done since then, modulo 2^32.
    public static final int HEAD = 0x10;
    /// Asks for one interrupt, as soon as the count of those done differs from what is written here.
    public static final int ARM = 0x14;
    /// Whether the device works.
    public static final int CONTROL = 0x18;
    /// How it goes.
    public static final int STATUS = 0x1c;

    /// Setting it begins at the start of the ring, with nothing posted; while it is clear, nothing is fetched, and
    /// RING and ENTRIES may be written.
    public static final BitField CONTROL_ENABLE = bit("ENABLE", 0);
    /// What ARM has asked for has happened; asserts interrupt vector 0. Stays set until 1 is written to it.
    public static final BitField STATUS_INTERRUPT = bit("INTERRUPT", 0);
    /// An access failed, or a buffer did not begin with its stamp. Stays set until 1 is written to it.
    public static final BitField STATUS_ERROR = bit("ERROR", 1);

    /// Bytes of a descriptor.
    public static final int DESCRIPTOR_BYTES = 16;
    /// 8 bytes: where the buffer is.
    public static final int DESCRIPTOR_ADDRESS = 0;
    /// 4 bytes: how long it is, up to 2^31 - 1, and in bit 31 whether the device writes it.
    public static final int DESCRIPTOR_LENGTH = 8;
    /// 4 bytes, which the device writes: how many descriptors were done with this one, modulo 2^31, and in bit 31
    /// whether it failed. As each lap has other numbers, nobody needs to clear it.
    public static final int DESCRIPTOR_STATUS = 12;

    /// Of DESCRIPTOR_LENGTH: the device writes the buffer.
    public static final long LENGTH_WRITE = 1L << 31;
    /// Of DESCRIPTOR_STATUS: an access has failed.
    public static final long STATUS_FAILED = 1L << 31;
    /// Of DESCRIPTOR_STATUS: the count.
    public static final long STATUS_COUNT = STATUS_FAILED - 1;

    /// A buffer begins with the number of its descriptor since the start in as many of 8 bytes as it has.
    public static final int STAMP_BYTES = 8;

    /// The table.
    public static final RegisterMap MAP = RegisterMap.titled("Ring device")
            .register(RING, 8, READ_WRITE, "RING")
            .register(ENTRIES, 4, READ_WRITE, "ENTRIES")
            .register(TAIL, 4, READ_WRITE, "TAIL")
            .register(HEAD, 4, READ_ONLY, "HEAD")
            .register(ARM, 4, READ_WRITE, "ARM")
            .register(CONTROL, 4, READ_WRITE, "CONTROL", CONTROL_ENABLE)
            .register(STATUS, 4, READ_WRITE, "STATUS", STATUS_INTERRUPT, STATUS_ERROR)
            .build();

    private RingRegisters() {}
}
