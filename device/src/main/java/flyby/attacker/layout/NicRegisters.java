package flyby.attacker.layout;

import static flyby.register.BitField.bit;
import static flyby.register.RegisterMap.Access.READ_ONLY;
import static flyby.register.RegisterMap.Access.READ_WRITE;
import static flyby.register.RegisterMap.Access.WRITE_ONLY;

import flyby.register.BitField;
import flyby.register.RegisterMap;

/// The registers of a small network card, all in region 0. The register set is Flyby's own: this table and the
/// comments below are its specification.
///
/// The driver posts buffers one by one. The card fills those of [#RX_POST] with packets in their order, sends those
/// of [#TX_POST], and gives each back by [#DONE]. A packet that finds no buffer is dropped.
public final class NicRegisters {
    /// Takes the address of an empty buffer of [#RX_BYTES] bytes.
    public static final int RX_POST = 0x00;
    /// Bytes of each receive buffer, 1 to 4096; after reset 2048. What is longer is cut off.
    public static final int RX_BYTES = 0x08;
    /// Bytes of the packet that is posted next, 1 to 4096.
    public static final int TX_BYTES = 0x0c;
    /// Takes the address of a packet of [#TX_BYTES] bytes.
    public static final int TX_POST = 0x10;
    /// The address of the next buffer that is given back, which the read takes out; [#NOTHING] if there is none.
    public static final int DONE = 0x18;
    /// How many bytes of the buffer that DONE named last were filled or sent.
    public static final int DONE_BYTES = 0x20;
    /// What it does.
    public static final int CONTROL = 0x24;
    /// How it goes.
    public static final int STATUS = 0x28;
    /// Packets that found no buffer.
    public static final int DROPPED = 0x2c;

    /// What DONE reads as if there is nothing.
    public static final long NOTHING = -1L;

    /// Packets are received. Buffers that were posted are forgotten when it is cleared.
    public static final BitField CONTROL_ENABLE = bit("ENABLE", 0);
    /// Whether STATUS.DONE asserts interrupt vector 0.
    public static final BitField CONTROL_INTERRUPT = bit("INTERRUPT", 1);

    /// DONE has something.
    public static final BitField STATUS_DONE = bit("DONE", 0);

    /// The table.
    public static final RegisterMap MAP = RegisterMap.titled("Network card")
            .register(RX_POST, 8, WRITE_ONLY, "RX_POST")
            .register(RX_BYTES, 4, READ_WRITE, "RX_BYTES")
            .register(TX_BYTES, 4, READ_WRITE, "TX_BYTES")
            .register(TX_POST, 8, WRITE_ONLY, "TX_POST")
            .register(DONE, 8, READ_ONLY, "DONE")
            .register(DONE_BYTES, 4, READ_ONLY, "DONE_BYTES")
            .register(CONTROL, 4, READ_WRITE, "CONTROL", CONTROL_ENABLE, CONTROL_INTERRUPT)
            .register(STATUS, 4, READ_ONLY, "STATUS", STATUS_DONE)
            .register(DROPPED, 4, READ_ONLY, "DROPPED")
            .build();

    private NicRegisters() {}
}
