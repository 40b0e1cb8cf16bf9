package flyby.kernel;

/// Error numbers, as Linux's functions return them: negated. `include/uapi/asm-generic/errno-base.h` and `errno.h`.
public final class Errno {
    public static final int EPERM = 1;
    public static final int EIO = 5;
    public static final int EAGAIN = 11;
    public static final int ENOMEM = 12;
    public static final int EBUSY = 16;
    public static final int ENODEV = 19;
    public static final int EINVAL = 22;
    public static final int ENOSPC = 28;
    public static final int EREMOTEIO = 121;
    public static final int EOPNOTSUPP = 95;
    public static final int ETIMEDOUT = 110;

    private Errno() {}
}
