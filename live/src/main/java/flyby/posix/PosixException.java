package flyby.posix;

import java.io.IOException;

/// The operating system refused a call.
public final class PosixException extends IOException {
    private static final long serialVersionUID = 1L;

    private final int errno;

    /// @param call what was refused
    public PosixException(String call, int errno) {
        super(call + ": " + Errors.text(errno));
        this.errno = errno;
    }

    /// The number of the error, as `errno.h` of Linux has it.
    public int errno() {
        return errno;
    }
}
