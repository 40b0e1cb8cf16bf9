package flyby.isa.layout;

import static flyby.register.BitField.bits;

import flyby.register.BitField;

/// I/O ports of the Intel 8253 of a PC; data sheet 8253, section "Programming"; PC/XT Technical Reference, section
/// "I/O Address Map".
public final class TimerPorts {
    public static final int FIRST = 0x40;
    public static final int COUNT = 4;

    /// The counter that times refresh.
    public static final int REFRESH = 0x41;

    /// The control word register; write only.
    public static final int CONTROL = 0x43;

    /// Which counter a control word is for.
    public static final BitField CONTROL_SELECT = bits("SELECT_COUNTER", 7, 6);

    /// Which bytes of the count follow.
    public static final BitField CONTROL_BYTES = bits("READ_LOAD", 5, 4);

    public static final BitField CONTROL_MODE = bits("MODE", 3, 1);

    /// Values of [#CONTROL_BYTES].
    public static final int BYTES_LOW = 1;

    public static final int BYTES_HIGH = 2;
    public static final int BYTES_BOTH = 3;

    /// The value of [#CONTROL_MODE] that divides the clock by the count, as far as its low two bits say.
    public static final int MODE_RATE_GENERATOR = 2;

    private TimerPorts() {}
}
