package flyby.nvme.layout;

/// What commands are called by: NVM Express Base Specification 1.4, sections 5 and 6.
public final class NvmeOpcodes {
    // Of the Admin Queue.
    public static final int DELETE_IO_SQ = 0x00;
    public static final int CREATE_IO_SQ = 0x01;
    public static final int GET_LOG_PAGE = 0x02;
    public static final int DELETE_IO_CQ = 0x04;
    public static final int CREATE_IO_CQ = 0x05;
    public static final int IDENTIFY = 0x06;
    public static final int ABORT = 0x08;
    public static final int SET_FEATURES = 0x09;
    public static final int GET_FEATURES = 0x0a;
    public static final int ASYNCHRONOUS_EVENT_REQUEST = 0x0c;
    public static final int DOORBELL_BUFFER_CONFIG = 0x7c;
    public static final int FORMAT_NVM = 0x80;

    // Of I/O queues.
    public static final int FLUSH = 0x00;
    public static final int WRITE = 0x01;
    public static final int READ = 0x02;
    public static final int COMPARE = 0x05;
    public static final int WRITE_ZEROES = 0x08;
    public static final int DATASET_MANAGEMENT = 0x09;

    private NvmeOpcodes() {}

    /// How the specification calls the command.
    public static String name(boolean isAdmin, int opcode) {
        return isAdmin ? adminName(opcode) : ioName(opcode);
    }

    private static String adminName(int opcode) {
        return switch (opcode) {
            case DELETE_IO_SQ -> "Delete I/O Submission Queue";
            case CREATE_IO_SQ -> "Create I/O Submission Queue";
            case GET_LOG_PAGE -> "Get Log Page";
            case DELETE_IO_CQ -> "Delete I/O Completion Queue";
            case CREATE_IO_CQ -> "Create I/O Completion Queue";
            case IDENTIFY -> "Identify";
            case ABORT -> "Abort";
            case SET_FEATURES -> "Set Features";
            case GET_FEATURES -> "Get Features";
            case ASYNCHRONOUS_EVENT_REQUEST -> "Asynchronous Event Request";
            case DOORBELL_BUFFER_CONFIG -> "Doorbell Buffer Config";
            case FORMAT_NVM -> "Format NVM";
            default -> "Admin command 0x%x".formatted(opcode);
        };
    }

    private static String ioName(int opcode) {
        return switch (opcode) {
            case FLUSH -> "Flush";
            case WRITE -> "Write";
            case READ -> "Read";
            case COMPARE -> "Compare";
            case WRITE_ZEROES -> "Write Zeroes";
            case DATASET_MANAGEMENT -> "Dataset Management";
            default -> "I/O command 0x%x".formatted(opcode);
        };
    }
}
