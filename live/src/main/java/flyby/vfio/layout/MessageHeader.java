package flyby.vfio.layout;

/// What each message begins with: section "Header".
///
/// ```
///  0  u16 message id      chosen by the sender of the command, the same in its reply
///  2  u16 command         of Commands
///  4  u32 size            of the whole message, this header included
///  8  u32 flags
/// 12  u32 error           an errno, if flags say so
/// ```
public final class MessageHeader {
    public static final int BYTES = 16;
    public static final int ID = 0;
    public static final int COMMAND = 2;
    public static final int SIZE = 4;
    public static final int FLAGS = 8;
    public static final int ERROR = 12;

    /// Bits 3:0 of flags: 0 for a command.
    public static final int FLAGS_TYPE = 0xf;
    public static final int FLAGS_REPLY = 0x1;
    /// The sender of this command wants no reply.
    public static final int FLAGS_NO_REPLY = 0x10;
    /// This reply has an error number.
    public static final int FLAGS_ERROR = 0x20;

    private MessageHeader() {}
}
