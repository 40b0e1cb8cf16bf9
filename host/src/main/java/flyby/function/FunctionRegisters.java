package flyby.function;

import flyby.configuration.ConfigurationSpace;
import flyby.configuration.ErrorReporting;
import flyby.configuration.layout.AcsRegisters;
import flyby.configuration.layout.AriRegisters;
import flyby.configuration.layout.CapabilityIds;
import flyby.configuration.layout.ExpressRegisters;
import flyby.configuration.layout.HeaderRegisters;
import flyby.configuration.layout.PowerRegisters;
import flyby.pcie.LinkRate;
import flyby.pcie.Segmentation;
import flyby.pcie.TagWidth;
import flyby.sim.Time;
import org.jspecify.annotations.Nullable;

/// A function's configuration space, and what software has set there, decoded.
final class FunctionRegisters {
    /// The boundary of completions that are not a root complex's: section 2.3.1.1.
    private static final int BOUNDARY_BYTES = 128;

    /// What software can write in Command: section 7.5.1.1.3.
    private static final long COMMAND_BITS = HeaderRegisters.COMMAND_IO_SPACE_ENABLE.mask()
            | HeaderRegisters.COMMAND_MEMORY_SPACE_ENABLE.mask()
            | HeaderRegisters.COMMAND_BUS_MASTER_ENABLE.mask()
            | HeaderRegisters.COMMAND_PARITY_ERROR_RESPONSE.mask()
            | HeaderRegisters.COMMAND_SERR_ENABLE.mask()
            | HeaderRegisters.COMMAND_INTERRUPT_DISABLE.mask();

    /// What software can clear in Status: section 7.5.1.1.4.
    private static final long STATUS_ERRORS = HeaderRegisters.STATUS_MASTER_DATA_PARITY_ERROR.mask()
            | HeaderRegisters.STATUS_SIGNALED_TARGET_ABORT.mask()
            | HeaderRegisters.STATUS_RECEIVED_TARGET_ABORT.mask()
            | HeaderRegisters.STATUS_RECEIVED_MASTER_ABORT.mask()
            | HeaderRegisters.STATUS_SIGNALED_SYSTEM_ERROR.mask()
            | HeaderRegisters.STATUS_DETECTED_PARITY_ERROR.mask();

    /// Section 7.5.3.16: the completion timeout by the value of its field. Ranges are taken at their end; reserved
    /// values mean the default.
    private static final long[] TIMEOUT_PICOS = {
        50 * Time.MILLISECOND,
        100 * Time.MICROSECOND,
        10 * Time.MILLISECOND,
        50 * Time.MILLISECOND,
        50 * Time.MILLISECOND,
        55 * Time.MILLISECOND,
        210 * Time.MILLISECOND,
        50 * Time.MILLISECOND,
        50 * Time.MILLISECOND,
        900 * Time.MILLISECOND,
        3_500 * Time.MILLISECOND,
        50 * Time.MILLISECOND,
        50 * Time.MILLISECOND,
        13 * Time.SECOND,
        64 * Time.SECOND,
        50 * Time.MILLISECOND
    };

    private final ConfigurationSpace space = new ConfigurationSpace();
    private final FunctionDescription description;
    private final int maxPayloadBytes;
    private final int express;

    private final ErrorReporting errors;
    private final int power;
    private final @Nullable Translations translations;
    private final int alternativeRouting;

    private long command;
    private boolean isAwake;
    private long deviceControl;
    private long deviceControl2;
    private TagWidth tagWidth = TagWidth.FIVE_BITS;
    private Segmentation requests;
    private Segmentation completions;
    private Segmentation.Rule writeRule;

    FunctionRegisters(FunctionDescription description, EndpointParameters parameters) {
        this.description = description;
        this.maxPayloadBytes = parameters.maxPayloadBytes();
        defineHeader();
        power = space.capability(CapabilityIds.POWER_MANAGEMENT, PowerRegisters.MAP.spanBytes());
        space.define(power + PowerRegisters.CAPABILITIES, 2, PowerRegisters.CAPABILITIES_VERSION.to(3));
        space.define(
                power + PowerRegisters.CONTROL_STATUS,
                4,
                PowerRegisters.CONTROL_NO_SOFT_RESET.mask(),
                PowerRegisters.CONTROL_POWER_STATE.mask(),
                0);
        express = space.capability(CapabilityIds.PCI_EXPRESS, ExpressRegisters.MAP.spanBytes());
        defineExpress();
        errors = new ErrorReporting(space, express, false);
        if (description.hasAccessControl()) {
            int at = space.extendedCapability(CapabilityIds.ACCESS_CONTROL_SERVICES, 1, AcsRegisters.MAP.spanBytes());
            long services = AcsRegisters.REQUEST_REDIRECT.mask()
                    | AcsRegisters.COMPLETION_REDIRECT.mask()
                    | AcsRegisters.DIRECT_TRANSLATED.mask();
            space.define(at + AcsRegisters.CAPABILITY, 2, services);
            space.define(at + AcsRegisters.CONTROL, 2, 0, services, 0);
        }
        alternativeRouting = parameters.isAri()
                ? space.extendedCapability(CapabilityIds.ALTERNATIVE_ROUTING_ID, 1, AriRegisters.MAP.spanBytes())
                : 0;
        translations = description.translationEntries() == 0
                ? null
                : new Translations(space, description.translationEntries());
        requests = new Segmentation(128, 512, BOUNDARY_BYTES);
        completions = requests;
        writeRule = requests::writeBytes;
        decode();
        space.whenWritten((_, _) -> decode());
    }

    private void defineHeader() {
        space.define(HeaderRegisters.VENDOR_ID, 2, description.vendorId());
        space.define(HeaderRegisters.DEVICE_ID, 2, description.deviceId());
        space.define(HeaderRegisters.COMMAND, 2, 0, COMMAND_BITS, 0);
        space.define(HeaderRegisters.STATUS, 2, HeaderRegisters.STATUS_CAPABILITIES_LIST.mask(), 0, STATUS_ERRORS);
        space.define(HeaderRegisters.REVISION_ID, 1, description.revisionId());
        space.define(HeaderRegisters.CLASS_CODE, 3, description.classCode());
        space.define(HeaderRegisters.CACHE_LINE_SIZE, 1, 0, 0xff, 0);
        space.define(HeaderRegisters.SUBSYSTEM_VENDOR_ID, 2, description.vendorId());
        space.define(HeaderRegisters.SUBSYSTEM_ID, 2, description.deviceId());
        space.define(HeaderRegisters.INTERRUPT_LINE, 1, 0, 0xff, 0);
        space.define(HeaderRegisters.INTERRUPT_PIN, 1, description.interruptPin());
    }

    private void defineExpress() {
        TagWidth widest = description.requester().tagWidth();
        space.define(express + ExpressRegisters.CAPABILITIES, 2, ExpressRegisters.CAPABILITIES_VERSION.to(2));
        space.define(
                express + ExpressRegisters.DEVICE_CAPABILITIES,
                4,
                ExpressRegisters.DEVICE_CAP_MAX_PAYLOAD.to(code(maxPayloadBytes))
                        | ExpressRegisters.DEVICE_CAP_EXTENDED_TAG.to(widest == TagWidth.FIVE_BITS ? 0 : 1)
                        | ExpressRegisters.DEVICE_CAP_ROLE_BASED.mask()
                        | ExpressRegisters.DEVICE_CAP_FLR.mask());
        // Relaxed ordering and no snoop are allowed, reads are of 512 bytes: section 7.5.3.4.
        space.define(
                express + ExpressRegisters.DEVICE_CONTROL,
                2,
                ExpressRegisters.DEVICE_RELAXED_ORDERING.mask()
                        | ExpressRegisters.DEVICE_NO_SNOOP.mask()
                        | ExpressRegisters.DEVICE_MAX_READ_REQUEST.to(code(512)),
                ExpressRegisters.DEVICE_CORRECTABLE_ENABLE.mask()
                        | ExpressRegisters.DEVICE_NON_FATAL_ENABLE.mask()
                        | ExpressRegisters.DEVICE_FATAL_ENABLE.mask()
                        | ExpressRegisters.DEVICE_UNSUPPORTED_ENABLE.mask()
                        | ExpressRegisters.DEVICE_RELAXED_ORDERING.mask()
                        | ExpressRegisters.DEVICE_MAX_PAYLOAD.mask()
                        | ExpressRegisters.DEVICE_NO_SNOOP.mask()
                        | ExpressRegisters.DEVICE_MAX_READ_REQUEST.mask()
                        | ExpressRegisters.DEVICE_INITIATE_FLR.mask()
                        | (widest == TagWidth.FIVE_BITS ? 0 : ExpressRegisters.DEVICE_EXTENDED_TAG.mask()),
                0);
        space.define(
                express + ExpressRegisters.DEVICE_STATUS,
                2,
                0,
                0,
                ExpressRegisters.DEVICE_CORRECTABLE_DETECTED.mask()
                        | ExpressRegisters.DEVICE_NON_FATAL_DETECTED.mask()
                        | ExpressRegisters.DEVICE_FATAL_DETECTED.mask()
                        | ExpressRegisters.DEVICE_UNSUPPORTED_DETECTED.mask());
        space.define(
                express + ExpressRegisters.LINK_CONTROL,
                2,
                0,
                ExpressRegisters.LINK_READ_COMPLETION_BOUNDARY.mask(),
                0);
        boolean isTenBits = widest == TagWidth.TEN_BITS;
        space.define(
                express + ExpressRegisters.DEVICE_CAPABILITIES_2,
                4,
                ExpressRegisters.DEVICE_CAP_2_TIMEOUT_RANGES.to(0b1111)
                        | ExpressRegisters.DEVICE_CAP_2_TIMEOUT_DISABLE.mask()
                        | ExpressRegisters.DEVICE_CAP_2_TEN_BIT_COMPLETER.mask()
                        | ExpressRegisters.DEVICE_CAP_2_TEN_BIT_REQUESTER.to(isTenBits ? 1 : 0));
        space.define(
                express + ExpressRegisters.DEVICE_CONTROL_2,
                2,
                0,
                ExpressRegisters.DEVICE_2_TIMEOUT_VALUE.mask()
                        | ExpressRegisters.DEVICE_2_TIMEOUT_DISABLE.mask()
                        | ExpressRegisters.DEVICE_2_IDO_REQUEST.mask()
                        | ExpressRegisters.DEVICE_2_IDO_COMPLETION.mask()
                        | (isTenBits ? ExpressRegisters.DEVICE_2_TEN_BIT_REQUESTER.mask() : 0),
                0);
    }

    /// Tells software how fast the link is, and that it is as fast as it can be: sections 7.5.3.6 and 7.5.3.8.
    void link(LinkRate rate) {
        int speed = switch (rate.generation()) {
            case GEN1 -> 1;
            case GEN2 -> 2;
            case GEN3 -> 3;
            case GEN4 -> 4;
            case GEN5 -> 5;
            case GEN6 -> 6;
        };
        int lanes = rate.width().lanes();
        space.define(
                express + ExpressRegisters.LINK_CAPABILITIES,
                4,
                ExpressRegisters.LINK_MAX_SPEED.to(speed) | ExpressRegisters.LINK_MAX_WIDTH.to(lanes));
        space.define(
                express + ExpressRegisters.LINK_STATUS,
                2,
                ExpressRegisters.LINK_SPEED.to(speed) | ExpressRegisters.LINK_WIDTH.to(lanes));
    }

    /// Software finds other functions beside this one: section 7.5.1.1.9.
    void multiFunction() {
        space.define(HeaderRegisters.HEADER_TYPE, 1, HeaderRegisters.HEADER_MULTI_FUNCTION.mask());
    }

    /// Software finds function `number` behind this one: section 7.8.8.2.
    void nextFunction(int number) {
        space.define(alternativeRouting + AriRegisters.CAPABILITY, 2, AriRegisters.CAPABILITY_NEXT_FUNCTION.to(number));
    }

    /// Resets what a reset does not spare.
    void reset() {
        space.reset();
        decode();
    }

    /// Takes over what stands in the registers.
    private void decode() {
        isAwake = PowerRegisters.CONTROL_POWER_STATE.of(space.get(power + PowerRegisters.CONTROL_STATUS, 4)) == 0;
        command = space.get(HeaderRegisters.COMMAND, 2);
        deviceControl = space.get(express + ExpressRegisters.DEVICE_CONTROL, 2);
        deviceControl2 = space.get(express + ExpressRegisters.DEVICE_CONTROL_2, 2);
        if (ExpressRegisters.DEVICE_2_TEN_BIT_REQUESTER.isSet(deviceControl2)) {
            tagWidth = TagWidth.TEN_BITS;
        } else {
            tagWidth = ExpressRegisters.DEVICE_EXTENDED_TAG.isSet(deviceControl)
                    ? TagWidth.EIGHT_BITS
                    : TagWidth.FIVE_BITS;
        }
        int payloadBytes = Math.min(maxPayloadBytes, bytes(ExpressRegisters.DEVICE_MAX_PAYLOAD.of(deviceControl)));
        int readBytes = bytes(ExpressRegisters.DEVICE_MAX_READ_REQUEST.of(deviceControl));
        RequesterLimits limits = description.requester();
        requests = new Segmentation(
                Math.min(payloadBytes, limits.writeBytesMax()),
                Math.min(readBytes, limits.readBytesMax()),
                BOUNDARY_BYTES);
        completions = new Segmentation(payloadBytes, readBytes, BOUNDARY_BYTES);
        writeRule = requests::writeBytes;
    }

    ConfigurationSpace space() {
        return space;
    }

    ErrorReporting errors() {
        return errors;
    }

    /// The translation cache, if the function has one.
    @Nullable
    Translations translations() {
        return translations;
    }

    /// Whether software has asked for a function-level reset: section 6.6.2.
    boolean takeResetRequest() {
        long control = space.get(express + ExpressRegisters.DEVICE_CONTROL, 2);
        space.set(express + ExpressRegisters.DEVICE_CONTROL, 2, ExpressRegisters.DEVICE_INITIATE_FLR.with(control, 0));
        return ExpressRegisters.DEVICE_INITIATE_FLR.isSet(control);
    }

    /// Says whether requests have not been answered: section 7.5.3.5.
    void transactionsPending(boolean isPending) {
        long status = space.get(express + ExpressRegisters.DEVICE_STATUS, 2);
        space.set(
                express + ExpressRegisters.DEVICE_STATUS,
                2,
                ExpressRegisters.DEVICE_TRANSACTIONS_PENDING.with(status, isPending ? 1 : 0));
    }

    /// A function that is not in D0 neither sends nor takes requests: section 5.3.1.4.
    boolean isBusMaster() {
        return isAwake && HeaderRegisters.COMMAND_BUS_MASTER_ENABLE.isSet(command);
    }

    boolean hasMemorySpace() {
        return isAwake && HeaderRegisters.COMMAND_MEMORY_SPACE_ENABLE.isSet(command);
    }

    boolean hasIoSpace() {
        return isAwake && HeaderRegisters.COMMAND_IO_SPACE_ENABLE.isSet(command);
    }

    boolean isIntxDisabled() {
        return HeaderRegisters.COMMAND_INTERRUPT_DISABLE.isSet(command);
    }

    boolean allowsRelaxedOrdering() {
        return ExpressRegisters.DEVICE_RELAXED_ORDERING.isSet(deviceControl);
    }

    boolean allowsNoSnoop() {
        return ExpressRegisters.DEVICE_NO_SNOOP.isSet(deviceControl);
    }

    /// Whether requests carry IDO: section 2.2.6.4.
    boolean hasIdOrdering() {
        return ExpressRegisters.DEVICE_2_IDO_REQUEST.isSet(deviceControl2);
    }

    /// Whether completions may carry IDO: section 2.2.6.4. What the request carries does not matter.
    boolean hasIdOrderedCompletions() {
        return ExpressRegisters.DEVICE_2_IDO_COMPLETION.isSet(deviceControl2);
    }

    TagWidth tagWidth() {
        return tagWidth;
    }

    /// How the function's requests are cut.
    Segmentation requests() {
        return requests;
    }

    /// How its writes are cut.
    Segmentation.Rule writeRule() {
        return writeRule;
    }

    /// How its completions are cut.
    Segmentation completions() {
        return completions;
    }

    /// How long a completion may take, in picoseconds; 0: for ever.
    long timeoutPicos() {
        return ExpressRegisters.DEVICE_2_TIMEOUT_DISABLE.isSet(deviceControl2)
                ? 0
                : TIMEOUT_PICOS[(int) ExpressRegisters.DEVICE_2_TIMEOUT_VALUE.of(deviceControl2)];
    }

    /// Section 7.5.3.4: 128 bytes for 0, twice as many for each step; reserved values mean the largest.
    private static int bytes(long code) {
        return 128 << Math.min(code, 5);
    }

    private static int code(int bytes) {
        return Integer.numberOfTrailingZeros(bytes) - 7;
    }
}
