package flyby.root;

import flyby.base.LabException;
import flyby.configuration.layout.AriRegisters;
import flyby.configuration.layout.CapabilityIds;
import flyby.configuration.layout.ExpressRegisters;
import flyby.configuration.layout.HeaderRegisters;
import flyby.root.FoundFunction.Bar;
import flyby.root.FoundFunction.Space;
import flyby.root.Node.Need;
import flyby.sim.Simulation;
import java.util.ArrayList;
import java.util.List;

/// What firmware does before any driver runs: finds all functions, numbers the buses, and gives every Base Address
/// Register and every bridge's window its addresses.
///
/// All of it through configuration space, as software can: depth first, so that the buses below a bridge are those
/// from its secondary to its subordinate one. Windows are placed by falling alignment, so they never overlap.
public final class Enumeration {
    /// What is switched on in the end.
    ///
    /// @param memory whether functions answer to memory and I/O requests
    /// @param busMaster whether functions may send requests; bridges always pass them on
    /// @param onePayloadSize whether all of the machine has one Max_Payload_Size, as peers below different root
    /// ports need it; else each tree has its own
    public record Options(boolean memory, boolean busMaster, boolean onePayloadSize) {}

    private static final long MEMORY_GRANULE = 1 << 20;
    private static final long IO_GRANULE = 1 << 12;
    private static final int BUS_MAX = 255;

    private final ConfigurationAccess access;
    private final RootWindows windows;
    private final Options options;
    private int lastBus;

    private Enumeration(ConfigurationAccess access, RootWindows windows, Options options) {
        this.access = access;
        this.windows = windows;
        this.options = options;
    }

    /// Enumerates a machine in which nothing else happens yet, and lets simulated time pass until that is done.
    ///
    /// @throws LabException if there are not enough buses or addresses
    public static List<FoundFunction> run(
            Simulation simulation, ProcessorPort cpu, RootWindows windows, Options options) {
        List<FoundFunction> found = new ArrayList<>();
        simulation.coroutine("firmware", process -> {
            found.addAll(run(new EcamAccess(cpu, windows, process), windows, options));
            simulation.stop();
        });
        simulation.run();
        return found;
    }

    /// Enumerates what can be reached through `access`.
    ///
    /// @return all functions, a bridge before those below it
    /// @throws LabException if there are not enough buses or addresses
    public static List<FoundFunction> run(ConfigurationAccess access, RootWindows windows, Options options) {
        return new Enumeration(access, windows, options).enumerate();
    }

    private List<FoundFunction> enumerate() {
        List<Node> tops = scan(0, -1, 32);
        tops.forEach(this::sum);
        place(tops);
        List<Node> all = new ArrayList<>();
        for (Node top : tops) {
            List<Node> tree = new ArrayList<>();
            top.collect(tree);
            if (!options.onePayloadSize()) {
                setPayloadSize(tree);
            }
            all.addAll(tree);
        }
        if (options.onePayloadSize()) {
            setPayloadSize(all);
        }
        // Bridges first, from the root down: what is below must be reachable as soon as it answers.
        all.forEach(this::enable);
        return all.stream().map(Enumeration::found).toList();
    }

    /// The functions of `bus`, and below them.
    ///
    /// @param deviceCount how many devices the bus may have
    private List<Node> scan(int bus, int parentId, int deviceCount) {
        List<Node> nodes = new ArrayList<>();
        for (int device = 0; device < deviceCount; device++) {
            int id = (bus << 8) | (device << 3);
            if (!isThere(id)) {
                continue;
            }
            nodes.add(probe(id, parentId));
            if (deviceCount == 1 && scanAlternative(id, parentId, nodes)) {
                continue;
            }
            boolean many = HeaderRegisters.HEADER_MULTI_FUNCTION.isSet(access.read(id, HeaderRegisters.HEADER_TYPE, 1));
            for (int function = 1; many && function < 8; function++) {
                if (isThere(id | function)) {
                    nodes.add(probe(id | function, parentId));
                }
            }
        }
        return nodes;
    }

    /// Alternative Routing-ID Interpretation: function 0 says where the next one is, section 7.8.8.2, and the
    /// bridge above passes requests for all 256.
    ///
    /// @return whether function 0 has it
    private boolean scanAlternative(int id, int parentId, List<Node> nodes) {
        int ari = extendedCapability(id, CapabilityIds.ALTERNATIVE_ROUTING_ID);
        if (ari == 0) {
            return false;
        }
        int bridge = capability(parentId, CapabilityIds.PCI_EXPRESS) + ExpressRegisters.DEVICE_CONTROL_2;
        long control = access.read(parentId, bridge, 2);
        access.write(parentId, bridge, 2, control | ExpressRegisters.DEVICE_2_ARI_FORWARDING.mask());
        int last = id;
        while (ari != 0) {
            long capability = access.read(last, ari + AriRegisters.CAPABILITY, 2);
            int next = (id & 0xff00) | (int) AriRegisters.CAPABILITY_NEXT_FUNCTION.of(capability);
            // The list leads upwards, and ends with 0.
            if (next <= last) {
                break;
            }
            nodes.add(probe(next, parentId));
            last = next;
            ari = extendedCapability(last, CapabilityIds.ALTERNATIVE_ROUTING_ID);
        }
        return true;
    }

    private boolean isThere(int id) {
        return access.read(id, HeaderRegisters.VENDOR_ID, 2) != 0xffff;
    }

    private Node probe(int id, int parentId) {
        int layout = (int) HeaderRegisters.HEADER_LAYOUT.of(access.read(id, HeaderRegisters.HEADER_TYPE, 1));
        Node node = new Node(id, parentId, layout == 1);
        node.vendorId = (int) access.read(id, HeaderRegisters.VENDOR_ID, 2);
        node.deviceId = (int) access.read(id, HeaderRegisters.DEVICE_ID, 2);
        node.classCode = (int) (access.read(id, HeaderRegisters.REVISION_ID, 4) >>> 8);
        node.express = capability(id, CapabilityIds.PCI_EXPRESS);
        if (node.express != 0) {
            long capabilities = access.read(id, node.express + ExpressRegisters.DEVICE_CAPABILITIES, 4);
            node.payloadBytes = 128 << ExpressRegisters.DEVICE_CAP_MAX_PAYLOAD.of(capabilities);
        }
        size(node, node.bridge ? 2 : HeaderRegisters.BASE_ADDRESS_COUNT);
        if (node.bridge) {
            scanBelow(node);
        }
        return node;
    }

    private void scanBelow(Node node) {
        if (lastBus == BUS_MAX) {
            throw new LabException(
                    LabException.Kind.BAD_INPUT, FoundFunction.idText(node.id), "a bus below", "at most 256 buses");
        }
        node.secondaryBus = ++lastBus;
        access.write(node.id, HeaderRegisters.PRIMARY_BUS, 1, node.id >>> 8);
        access.write(node.id, HeaderRegisters.SECONDARY_BUS, 1, node.secondaryBus);
        // For now everything from here on is below it.
        access.write(node.id, HeaderRegisters.SUBORDINATE_BUS, 1, BUS_MAX);
        int type = ExpressRegisters.PORT_TYPE_ROOT;
        if (node.express != 0) {
            type = (int) ExpressRegisters.CAPABILITIES_PORT_TYPE.of(
                    access.read(node.id, node.express + ExpressRegisters.CAPABILITIES, 2));
        }
        // A link has one device, the bus inside a switch many: section 7.3.1.
        int deviceCount = type == ExpressRegisters.PORT_TYPE_SWITCH_UPSTREAM ? 32 : 1;
        node.children.addAll(scan(node.secondaryBus, node.id, deviceCount));
        node.subordinateBus = lastBus;
        access.write(node.id, HeaderRegisters.SUBORDINATE_BUS, 1, lastBus);
    }

    /// Where the capability begins, 0 if there is none: section 7.5.3.1.
    private int capability(int id, int wanted) {
        int at = (int) access.read(id, HeaderRegisters.CAPABILITIES_POINTER, 1) & 0xfc;
        for (int i = 0; at != 0 && i < 48; i++) {
            long header = access.read(id, at, 2);
            if ((header & 0xff) == wanted) {
                return at;
            }
            at = (int) (header >>> 8) & 0xfc;
        }
        return 0;
    }

    private int extendedCapability(int id, int wanted) {
        int at = CapabilityIds.EXTENDED_START;
        while (at != 0) {
            long header = access.read(id, at, 4);
            if ((header & 0xffff) == wanted) {
                return at;
            }
            // The list leads upwards; a register that leads elsewhere ends it.
            int next = (int) (header >>> 20) & 0xffc;
            at = next > at ? next : 0;
        }
        return 0;
    }

    /// Finds out how large the BARs are, by writing ones: section 7.5.1.2.1.
    private void size(Node node, int count) {
        for (int i = 0; i < count; i++) {
            int register = HeaderRegisters.BASE_ADDRESS + 4 * i;
            access.write(node.id, register, 4, 0xffff_ffffL);
            long low = access.read(node.id, register, 4);
            if (low == 0) {
                continue;
            }
            boolean isIo = HeaderRegisters.BASE_ADDRESS_IO.isSet(low);
            boolean wide = !isIo && HeaderRegisters.BASE_ADDRESS_TYPE.of(low) == 2;
            long mask = (low & (isIo ? ~3L : ~15L)) | 0xffff_ffff_0000_0000L;
            if (wide) {
                access.write(node.id, register + 4, 4, 0xffff_ffffL);
                mask = (mask & 0xffff_ffffL) | (access.read(node.id, register + 4, 4) << 32);
            }
            long byteCount = mask & -mask;
            // Windows of bridges for memory that is not prefetchable end at 4 GiB: section 7.5.1.3.8.
            boolean high = wide && HeaderRegisters.BASE_ADDRESS_PREFETCHABLE.isSet(low);
            Space space = isIo ? Space.IO : high ? Space.PREFETCHABLE : Space.MEMORY;
            node.needs.add(new Need(i, space, wide, byteCount, byteCount));
            if (wide) {
                i++;
            }
        }
    }

    /// What has to pass through the windows of `node`.
    private void sum(Node node) {
        node.children.forEach(this::sum);
        for (Space space : Space.values()) {
            List<Need> below = Node.needs(node.children, space);
            if (!below.isEmpty()) {
                long granule = space == Space.IO ? IO_GRANULE : MEMORY_GRANULE;
                long alignment = Math.max(granule, below.getFirst().alignment);
                long byteCount = Node.align(Node.bytes(below), granule);
                node.windows.put(space, new Need(-1, space, true, byteCount, alignment));
            }
        }
    }

    private void place(List<Node> tops) {
        place(tops, Space.IO, 0, RootWindows.IO_BYTES);
        place(tops, Space.MEMORY, windows.memoryBase(), windows.memoryEnd());
        place(tops, Space.PREFETCHABLE, windows.highBase(), windows.highEnd());
    }

    private void place(List<Node> tops, Space space, long base, long end) {
        List<Need> needs = Node.needs(tops, space);
        long used = Node.place(needs, base);
        if (used > end) {
            throw new LabException(
                    LabException.Kind.BAD_INPUT,
                    "the windows of bridges",
                    "0x%x bytes of %s addresses".formatted(used - base, space),
                    "at most 0x%x".formatted(end - base));
        }
        tops.forEach(top -> placeBelow(top, space));
    }

    private void placeBelow(Node node, Space space) {
        Need window = node.windows.get(space);
        if (window != null) {
            Node.place(Node.needs(node.children, space), window.address);
        }
        // Without a window too: those of the bridges below are open after reset, and have to be closed.
        node.children.forEach(child -> placeBelow(child, space));
        if (node.bridge) {
            writeWindow(node, space, window == null ? 1 : window.address, window == null ? 0 : window.byteCount);
        }
        for (Need need : node.needs) {
            if (need.space == space) {
                int register = HeaderRegisters.BASE_ADDRESS + 4 * need.index;
                access.write(node.id, register, 4, need.address);
                if (need.wide) {
                    access.write(node.id, register + 4, 4, need.address >>> 32);
                }
            }
        }
    }

    /// Section 7.5.1.3: a window whose limit is below its base is closed.
    private void writeWindow(Node node, Space space, long address, long byteCount) {
        boolean open = byteCount != 0;
        long last = address + byteCount - 1;
        switch (space) {
            case IO -> {
                access.write(node.id, HeaderRegisters.IO_BASE, 1, open ? address >>> 8 : 0xf0);
                access.write(node.id, HeaderRegisters.IO_LIMIT, 1, open ? last >>> 8 : 0);
                access.write(node.id, HeaderRegisters.IO_BASE_UPPER, 2, open ? address >>> 16 : 0);
                access.write(node.id, HeaderRegisters.IO_LIMIT_UPPER, 2, open ? last >>> 16 : 0);
            }
            case MEMORY -> {
                access.write(node.id, HeaderRegisters.MEMORY_BASE, 2, open ? address >>> 16 : 0xfff0);
                access.write(node.id, HeaderRegisters.MEMORY_LIMIT, 2, open ? last >>> 16 : 0);
            }
            case PREFETCHABLE -> {
                access.write(node.id, HeaderRegisters.PREFETCHABLE_BASE, 2, open ? address >>> 16 : 0xfff0);
                access.write(node.id, HeaderRegisters.PREFETCHABLE_LIMIT, 2, open ? last >>> 16 : 0);
                access.write(node.id, HeaderRegisters.PREFETCHABLE_BASE_UPPER, 4, open ? address >>> 32 : 0);
                access.write(node.id, HeaderRegisters.PREFETCHABLE_LIMIT_UPPER, 4, open ? last >>> 32 : 0);
            }
        }
    }

    private void setPayloadSize(List<Node> nodes) {
        int bytes = nodes.stream().mapToInt(node -> node.payloadBytes).min().orElse(128);
        for (Node node : nodes) {
            node.payloadBytes = bytes;
            if (node.express != 0) {
                int register = node.express + ExpressRegisters.DEVICE_CONTROL;
                long code = Integer.numberOfTrailingZeros(bytes / 128);
                long control = access.read(node.id, register, 2);
                access.write(node.id, register, 2, ExpressRegisters.DEVICE_MAX_PAYLOAD.with(control, code));
            }
        }
    }

    private void enable(Node node) {
        long command = access.read(node.id, HeaderRegisters.COMMAND, 2);
        if (node.bridge || options.memory()) {
            command |=
                    HeaderRegisters.COMMAND_IO_SPACE_ENABLE.mask() | HeaderRegisters.COMMAND_MEMORY_SPACE_ENABLE.mask();
        }
        if (node.bridge || options.busMaster()) {
            command |= HeaderRegisters.COMMAND_BUS_MASTER_ENABLE.mask();
        }
        access.write(node.id, HeaderRegisters.COMMAND, 2, command);
    }

    private static FoundFunction found(Node node) {
        List<Bar> bars = node.needs.stream()
                .map(need -> new Bar(need.index, need.space, need.address, need.byteCount))
                .toList();
        return new FoundFunction(
                node.id,
                node.parentId,
                node.vendorId,
                node.deviceId,
                node.classCode,
                node.bridge,
                node.secondaryBus,
                node.subordinateBus,
                node.payloadBytes,
                bars);
    }
}
