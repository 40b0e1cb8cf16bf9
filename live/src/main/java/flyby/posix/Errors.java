package flyby.posix;

/// Numbers of errors, as Linux has them on all machines that run Java: `include/uapi/asm-generic/errno-base.h`.
public final class Errors {
    public static final int NO_ENTRY = 2;
    public static final int INTERRUPTED = 4;
    public static final int AGAIN = 11;
    public static final int NO_MEMORY = 12;
    public static final int ACCESS = 13;
    public static final int EXISTS = 17;
    public static final int INVALID = 22;
    public static final int NO_SPACE = 28;
    public static final int PIPE = 32;
    public static final int RANGE = 34;
    public static final int NOT_SUPPORTED = 95;
    public static final int ADDRESS_IN_USE = 98;
    public static final int CONNECTION_RESET = 104;
    public static final int CONNECTION_REFUSED = 111;

    private Errors() {}

    static String text(int errno) {
        return switch (errno) {
            case NO_ENTRY -> "no such file or folder";
            case NO_MEMORY -> "no memory left";
            case ACCESS -> "not permitted";
            case EXISTS -> "exists already";
            case AGAIN -> "the other side takes nothing";
            case INVALID -> "invalid argument";
            case NO_SPACE -> "no space left";
            case PIPE -> "the other side has closed it";
            case NOT_SUPPORTED -> "not supported";
            case ADDRESS_IN_USE -> "in use already";
            case CONNECTION_RESET -> "the other side has reset it";
            case CONNECTION_REFUSED -> "nobody listens";
            default -> "error " + errno;
        };
    }
}
