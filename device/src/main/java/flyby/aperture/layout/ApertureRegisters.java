package flyby.aperture.layout;

import static flyby.register.BitField.bit;
import static flyby.register.RegisterMap.Access.READ_ONLY;
import static flyby.register.RegisterMap.Access.READ_WRITE;

import flyby.register.BitField;
import flyby.register.RegisterMap;

/// The registers of the device with memory of its own, all in region 0; region [#MEMORY] is that memory. The register
/// set is Flyby's own: this table and the comments below are its specification.
///
/// The device carries out operations, each an [ApertureDescriptor] in a ring of the host's memory. Software
/// writes descriptors and then how many there have been to [#TAIL]; the device fetches one, works for
/// [#WORK_NANOS], moves its bytes, writes how many are done to [#REPORT] if CONTROL.REPORT is set, and counts it for
/// the
/// interrupt. Then it takes the next one.
///
/// An interrupt is due when [#COALESCE_COUNT] operations have ended that software has not seen, or [#COALESCE_NANOS]
/// after the first of them. Software says with [#SEEN] how many it has seen; if more have ended meanwhile, the
/// interrupt
/// comes again.
///
/// RING, RING_COUNT and REPORT may be written only while CONTROL.ENABLE is clear.
public final class ApertureRegisters {
    /// Address of the first descriptor.
    public static final int RING = 0x00;
    /// Descriptors of the ring, 1 or more; after reset 1.
    public static final int RING_COUNT = 0x08;
    /// How many descriptors there have been, modulo 2^32. Writing it is the doorbell.
    public static final int TAIL = 0x0c;
    /// Where the device writes [#DONE_COUNT], 4 bytes.
    public static final int REPORT = 0x10;
    /// Operations that one interrupt tells of, 1 or more; after reset 1.
    public static final int COALESCE_COUNT = 0x18;
    /// How long an operation that has ended waits at most for its interrupt, in nanoseconds; 0, as after reset: for
    /// ever.
    public static final int COALESCE_NANOS = 0x1c;
    /// What is switched on.
    public static final int CONTROL = 0x20;
    /// How it goes.
    public static final int STATUS = 0x24;
    /// Operations that are done, modulo 2^32.
    public static final int DONE_COUNT = 0x28;
    /// How many operations software has seen to be done, modulo 2^32. Writing it takes the interrupt back.
    public static final int SEEN = 0x30;
    /// What the device does with an operation before it moves its bytes takes so many nanoseconds; after reset 0.
    public static final int WORK_NANOS = 0x2c;

    /// Operations are carried out. Clearing it lets the one that is under way end.
    public static final BitField CONTROL_ENABLE = bit("ENABLE", 0);
    /// Whether STATUS.END and STATUS.ERROR assert interrupt vector 0.
    public static final BitField CONTROL_INTERRUPT = bit("INTERRUPT", 1);
    /// Whether [#REPORT] is written.
    public static final BitField CONTROL_REPORT = bit("REPORT", 2);

    /// An interrupt is due.
    public static final BitField STATUS_END = bit("END", 0);
    /// Nothing answered at an address, or a descriptor leaves the memory; ENABLE was cleared. Stays set until 1 is
    /// written to it.
    public static final BitField STATUS_ERROR = bit("ERROR", 1);

    /// The region that is the memory.
    public static final int MEMORY = 2;
    /// The size of the memory.
    public static final int MEMORY_BYTES = 0x10_0000;

    /// The table.
    public static final RegisterMap MAP = RegisterMap.titled("Device with memory")
            .register(RING, 8, READ_WRITE, "RING")
            .register(RING_COUNT, 4, READ_WRITE, "RING_COUNT")
            .register(TAIL, 4, READ_WRITE, "TAIL")
            .register(REPORT, 8, READ_WRITE, "REPORT")
            .register(COALESCE_COUNT, 4, READ_WRITE, "COALESCE_COUNT")
            .register(COALESCE_NANOS, 4, READ_WRITE, "COALESCE_NANOS")
            .register(CONTROL, 4, READ_WRITE, "CONTROL", CONTROL_ENABLE, CONTROL_INTERRUPT, CONTROL_REPORT)
            .register(STATUS, 4, READ_WRITE, "STATUS", STATUS_END, STATUS_ERROR)
            .register(DONE_COUNT, 4, READ_ONLY, "DONE_COUNT")
            .register(WORK_NANOS, 4, READ_WRITE, "WORK_NANOS")
            .register(SEEN, 4, READ_WRITE, "SEEN")
            .build();

    private ApertureRegisters() {}
}
