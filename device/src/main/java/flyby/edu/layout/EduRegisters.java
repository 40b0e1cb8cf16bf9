package flyby.edu.layout;

import static flyby.register.BitField.bit;
import static flyby.register.RegisterMap.Access.READ_ONLY;
import static flyby.register.RegisterMap.Access.READ_WRITE;
import static flyby.register.RegisterMap.Access.WRITE_ONLY;

import flyby.register.BitField;
import flyby.register.RegisterMap;

/// The registers of QEMU's teaching device, all in region 0: QEMU, "EDU device" (docs/specs/edu), section
/// "MMIO area spec".
///
/// Below [#WIDE_BEGIN] accesses have 4 bytes; from there on 4 or 8. A write of 4 bytes sets the whole register, its
/// high half to 0.
public final class EduRegisters {
    /// What region 0 claims: section "PCI specs".
    public static final int REGION_BYTES = 0x10_0000;
    /// From here on registers have 8 bytes.
    public static final int WIDE_BEGIN = 0x80;

    /// 0xRRrr00ed: major and minor version, and who it is.
    public static final int IDENTIFICATION = 0x00;
    /// Reads as the complement of what was written.
    public static final int LIVENESS = 0x04;
    /// The number that is written is replaced by its factorial, modulo 2^32, in a while.
    public static final int FACTORIAL = 0x08;
    /// Whether that goes on, and whether its end interrupts.
    public static final int STATUS = 0x20;
    /// The values that have raised the interrupt.
    public static final int INTERRUPT_STATUS = 0x24;
    /// Raises the interrupt with the bits that are written.
    public static final int INTERRUPT_RAISE = 0x60;
    /// Takes bits back; the interrupt lasts until none is left.
    public static final int INTERRUPT_ACKNOWLEDGE = 0x64;
    /// Where DMA reads: an address in memory, or one of the buffer.
    public static final int DMA_SOURCE = 0x80;
    /// Where DMA writes.
    public static final int DMA_DESTINATION = 0x88;
    /// How many bytes it moves.
    public static final int DMA_COUNT = 0x90;
    /// Starts it. While it runs no DMA register can be written.
    public static final int DMA_COMMAND = 0x98;

    /// What IDENTIFICATION reads as: version 1.0.
    public static final long IDENTIFICATION_VALUE = 0x0100_00ed;

    /// The factorial is being computed. Read-only.
    public static final BitField STATUS_COMPUTING = bit("COMPUTING", 0);
    /// Its end raises [#INTERRUPT_FACTORIAL].
    public static final BitField STATUS_INTERRUPT = bit("INTERRUPT", 7);

    /// The value with which a factorial raises the interrupt: QEMU's hw/misc/edu.c, FACT_IRQ.
    public static final BitField INTERRUPT_FACTORIAL = bit("FACTORIAL", 0);
    /// The value with which DMA raises the interrupt.
    public static final BitField INTERRUPT_DMA = bit("DMA", 8);

    /// Starts the transfer. Reads as 1 until it is over.
    public static final BitField COMMAND_RUN = bit("RUN", 0);
    /// The direction: clear from memory to the buffer, set from the buffer to memory.
    public static final BitField COMMAND_TO_MEMORY = bit("TO_MEMORY", 1);
    /// Its end raises [#INTERRUPT_DMA].
    public static final BitField COMMAND_INTERRUPT = bit("INTERRUPT", 2);

    /// Where DMA sees the buffer: section "DMA controller". Software cannot read it through the region.
    public static final int BUFFER = 0x4_0000;
    /// How large it is.
    public static final int BUFFER_BYTES = 4_096;

    /// The table.
    public static final RegisterMap MAP = RegisterMap.titled("edu")
            .register(IDENTIFICATION, 4, READ_ONLY, "IDENTIFICATION")
            .register(LIVENESS, 4, READ_WRITE, "LIVENESS")
            .register(FACTORIAL, 4, READ_WRITE, "FACTORIAL")
            .register(STATUS, 4, READ_WRITE, "STATUS", STATUS_COMPUTING, STATUS_INTERRUPT)
            .register(INTERRUPT_STATUS, 4, READ_ONLY, "INTERRUPT_STATUS", INTERRUPT_FACTORIAL, INTERRUPT_DMA)
            .register(INTERRUPT_RAISE, 4, WRITE_ONLY, "INTERRUPT_RAISE")
            .register(INTERRUPT_ACKNOWLEDGE, 4, WRITE_ONLY, "INTERRUPT_ACKNOWLEDGE")
            .register(DMA_SOURCE, 8, READ_WRITE, "DMA_SOURCE")
            .register(DMA_DESTINATION, 8, READ_WRITE, "DMA_DESTINATION")
            .register(DMA_COUNT, 8, READ_WRITE, "DMA_COUNT")
            .register(DMA_COMMAND, 8, READ_WRITE, "DMA_COMMAND", COMMAND_RUN, COMMAND_TO_MEMORY, COMMAND_INTERRUPT)
            .build();

    private EduRegisters() {}
}
