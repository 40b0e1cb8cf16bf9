package flyby.root;

import flyby.configuration.ConfigurationSpace;
import flyby.configuration.layout.ErrorRegisters;
import flyby.pcie.MessageCodes;

/// The errors that a root port has been told of, by itself or from below: section 7.8.4.9 to 7.8.4.11.
final class RootErrors {
    // Bits of Root Error Status, section 7.8.4.10.
    private static final int CORRECTABLE_RECEIVED = 1;
    private static final int MULTIPLE_CORRECTABLE = 1 << 1;
    private static final int UNCORRECTABLE_RECEIVED = 1 << 2;
    private static final int MULTIPLE_UNCORRECTABLE = 1 << 3;
    private static final int FIRST_FATAL = 1 << 4;
    private static final int NON_FATAL_RECEIVED = 1 << 5;
    private static final int FATAL_RECEIVED = 1 << 6;
    private static final int STATUS_BITS = 0x7f;

    private final ConfigurationSpace space;
    private final int status;
    private final int source;

    /// @param aer where the capability begins, which has room for these registers
    RootErrors(ConfigurationSpace space, int aer) {
        this.space = space;
        status = aer + ErrorRegisters.ROOT_STATUS;
        source = aer + ErrorRegisters.ROOT_SOURCE;
        space.define(aer + ErrorRegisters.ROOT_COMMAND, 4, 0, 7, 0);
        space.define(status, 4, 0, 0, STATUS_BITS);
        space.keepOverReset(status, 8);
    }

    /// Whether the message with this code is about an error.
    static boolean isMessage(int code) {
        return code == MessageCodes.ERR_COR || code == MessageCodes.ERR_NONFATAL || code == MessageCodes.ERR_FATAL;
    }

    /// The error message `code` has come from `sourceId`.
    void received(int code, int sourceId) {
        long bits = space.get(status, 4);
        long sources = space.get(source, 4);
        if (code == MessageCodes.ERR_COR) {
            if ((bits & CORRECTABLE_RECEIVED) == 0) {
                sources = (sources & 0xffff_0000L) | sourceId;
            } else {
                bits |= MULTIPLE_CORRECTABLE;
            }
            bits |= CORRECTABLE_RECEIVED;
        } else {
            boolean isFatal = code == MessageCodes.ERR_FATAL;
            if ((bits & UNCORRECTABLE_RECEIVED) == 0) {
                sources = (sources & 0xffff) | ((long) sourceId << 16);
                bits |= isFatal ? FIRST_FATAL : 0;
            } else {
                bits |= MULTIPLE_UNCORRECTABLE;
            }
            bits |= UNCORRECTABLE_RECEIVED | (isFatal ? FATAL_RECEIVED : NON_FATAL_RECEIVED);
        }
        space.set(status, 4, bits);
        space.set(source, 4, sources);
    }
}
