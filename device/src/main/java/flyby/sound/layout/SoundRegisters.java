package flyby.sound.layout;

import static flyby.register.BitField.bit;

import flyby.register.BitField;
import flyby.register.RegisterMap;
import flyby.register.RegisterMap.Access;

/// Ports of a sound card's DSP, from its base port on. Creative, "Sound Blaster Series Hardware Programming Guide"
/// (1994), chapter 2, section "DSP I/O Ports".
public final class SoundRegisters {
    /// Where a card has its ports unless its jumpers say otherwise.
    public static final int PORT = 0x220;

    /// How many ports there are.
    public static final int PORTS = 16;

    /// Writing 1, waiting 3 us and writing 0 resets the DSP, which then answers [#READY].
    public static final int RESET = 0x6;

    public static final int READ_DATA = 0xa;

    /// Writing: a command or a parameter. Reading: [#WRITE_BUSY].
    public static final int WRITE = 0xc;

    /// Reading it acknowledges the interrupt of an 8-bit transfer.
    public static final int READ_STATUS = 0xe;

    /// Reading it acknowledges the interrupt of a 16-bit transfer.
    public static final int ACKNOWLEDGE_16 = 0xf;

    /// The DSP cannot take a byte now.
    public static final BitField WRITE_BUSY = bit("BUSY", 7);

    /// READ_DATA has a byte.
    public static final BitField READ_AVAILABLE = bit("AVAILABLE", 7);

    /// What the DSP says when it has been reset.
    public static final int READY = 0xaa;

    public static final RegisterMap MAP = RegisterMap.titled("Sound Blaster DSP")
            .register(RESET, 1, Access.WRITE_ONLY, "RESET")
            .register(READ_DATA, 1, Access.READ_ONLY, "READ_DATA")
            .register(WRITE, 1, Access.READ_WRITE, "WRITE", WRITE_BUSY)
            .register(READ_STATUS, 1, Access.READ_ONLY, "READ_STATUS", READ_AVAILABLE)
            .register(ACKNOWLEDGE_16, 1, Access.READ_ONLY, "ACKNOWLEDGE_16")
            .build();

    private SoundRegisters() {}
}
