package flyby.root;

import flyby.base.LittleEndian;
import flyby.bus.AddressType;
import flyby.configuration.ConfigurationSpace;
import flyby.configuration.ErrorReporting;
import flyby.configuration.layout.AcsRegisters;
import flyby.configuration.layout.CapabilityIds;
import flyby.configuration.layout.ExpressRegisters;
import flyby.configuration.layout.HeaderRegisters;
import flyby.pcie.Packet;
import flyby.pcie.Segmentation;
import flyby.register.BitField;

/// A port as software sees it: a bridge between two buses, with a header of Type 1, section 7.5.1.3.
///
/// Windows and bus numbers are kept decoded, as every packet asks for them.
final class Bridge {
    /// Which port it is: Device/Port Type, section 7.5.3.2.
    enum Kind {
        ROOT_PORT(ExpressRegisters.PORT_TYPE_ROOT, 0x0001),
        UPSTREAM(ExpressRegisters.PORT_TYPE_SWITCH_UPSTREAM, 0x0002),
        DOWNSTREAM(ExpressRegisters.PORT_TYPE_SWITCH_DOWNSTREAM, 0x0003);

        private final int type;
        private final int deviceId;

        Kind(int type, int deviceId) {
            this.type = type;
            this.deviceId = deviceId;
        }
    }

    /// Who resets what is below the bridge.
    @FunctionalInterface
    interface ResetListener {
        /// Software holds everything below in reset, or does not any more: section 7.5.1.3.13.
        void holdReset(boolean held);
    }

    /// A vendor that no register of assigned vendors has.
    private static final int VENDOR = 0xf1b0;

    /// PCI-to-PCI bridge, section 7.5.1.1.6.
    private static final int CLASS_CODE = 0x06_0400;

    private static final long COMMAND_BITS = HeaderRegisters.COMMAND_IO_SPACE_ENABLE.mask()
            | HeaderRegisters.COMMAND_MEMORY_SPACE_ENABLE.mask()
            | HeaderRegisters.COMMAND_BUS_MASTER_ENABLE.mask()
            | HeaderRegisters.COMMAND_PARITY_ERROR_RESPONSE.mask()
            | HeaderRegisters.COMMAND_SERR_ENABLE.mask()
            | HeaderRegisters.COMMAND_INTERRUPT_DISABLE.mask();

    /// The errors of the status registers, sections 7.5.1.1.4 and 7.5.1.3.7.
    private static final long CLEARABLE_STATUS_BITS = 0xf900;

    /// In a base or limit register: there are upper bits, sections 7.5.1.3.6 and 7.5.1.3.9.
    private static final int WIDE_WINDOW = 1;

    /// SERR# Enable of the Bridge Control register, section 7.5.1.3.13.
    private static final int BRIDGE_SERR = 1 << 1;

    private static final long ACS_SERVICES = AcsRegisters.SOURCE_VALIDATION.mask()
            | AcsRegisters.TRANSLATION_BLOCKING.mask()
            | AcsRegisters.REQUEST_REDIRECT.mask()
            | AcsRegisters.COMPLETION_REDIRECT.mask()
            | AcsRegisters.UPSTREAM_FORWARDING.mask()
            | AcsRegisters.DIRECT_TRANSLATED.mask();

    private final ConfigurationSpace space;
    private final ErrorReporting errors;
    private final Segmentation limits;
    private final ResetListener listener;
    private final int express;
    private final int acsOffset;

    private Segmentation segmentation;
    private int primaryBus;
    private int secondaryBus;
    private int subordinateBus;
    private long memoryBase;
    private long memoryEnd;
    private long prefetchableBase;
    private long prefetchableEnd;
    private long ioBase;
    private long ioEnd;
    private boolean busMaster;
    private boolean passesErrors;
    private boolean holdsReset;
    private boolean ari;
    private long acs;

    /// @param limits its Max_Payload_Size is the largest that the port can do
    /// @param listener told of resets of what is below
    Bridge(Kind kind, boolean multiFunction, Segmentation limits, ResetListener listener) {
        this.limits = limits;
        this.listener = listener;
        space = new ConfigurationSpace();
        defineHeader(kind, multiFunction);
        express = space.capability(CapabilityIds.PCI_EXPRESS, ExpressRegisters.MAP.spanBytes());
        defineExpress(kind);
        errors = new ErrorReporting(space, express, kind == Kind.ROOT_PORT);
        if (kind == Kind.UPSTREAM) {
            acsOffset = 0;
        } else {
            acsOffset =
                    space.extendedCapability(CapabilityIds.ACCESS_CONTROL_SERVICES, 1, AcsRegisters.MAP.spanBytes());
            space.define(acsOffset + AcsRegisters.CAPABILITY, 2, ACS_SERVICES);
            space.define(acsOffset + AcsRegisters.CONTROL, 2, 0, ACS_SERVICES, 0);
        }
        segmentation = limits;
        space.whenWritten((_, _) -> written());
        decode();
    }

    private void defineHeader(Kind kind, boolean multiFunction) {
        space.define(HeaderRegisters.VENDOR_ID, 2, VENDOR);
        space.define(HeaderRegisters.DEVICE_ID, 2, kind.deviceId);
        space.define(HeaderRegisters.COMMAND, 2, 0, COMMAND_BITS, 0);
        space.define(
                HeaderRegisters.STATUS, 2, HeaderRegisters.STATUS_CAPABILITIES_LIST.mask(), 0, CLEARABLE_STATUS_BITS);
        space.define(HeaderRegisters.CLASS_CODE, 3, CLASS_CODE);
        space.define(HeaderRegisters.CACHE_LINE_SIZE, 1, 0, 0xff, 0);
        long type =
                HeaderRegisters.HEADER_LAYOUT.to(1) | HeaderRegisters.HEADER_MULTI_FUNCTION.to(multiFunction ? 1 : 0);
        space.define(HeaderRegisters.HEADER_TYPE, 1, type);
        space.define(HeaderRegisters.PRIMARY_BUS, 1, 0, 0xff, 0);
        space.define(HeaderRegisters.SECONDARY_BUS, 1, 0, 0xff, 0);
        space.define(HeaderRegisters.SUBORDINATE_BUS, 1, 0, 0xff, 0);
        space.define(HeaderRegisters.IO_BASE, 1, WIDE_WINDOW, 0xf0, 0);
        space.define(HeaderRegisters.IO_LIMIT, 1, WIDE_WINDOW, 0xf0, 0);
        space.define(HeaderRegisters.SECONDARY_STATUS, 2, 0, 0, CLEARABLE_STATUS_BITS);
        space.define(HeaderRegisters.MEMORY_BASE, 2, 0, 0xfff0, 0);
        space.define(HeaderRegisters.MEMORY_LIMIT, 2, 0, 0xfff0, 0);
        space.define(HeaderRegisters.PREFETCHABLE_BASE, 2, WIDE_WINDOW, 0xfff0, 0);
        space.define(HeaderRegisters.PREFETCHABLE_LIMIT, 2, WIDE_WINDOW, 0xfff0, 0);
        space.define(HeaderRegisters.PREFETCHABLE_BASE_UPPER, 4, 0, -1, 0);
        space.define(HeaderRegisters.PREFETCHABLE_LIMIT_UPPER, 4, 0, -1, 0);
        space.define(HeaderRegisters.IO_BASE_UPPER, 2, 0, 0xffff, 0);
        space.define(HeaderRegisters.IO_LIMIT_UPPER, 2, 0, 0xffff, 0);
        space.define(HeaderRegisters.INTERRUPT_LINE, 1, 0, 0xff, 0);
        space.define(
                HeaderRegisters.BRIDGE_CONTROL,
                2,
                0,
                1 | BRIDGE_SERR | HeaderRegisters.BRIDGE_SECONDARY_BUS_RESET.mask(),
                0);
    }

    private void defineExpress(Kind kind) {
        space.define(
                express + ExpressRegisters.CAPABILITIES,
                2,
                ExpressRegisters.CAPABILITIES_VERSION.to(2) | ExpressRegisters.CAPABILITIES_PORT_TYPE.to(kind.type));
        space.define(
                express + ExpressRegisters.DEVICE_CAPABILITIES,
                4,
                ExpressRegisters.DEVICE_CAP_MAX_PAYLOAD.to(sizeCode(limits.maxPayloadBytes()))
                        | ExpressRegisters.DEVICE_CAP_ROLE_BASED.mask());
        space.define(
                express + ExpressRegisters.DEVICE_CONTROL,
                2,
                ExpressRegisters.DEVICE_MAX_READ_REQUEST.to(sizeCode(512)),
                0x0f | ExpressRegisters.DEVICE_MAX_PAYLOAD.mask() | ExpressRegisters.DEVICE_MAX_READ_REQUEST.mask(),
                0);
        space.define(express + ExpressRegisters.DEVICE_STATUS, 2, 0, 0, 0x0f);
        if (kind != Kind.UPSTREAM) {
            long ariForwarding = ExpressRegisters.DEVICE_2_ARI_FORWARDING.mask();
            space.define(
                    express + ExpressRegisters.DEVICE_CAPABILITIES_2,
                    4,
                    ExpressRegisters.DEVICE_CAP_2_ARI_FORWARDING.mask());
            space.define(express + ExpressRegisters.DEVICE_CONTROL_2, 2, 0, ariForwarding, 0);
        }
    }

    private void written() {
        decode();
        boolean holds = HeaderRegisters.BRIDGE_SECONDARY_BUS_RESET.isSet(space.get(HeaderRegisters.BRIDGE_CONTROL, 2));
        if (holds != holdsReset) {
            holdsReset = holds;
            listener.holdReset(holds);
        }
    }

    private void decode() {
        long command = space.get(HeaderRegisters.COMMAND, 2);
        boolean memory = HeaderRegisters.COMMAND_MEMORY_SPACE_ENABLE.isSet(command);
        busMaster = HeaderRegisters.COMMAND_BUS_MASTER_ENABLE.isSet(command);
        primaryBus = (int) space.get(HeaderRegisters.PRIMARY_BUS, 1);
        secondaryBus = (int) space.get(HeaderRegisters.SECONDARY_BUS, 1);
        subordinateBus = (int) space.get(HeaderRegisters.SUBORDINATE_BUS, 1);
        memoryBase = (space.get(HeaderRegisters.MEMORY_BASE, 2) & 0xfff0) << 16;
        memoryEnd = memory ? ((space.get(HeaderRegisters.MEMORY_LIMIT, 2) | 0xf) + 1) << 16 : 0;
        prefetchableBase = ((space.get(HeaderRegisters.PREFETCHABLE_BASE, 2) & 0xfff0) << 16)
                | (space.get(HeaderRegisters.PREFETCHABLE_BASE_UPPER, 4) << 32);
        prefetchableEnd = memory
                ? (((space.get(HeaderRegisters.PREFETCHABLE_LIMIT, 2) | 0xf) + 1) << 16)
                        + (space.get(HeaderRegisters.PREFETCHABLE_LIMIT_UPPER, 4) << 32)
                : 0;
        ioBase = ((space.get(HeaderRegisters.IO_BASE, 1) & 0xf0) << 8)
                | (space.get(HeaderRegisters.IO_BASE_UPPER, 2) << 16);
        ioEnd = HeaderRegisters.COMMAND_IO_SPACE_ENABLE.isSet(command)
                ? (((space.get(HeaderRegisters.IO_LIMIT, 1) | 0xf) + 1) << 8)
                        + (space.get(HeaderRegisters.IO_LIMIT_UPPER, 2) << 16)
                : 0;
        passesErrors = HeaderRegisters.COMMAND_SERR_ENABLE.isSet(command)
                && (space.get(HeaderRegisters.BRIDGE_CONTROL, 2) & BRIDGE_SERR) != 0;
        ari = ExpressRegisters.DEVICE_2_ARI_FORWARDING.isSet(space.get(express + ExpressRegisters.DEVICE_CONTROL_2, 2));
        acs = acsOffset == 0 ? 0 : space.get(acsOffset + AcsRegisters.CONTROL, 2);
        int maxPayload = Math.min(
                limits.maxPayloadBytes(),
                sizeBytes(ExpressRegisters.DEVICE_MAX_PAYLOAD.of(
                        space.get(express + ExpressRegisters.DEVICE_CONTROL, 2))));
        if (maxPayload != segmentation.maxPayloadBytes()) {
            segmentation = new Segmentation(maxPayload, limits.maxReadRequestBytes(), limits.completionBoundaryBytes());
        }
    }

    ConfigurationSpace space() {
        return space;
    }

    ErrorReporting errors() {
        return errors;
    }

    /// With the Max_Payload_Size that software has set.
    Segmentation segmentation() {
        return segmentation;
    }

    int primaryBus() {
        return primaryBus;
    }

    int secondaryBus() {
        return secondaryBus;
    }

    /// Whether requests from below may go up: section 7.5.1.1.3, Bus Master Enable.
    boolean isBusMaster() {
        return busMaster;
    }

    /// Whether the service with this bit in [AcsRegisters#CONTROL] is on.
    boolean isOn(BitField service) {
        return service.isSet(acs);
    }

    /// Whether it passes requests for memory at `address` down.
    boolean holdsMemory(long address) {
        return (address >= memoryBase && address < memoryEnd)
                || (address >= prefetchableBase && address < prefetchableEnd);
    }

    /// Whether it passes requests for I/O space at `address` down.
    boolean holdsIo(long address) {
        return address >= ioBase && address < ioEnd;
    }

    /// Whether bus `bus` is below it.
    boolean holdsBus(int bus) {
        return bus >= secondaryBus && bus <= subordinateBus && secondaryBus != 0;
    }

    /// Whether a request or a completion for a peer goes up instead: section 6.12.1.1.
    boolean redirects(Packet packet) {
        if (packet.kind() == Packet.Kind.COMPLETION) {
            return isOn(AcsRegisters.COMPLETION_REDIRECT) && !packet.relaxedOrdering();
        }
        boolean direct = isOn(AcsRegisters.DIRECT_TRANSLATED) && packet.addressType() == AddressType.TRANSLATED;
        return isOn(AcsRegisters.REQUEST_REDIRECT) && !direct;
    }

    /// Whether messages of errors from below go up: section 6.2.6, SERR# Enable of both registers.
    boolean passesErrors() {
        return passesErrors;
    }

    /// Whether there can be a function `id` at the other end of the link: a link has one device, section 7.3.1, but
    /// that has 256 functions if software has enabled ARI Forwarding, section 7.5.3.16.
    boolean isDevice(int id) {
        return ari || ((id >>> 3) & 0x1f) == 0;
    }

    /// Software reads or writes a register: fills the `answer`, if there is anything to answer.
    void configure(Packet request, Packet answer) {
        int register = (int) request.address();
        int count = request.byteCount();
        if (request.kind() == Packet.Kind.CONFIGURATION_READ) {
            LittleEndian.put(space.read(register, count), answer.data(), 0, count);
        } else {
            space.write(register, count, LittleEndian.get(request.data(), 0, count));
        }
    }

    /// As after power-on, but for what the specification keeps.
    void reset() {
        space.reset();
        holdsReset = false;
        decode();
    }

    /// The data link has come up or gone down.
    void linkActive(boolean active) {
        space.set(express + ExpressRegisters.LINK_STATUS, 2, ExpressRegisters.LINK_ACTIVE.to(active ? 1 : 0));
    }

    /// Section 7.5.3.4: reserved codes are taken for the largest size.
    private static int sizeBytes(long code) {
        return 128 << Math.min(code, 5);
    }

    private static int sizeCode(int bytes) {
        return Integer.numberOfTrailingZeros(bytes) - 7;
    }
}
