package flyby.nvme.layout;

/// What a Status Field says: NVM Express Base Specification 1.4, section 4.6.1. The Status Code is in bits 7:0, its
/// type in bits 10:8.
public final class NvmeStatus {
    /// The command may succeed if it is submitted again, unless this bit is set.
    public static final int DO_NOT_RETRY = 0x4000;
    /// The Error Information Log has more about it.
    public static final int MORE = 0x2000;
    /// Status Code Type and Status Code.
    public static final int CODE_MASK = 0x7ff;

    public static final int SUCCESS = 0x000;
    public static final int INVALID_OPCODE = 0x001;
    public static final int INVALID_FIELD = 0x002;
    public static final int DATA_TRANSFER_ERROR = 0x004;
    public static final int INTERNAL_ERROR = 0x006;
    public static final int ABORT_REQUESTED = 0x007;
    public static final int ABORTED_QUEUE_DELETION = 0x008;
    public static final int INVALID_NAMESPACE = 0x00b;
    public static final int COMMAND_SEQUENCE_ERROR = 0x00c;
    public static final int INVALID_SGL_SEGMENT = 0x00d;
    public static final int INVALID_SGL_COUNT = 0x00e;
    public static final int SGL_LENGTH_INVALID = 0x00f;
    public static final int SGL_TYPE_INVALID = 0x011;
    public static final int INVALID_PRP_OFFSET = 0x013;
    public static final int LBA_OUT_OF_RANGE = 0x080;

    public static final int COMPLETION_QUEUE_INVALID = 0x100;
    public static final int INVALID_QUEUE_IDENTIFIER = 0x101;
    public static final int INVALID_QUEUE_SIZE = 0x102;
    public static final int ABORT_LIMIT_EXCEEDED = 0x103;
    public static final int ASYNCHRONOUS_EVENT_LIMIT_EXCEEDED = 0x105;
    public static final int INVALID_INTERRUPT_VECTOR = 0x108;
    public static final int INVALID_LOG_PAGE = 0x109;
    public static final int INVALID_FORMAT = 0x10a;
    public static final int INVALID_QUEUE_DELETION = 0x10c;
    public static final int FEATURE_NOT_SAVEABLE = 0x10d;
    public static final int FEATURE_NOT_CHANGEABLE = 0x10e;
    public static final int FEATURE_NOT_NAMESPACE_SPECIFIC = 0x10f;
    public static final int CONFLICTING_ATTRIBUTES = 0x180;

    public static final int WRITE_FAULT = 0x280;
    public static final int UNRECOVERED_READ_ERROR = 0x281;
    public static final int COMPARE_FAILURE = 0x285;

    private NvmeStatus() {}
}
