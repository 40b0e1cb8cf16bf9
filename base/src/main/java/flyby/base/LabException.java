package flyby.base;

import java.io.Serial;

/// Something a person gave us that we cannot use: where it stands, what was found, what is accepted.
///
/// The message reads `where: found X, expected Y`; the command line prints it in one line and ends with
/// [Kind#exitStatus].
public final class LabException extends RuntimeException {
    @Serial
    private static final long serialVersionUID = 1L;

    /// Whose fault, and so which exit status.
    public enum Kind {
        /// A scenario, a parameter, a command line: exit status 2.
        BAD_INPUT(2),
        /// A file or folder that cannot be read or written: exit status 2.
        BAD_FILE(2),
        /// A run that gets nowhere with what it was given: exit status 1, as it is not as expected.
        STUCK(1),
        /// The run was interrupted by its user: exit status 130, as shells report SIGINT.
        INTERRUPTED(130);

        private final int exitStatus;

        Kind(int exitStatus) {
            this.exitStatus = exitStatus;
        }

        /// The process exit status that reports this kind.
        public int exitStatus() {
            return exitStatus;
        }
    }

    private final Kind kind;

    public LabException(Kind kind, String where, String found, String expected) {
        super(where + ": found " + found + ", expected " + expected);
        this.kind = kind;
    }

    public LabException(Kind kind, String message) {
        super(message);
        this.kind = kind;
    }

    public Kind kind() {
        return kind;
    }
}
