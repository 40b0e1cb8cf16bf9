package flyby.configuration;

import flyby.configuration.layout.CapabilityIds;
import flyby.configuration.layout.ErrorRegisters;
import flyby.configuration.layout.ExpressRegisters;
import flyby.configuration.layout.HeaderRegisters;
import flyby.pcie.MessageCodes;
import flyby.pcie.Packet;
import flyby.pcie.PacketHeader;
import flyby.register.BitField;
import org.jspecify.annotations.Nullable;

/// The errors that a function has seen, in its registers, and whom it tells: sections 6.2 and 7.8.4.
public final class ErrorReporting {
    /// No message is to be sent.
    public static final int NO_MESSAGE = 0;

    private static final long UNCORRECTABLE = ErrorRegisters.DATA_LINK_PROTOCOL.mask()
            | ErrorRegisters.SURPRISE_DOWN.mask()
            | ErrorRegisters.POISONED_RECEIVED.mask()
            | ErrorRegisters.COMPLETION_TIMEOUT.mask()
            | ErrorRegisters.COMPLETER_ABORT.mask()
            | ErrorRegisters.UNEXPECTED_COMPLETION.mask()
            | ErrorRegisters.MALFORMED.mask()
            | ErrorRegisters.UNSUPPORTED_REQUEST.mask()
            | ErrorRegisters.ACS_VIOLATION.mask()
            | ErrorRegisters.UNCORRECTABLE_MASK_INITIAL;

    private static final long CORRECTABLE = ErrorRegisters.RECEIVER_ERROR.mask()
            | ErrorRegisters.BAD_TLP.mask()
            | ErrorRegisters.REPLAY_ROLLOVER.mask()
            | ErrorRegisters.REPLAY_TIMEOUT.mask()
            | ErrorRegisters.CORRECTABLE_MASK_INITIAL;

    private final ConfigurationSpace space;
    private final int deviceControl;
    private final int deviceStatus;
    private final int at;

    /// Adds the capability to `space`.
    ///
    /// @param express where the PCI Express capability of `space` begins
    /// @param isRoot whether there is room for the registers of root ports, which are theirs to define
    public ErrorReporting(ConfigurationSpace space, int express, boolean isRoot) {
        this.space = space;
        deviceControl = express + ExpressRegisters.DEVICE_CONTROL;
        deviceStatus = express + ExpressRegisters.DEVICE_STATUS;
        int byteCount = isRoot ? ErrorRegisters.MAP.spanBytes() : ErrorRegisters.ROOT_COMMAND;
        at = space.extendedCapability(CapabilityIds.ADVANCED_ERROR_REPORTING, 2, byteCount);
        space.define(at + ErrorRegisters.UNCORRECTABLE_STATUS, 4, 0, 0, UNCORRECTABLE);
        space.define(
                at + ErrorRegisters.UNCORRECTABLE_MASK, 4, ErrorRegisters.UNCORRECTABLE_MASK_INITIAL, UNCORRECTABLE, 0);
        space.define(
                at + ErrorRegisters.UNCORRECTABLE_SEVERITY,
                4,
                ErrorRegisters.UNCORRECTABLE_SEVERITY_INITIAL,
                UNCORRECTABLE,
                0);
        space.define(at + ErrorRegisters.CORRECTABLE_STATUS, 4, 0, 0, CORRECTABLE);
        space.define(at + ErrorRegisters.CORRECTABLE_MASK, 4, ErrorRegisters.CORRECTABLE_MASK_INITIAL, CORRECTABLE, 0);
        // All of it is sticky, section 7.8.4.
        space.keepOverReset(
                at + ErrorRegisters.UNCORRECTABLE_STATUS,
                ErrorRegisters.ROOT_COMMAND - ErrorRegisters.UNCORRECTABLE_STATUS);
    }

    /// Where the capability begins.
    public int offset() {
        return at;
    }

    /// The function has detected uncorrectable error `error`, one of [ErrorRegisters], as who has to report it:
    /// section 6.2.5.
    ///
    /// @param packet with which it came, if with one
    /// @return the code of the message to be sent to the root complex, or [#NO_MESSAGE]
    public int uncorrectable(BitField error, @Nullable Packet packet) {
        boolean isFatal = error.isSet(space.get(at + ErrorRegisters.UNCORRECTABLE_SEVERITY, 4));
        return signal(error, packet, isFatal ? MessageCodes.ERR_FATAL : MessageCodes.ERR_NONFATAL);
    }

    /// The function has detected `error`, but whoever is concerned hears of it anyway: an Advisory Non-Fatal Error,
    /// section 6.2.3.2.4, if its severity does not say that it is fatal. Requests that are refused with a
    /// completion are, and completions that nobody waits for.
    ///
    /// @return as [#uncorrectable]
    public int advisory(BitField error, Packet packet) {
        boolean isFatal = error.isSet(space.get(at + ErrorRegisters.UNCORRECTABLE_SEVERITY, 4));
        return signal(error, packet, isFatal ? MessageCodes.ERR_FATAL : MessageCodes.ERR_COR);
    }

    private int signal(BitField error, @Nullable Packet packet, int code) {
        boolean isUnsupported = error.equals(ErrorRegisters.UNSUPPORTED_REQUEST);
        detect(code, isUnsupported);
        boolean isAdvisory = code == MessageCodes.ERR_COR;
        if (isAdvisory) {
            BitField advisory = ErrorRegisters.ADVISORY_NON_FATAL;
            space.setBits(at + ErrorRegisters.CORRECTABLE_STATUS, 4, advisory.mask());
            if (advisory.isSet(space.get(at + ErrorRegisters.CORRECTABLE_MASK, 4))) {
                space.setBits(at + ErrorRegisters.UNCORRECTABLE_STATUS, 4, error.mask());
                return NO_MESSAGE;
            }
        }
        log(error, packet);
        boolean isMasked = error.isSet(space.get(at + ErrorRegisters.UNCORRECTABLE_MASK, 4));
        return isMasked || !isReported(code, isUnsupported) ? NO_MESSAGE : code;
    }

    /// Section 7.5.3.5: Device Status tells of every error, masked or not.
    private void detect(int code, boolean isUnsupported) {
        BitField detected = switch (code) {
            case MessageCodes.ERR_COR -> ExpressRegisters.DEVICE_CORRECTABLE_DETECTED;
            case MessageCodes.ERR_FATAL -> ExpressRegisters.DEVICE_FATAL_DETECTED;
            default -> ExpressRegisters.DEVICE_NON_FATAL_DETECTED;
        };
        space.setBits(
                deviceStatus,
                2,
                detected.mask() | (isUnsupported ? ExpressRegisters.DEVICE_UNSUPPORTED_DETECTED.mask() : 0));
    }

    /// Section 6.2.4.2: the header of the first error is kept until software has cleared its status.
    private void log(BitField error, @Nullable Packet packet) {
        long status = space.get(at + ErrorRegisters.UNCORRECTABLE_STATUS, 4);
        long mask = space.get(at + ErrorRegisters.UNCORRECTABLE_MASK, 4);
        space.set(at + ErrorRegisters.UNCORRECTABLE_STATUS, 4, status | error.mask());
        if ((status & ~mask) != 0 || error.isSet(mask)) {
            return;
        }
        long control = space.get(at + ErrorRegisters.CONTROL, 4);
        space.set(at + ErrorRegisters.CONTROL, 4, ErrorRegisters.CONTROL_FIRST_ERROR.with(control, error.low()));
        for (int i = 0; i < PacketHeader.DOUBLEWORDS; i++) {
            long doubleword = packet == null ? 0 : PacketHeader.doubleword(packet, i);
            space.set(at + ErrorRegisters.HEADER_LOG + 4 * i, 4, doubleword);
        }
    }

    /// Section 6.2.5: Device Control or SERR# Enable lets it be told; of an unsupported request, Device Control
    /// must say so twice.
    private boolean isReported(int code, boolean isUnsupported) {
        long control = space.get(deviceControl, 2);
        BitField enable = switch (code) {
            case MessageCodes.ERR_COR -> ExpressRegisters.DEVICE_CORRECTABLE_ENABLE;
            case MessageCodes.ERR_FATAL -> ExpressRegisters.DEVICE_FATAL_ENABLE;
            default -> ExpressRegisters.DEVICE_NON_FATAL_ENABLE;
        };
        boolean byDevice =
                enable.isSet(control) && (!isUnsupported || ExpressRegisters.DEVICE_UNSUPPORTED_ENABLE.isSet(control));
        boolean bySystem = code != MessageCodes.ERR_COR
                && HeaderRegisters.COMMAND_SERR_ENABLE.isSet(space.get(HeaderRegisters.COMMAND, 2));
        if (bySystem) {
            space.setBits(HeaderRegisters.STATUS, 2, HeaderRegisters.STATUS_SIGNALED_SYSTEM_ERROR.mask());
        }
        return byDevice || bySystem;
    }
}
