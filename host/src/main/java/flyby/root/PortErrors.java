package flyby.root;

import flyby.configuration.ConfigurationSpace;
import flyby.configuration.layout.CapabilityIds;
import flyby.configuration.layout.ErrorRegisters;
import flyby.configuration.layout.ExpressRegisters;
import flyby.pcie.MessageCodes;
import flyby.pcie.Packet;
import flyby.pcie.PacketHeader;
import flyby.register.BitField;
import org.jspecify.annotations.Nullable;

/// The errors that a port has seen, in its registers, and those that a root port is told of: section 6.2.
final class PortErrors {
    /// Every uncorrectable error of section 7.8.4.2.
    private static final long UNCORRECTABLE_BITS = 0x03ff_f030;

    /// Every correctable error of section 7.8.4.5.
    private static final long CORRECTABLE_BITS = 0xf1c1;

    // Section 7.8.4.10.
    private static final int CORRECTABLE_RECEIVED = 1;
    private static final int MULTIPLE_CORRECTABLE = 1 << 1;
    private static final int UNCORRECTABLE_RECEIVED = 1 << 2;
    private static final int MULTIPLE_UNCORRECTABLE = 1 << 3;
    private static final int FIRST_FATAL = 1 << 4;
    private static final int NON_FATAL_RECEIVED = 1 << 5;
    private static final int FATAL_RECEIVED = 1 << 6;

    private final ConfigurationSpace space;
    private final int express;
    private final int aer;

    /// @param express where the PCI Express capability of `space` begins
    PortErrors(ConfigurationSpace space, int express, boolean isRoot) {
        this.space = space;
        this.express = express;
        aer = space.extendedCapability(CapabilityIds.ADVANCED_ERROR_REPORTING, 2, ErrorRegisters.MAP.spanBytes());
        space.define(aer + ErrorRegisters.UNCORRECTABLE_STATUS, 4, 0, 0, UNCORRECTABLE_BITS);
        space.define(
                aer + ErrorRegisters.UNCORRECTABLE_MASK,
                4,
                ErrorRegisters.UNCORRECTABLE_MASK_INITIAL,
                UNCORRECTABLE_BITS,
                0);
        space.define(
                aer + ErrorRegisters.UNCORRECTABLE_SEVERITY,
                4,
                ErrorRegisters.UNCORRECTABLE_SEVERITY_INITIAL,
                UNCORRECTABLE_BITS,
                0);
        space.define(aer + ErrorRegisters.CORRECTABLE_STATUS, 4, 0, 0, CORRECTABLE_BITS);
        space.define(
                aer + ErrorRegisters.CORRECTABLE_MASK, 4, ErrorRegisters.CORRECTABLE_MASK_INITIAL, CORRECTABLE_BITS, 0);
        if (isRoot) {
            space.define(aer + ErrorRegisters.ROOT_COMMAND, 4, 0, 7, 0);
            space.define(aer + ErrorRegisters.ROOT_STATUS, 4, 0, 0, 0x7f);
        }
        space.keepOverReset(aer + 4, ErrorRegisters.MAP.spanBytes() - 4);
    }

    /// Records an uncorrectable error: section 6.2.5.
    ///
    /// @param packet the one that is logged, if the error is one of a packet
    /// @return the code of the message that tells the root complex of it, or 0 if none is to be sent
    int uncorrectable(BitField error, @Nullable Packet packet) {
        long status = space.get(aer + ErrorRegisters.UNCORRECTABLE_STATUS, 4);
        boolean fatal = error.isSet(space.get(aer + ErrorRegisters.UNCORRECTABLE_SEVERITY, 4));
        boolean unsupported = error.equals(ErrorRegisters.UNSUPPORTED_REQUEST);
        space.setBits(aer + ErrorRegisters.UNCORRECTABLE_STATUS, 4, error.mask());
        BitField detected = fatal ? ExpressRegisters.DEVICE_FATAL_DETECTED : ExpressRegisters.DEVICE_NON_FATAL_DETECTED;
        space.setBits(express + ExpressRegisters.DEVICE_STATUS, 2, detected.mask());
        if (unsupported) {
            long bit = ExpressRegisters.DEVICE_UNSUPPORTED_DETECTED.mask();
            space.setBits(express + ExpressRegisters.DEVICE_STATUS, 2, bit);
        }
        if (error.isSet(space.get(aer + ErrorRegisters.UNCORRECTABLE_MASK, 4))) {
            return 0;
        }
        if (status == 0) {
            space.set(aer + ErrorRegisters.CONTROL, 4, error.low());
            if (packet != null) {
                log(packet);
            }
        }
        long control = space.get(express + ExpressRegisters.DEVICE_CONTROL, 2);
        BitField enable = fatal ? ExpressRegisters.DEVICE_FATAL_ENABLE : ExpressRegisters.DEVICE_NON_FATAL_ENABLE;
        boolean told =
                enable.isSet(control) || (unsupported && ExpressRegisters.DEVICE_UNSUPPORTED_ENABLE.isSet(control));
        if (!told) {
            return 0;
        }
        return fatal ? MessageCodes.ERR_FATAL : MessageCodes.ERR_NONFATAL;
    }

    /// Whether the message with this code is about an error.
    static boolean isMessage(int code) {
        return code == MessageCodes.ERR_COR || code == MessageCodes.ERR_NONFATAL || code == MessageCodes.ERR_FATAL;
    }

    /// The root port has got the error message `code` from `sourceId`: section 7.8.4.10.
    void received(int code, int sourceId) {
        long status = space.get(aer + ErrorRegisters.ROOT_STATUS, 4);
        long sources = space.get(aer + ErrorRegisters.ROOT_SOURCE, 4);
        if (code == MessageCodes.ERR_COR) {
            if ((status & CORRECTABLE_RECEIVED) == 0) {
                sources = (sources & 0xffff_0000L) | sourceId;
            } else {
                status |= MULTIPLE_CORRECTABLE;
            }
            status |= CORRECTABLE_RECEIVED;
        } else {
            boolean fatal = code == MessageCodes.ERR_FATAL;
            if ((status & UNCORRECTABLE_RECEIVED) == 0) {
                sources = (sources & 0xffff) | ((long) sourceId << 16);
                status |= fatal ? FIRST_FATAL : 0;
            } else {
                status |= MULTIPLE_UNCORRECTABLE;
            }
            status |= UNCORRECTABLE_RECEIVED | (fatal ? FATAL_RECEIVED : NON_FATAL_RECEIVED);
        }
        space.set(aer + ErrorRegisters.ROOT_STATUS, 4, status);
        space.set(aer + ErrorRegisters.ROOT_SOURCE, 4, sources);
    }

    /// Where the capability begins.
    int offset() {
        return aer;
    }

    private void log(Packet packet) {
        for (int i = 0; i < PacketHeader.DOUBLEWORDS; i++) {
            space.set(aer + ErrorRegisters.HEADER_LOG + 4 * i, 4, PacketHeader.doubleword(packet, i));
        }
    }
}
