package flyby.sgdma.layout;

import static flyby.register.BitField.bits;

import flyby.register.BitField;

/// What a channel says in memory of how far it has come: 16 bytes, aligned to 16, written in one access. Flyby's own.
/// The layout is Flyby's own.
///
/// ```
///  63            48 47    40 39    32 31                            0
/// +-----------------------------------------------------------------+
/// |    reserved    |  ERROR  |  STATE |            DONE             |  0x00
/// |                 address of the last descriptor done             |  0x08
/// +-----------------------------------------------------------------+
/// ```
/// It is written when a descriptor is done that asks for it, and when the channel becomes PAUSED, IDLE by TERMINATE,
/// or HALTED: after all data and status that it speaks of, and before the interrupt. If several are due while one is
/// on its way, the last is written; DONE never goes back before the next START.
public final class SgRecord {
    public static final int BYTES = 16;
    /// One load of eight bytes sees a consistent state.
    public static final int PROGRESS = 0x00;
    public static final int LAST = 0x08;

    /// Descriptors done since START, modulo 2^32.
    public static final BitField DONE = bits("DONE", 31, 0);
    /// One of the states of [SgRegisters].
    public static final BitField STATE = bits("STATE", 39, 32);
    /// One of the errors of [SgRegisters].
    public static final BitField ERROR = bits("ERROR", 47, 40);

    private SgRecord() {}
}
