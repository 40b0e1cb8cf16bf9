package flyby.machine;

import flyby.base.Check;
import flyby.base.LabException;
import flyby.bus.Device;
import flyby.bus.DeviceHost;
import flyby.bus.InterruptSink;
import flyby.choice.Decisions;
import flyby.coherence.CoherenceParameters;
import flyby.coherence.CoherentMemory;
import flyby.coherence.LineWatch;
import flyby.configuration.layout.HeaderRegisters;
import flyby.core.ServerCore;
import flyby.floppy.Diskette;
import flyby.function.Endpoint;
import flyby.function.EndpointParameters;
import flyby.function.Function;
import flyby.function.FunctionDescription;
import flyby.iommu.Iommu;
import flyby.link.DataLink;
import flyby.link.Link;
import flyby.link.LinkEnd;
import flyby.link.LinkParameters;
import flyby.link.ReceiveBuffer;
import flyby.memory.MemoryAgent;
import flyby.memory.MemoryTypes;
import flyby.memory.PhysicalMemory;
import flyby.params.Settings;
import flyby.pcie.LinkRate;
import flyby.pcie.PacketPool;
import flyby.pcie.Segmentation;
import flyby.root.Enumeration;
import flyby.root.ProcessorPort;
import flyby.root.RootComplex;
import flyby.root.RootPort;
import flyby.root.Switch;
import flyby.sim.Simulation;
import flyby.sound.Speaker;
import flyby.topology.Card;
import flyby.topology.CardKind;
import flyby.topology.DeviceKind;
import flyby.topology.FunctionCatalogue;
import flyby.topology.IsaCatalogue;
import flyby.topology.MachineDescription;
import flyby.topology.Part;
import flyby.topology.PartKind;
import flyby.topology.PortCatalogue;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/// A machine with PCI Express, built as a [MachineDescription] says.
///
/// ```
///   cores - caches - memory          CoherentMemory, one ServerCore for each core that runs something
///      |        |
///   root complex, IOMMU              RootComplex, with a RootPort for each slot
///      |
///    Link - Switch - Links ...
///      |
///   Endpoint: Functions, each the host of one device model
/// ```
public final class PcieMachine {
    /// The vector of INTA at the first core.
    private static final int WIRES_VECTOR = 0x30;

    /// Messages have the vectors from here on, device by device, and beyond [#VECTORS] of them again.
    private static final int FIRST_VECTOR = 0x40;

    private static final int VECTORS = 0xb0;

    /// Where the CPU finds the registers of the IOMMU, as on many chip sets.
    public static final long IOMMU_REGISTERS = 0xfed9_0000L;

    /// What lies between the arrival of a register access at an endpoint and its answer: some clocks of 250 MHz.
    private static final long REGISTER_PICOS = 40_000;

    private final Simulation simulation;
    private final MachineDescription description;
    private final HostParts parts;
    private final PacketPool pool = new PacketPool(Segmentation.PAGE_BYTES);
    private final PhysicalMemory memory;
    private final CoherentMemory caches;
    private final RootComplex root;
    private final @Nullable Iommu iommu;
    private final MemoryTypes types = new MemoryTypes();
    private final List<Link> links = new ArrayList<>();
    private final List<Switch> switches = new ArrayList<>();
    private final List<Endpoint> endpoints = new ArrayList<>();
    private final Map<String, Plugged> devices = new LinkedHashMap<>();
    private final List<ServerCore> cores = new ArrayList<>();
    private final int[] coreCounts;
    private int vectorCount;
    private final boolean usesWires;
    /// Whether the machine is still being wired, and where the wire ends that is looked at.
    private boolean isWiring = true;

    private int wireEnd;
    private final @Nullable IsaBridge bridge;

    /// A device of the machine.
    ///
    /// @param function that holds it
    /// @param vectors its interrupts, as [flyby.bus.Cpu#requestInterrupt] knows them at the core that they go to
    /// @param registerBytes of BAR 0
    /// @param memoryBytes of BAR 2; 0 if it has no memory of its own
    public record Plugged(
            Part part, Function function, Device device, List<Integer> vectors, long registerBytes, long memoryBytes) {
        public Plugged {
            vectors = List.copyOf(vectors);
        }

        /// The first of them.
        public int vector() {
            return vectors.getFirst();
        }

        /// Whether it interrupts by a wire, INTA to INTD, and not by messages.
        public boolean isWired() {
            return !vectors.isEmpty() && vector() < FIRST_VECTOR;
        }

        /// Where the CPU finds its registers.
        public long registers() {
            return function.configuration().get(HeaderRegisters.BASE_ADDRESS, 4) & -registerBytes;
        }

        /// Where the CPU finds its memory; 0 if it has none.
        public long memory() {
            return memoryBytes == 0
                    ? 0
                    : function.configuration().get(HeaderRegisters.BASE_ADDRESS + 4 * Card.MEMORY, 8) & -memoryBytes;
        }
    }

    /// Builds the machine and has firmware set it up, which takes simulated time of its own.
    public PcieMachine(Simulation simulation, MachineDescription plan) {
        this.simulation = simulation;
        description = plan.with(plan.seams().in(simulation));
        Settings host = description.machine().settings();
        parts = new HostParts(host);
        memory = host.choice("memory.contents").equals("random") ? PhysicalMemory.random() : new PhysicalMemory();
        usesWires = host.choice("interrupts.by").equals("wire");
        CoherenceParameters coherence = parts.coherence();
        coreCounts = new int[coherence.sockets()];
        caches = new CoherentMemory(simulation, memory, coherence);
        LineWatch lines = description.seams().lines();
        if (lines != null) {
            caches.watch(lines);
        }
        root = new RootComplex(simulation, pool, parts.root(), parts.windows(), this::wire);
        iommu = host.choice("iommu.mode").equals("off") ? null : makeIommu();
        for (Part port : description.machine().parts(PartKind.ROOT_PORT)) {
            LinkEnd below = link(port);
            MemoryAgent agent = description
                    .seams()
                    .memory(port, caches.agent(Math.toIntExact(port.settings().count("socket"))));
            LinkEnd upper = links.getLast().upstream();
            RootPort rootPort = iommu == null
                    ? root.port(port.name(), upper, agent)
                    : root.port(port.name(), upper, agent, iommu, iommu);
            plug(port, below, rootPort.wires());
        }
        List<Part> bridges = description.machine().parts(PartKind.ISA_BRIDGE);
        bridge = bridges.isEmpty() ? null : makeBridge(bridges.getFirst());
        isWiring = false;
        addCore(0, bridge == null ? root.processor("cpu0", caches.agent(0)) : bridge.processorPort());
        Enumeration.run(
                simulation,
                root.processor("firmware", caches.agent(0)),
                root.windows(),
                new Enumeration.Options(true, true, false));
        devices.values().forEach(FunctionSetup::enable);
        devices.values().forEach(PcieMachine::checkAddress);
    }

    private static void checkAddress(Plugged plugged) {
        Settings.Resolved wanted = plugged.part().settings().resolved("bar0.address");
        long address = plugged.part().settings().address("bar0.address");
        if (address != FunctionCatalogue.PLACED && address != plugged.registers()) {
            throw new LabException(
                    LabException.Kind.BAD_INPUT,
                    wanted.origin().valuePlace(),
                    wanted.text() + " for BAR 0 of " + plugged.part().name(),
                    "0x" + Long.toHexString(plugged.registers()) + ", where firmware places it");
        }
    }

    private Iommu makeIommu() {
        Iommu unit = new Iommu(simulation, "iommu", parts.iommu(), caches.agent(0), root::message);
        unit.deviceTlbs(root.deviceTlbs(unit::deviceTlbInvalidated));
        root.integrated(unit, IOMMU_REGISTERS, Iommu.REGISTER_BYTES);
        return unit;
    }

    private IsaBridge makeBridge(Part part) {
        return new IsaBridge(
                simulation,
                PcCatalogue.bridge(IsaCatalogue.bus(part.settings())),
                description.seams().memory(part, caches.agent(0)),
                this::irq,
                root.processor("cpu0", caches.agent(0)));
    }

    /// An IRQ of the ISA bus has a vector of the same number at the first core.
    private void irq(int line, boolean asserted) {
        cpu().vectors().wire(line, asserted);
    }

    /// The link behind `port`; its lower end.
    private LinkEnd link(Part port) {
        Settings settings = port.settings();
        LinkRate rate = PortCatalogue.rate(settings);
        int maxPayloadBytes = Math.toIntExact(settings.bytes("link.mps"));
        long propagationPicos = settings.picos("link.propagation");
        ReceiveBuffer buffer = ReceiveBuffer.endpoint(
                count(settings, "link.credits.posted-headers"),
                count(settings, "link.credits.posted-data"),
                count(settings, "link.credits.non-posted-headers"),
                count(settings, "link.credits.non-posted-headers"));
        LinkParameters parameters =
                LinkParameters.of(rate, maxPayloadBytes, propagationPicos).withBuffers(buffer, buffer);
        if (!settings.flag("link.dllps")) {
            parameters = parameters.withDataLink(DataLink.none(0));
        }
        Link link = new Link(simulation, pool, port.name(), parameters);
        links.add(link);
        return link.downstream();
    }

    /// Puts what is behind `port` at the lower end of its link.
    private void plug(Part port, LinkEnd end, InterruptSink wires) {
        if (port.parts().isEmpty()) {
            // An empty slot.
            links.getLast().takeDown();
            return;
        }
        Part first = port.parts().getFirst();
        if (first.kind() == PartKind.SWITCH) {
            Switch crossing = new Switch(
                    simulation,
                    pool,
                    first.name(),
                    first.settings().picos("latency"),
                    parts.root().limits(),
                    end,
                    wires);
            switches.add(crossing);
            int device = 0;
            for (Part below : first.parts()) {
                LinkEnd lower = link(below);
                crossing.downstream(links.getLast().upstream());
                FunctionSetup.accessControl(
                        crossing.space(device),
                        first.settings().flag("acs"),
                        first.settings().flag("translation-blocking"));
                plug(below, lower, crossing.wires(device++));
            }
        } else {
            endpoint(port, end, wires);
        }
    }

    private void endpoint(Part port, LinkEnd end, InterruptSink wires) {
        EndpointParameters common =
                new EndpointParameters(Math.toIntExact(port.settings().bytes("link.mps")), REGISTER_PICOS, 0, false);
        Endpoint endpoint = new Endpoint(simulation, pool, port.name(), end, common, wires);
        for (Part part : port.parts()) {
            Card card = description.seams().card(part);
            if (card == null) {
                DeviceKind kind = FunctionCatalogue.device(part.settings());
                card = new Card(
                        DeviceShelf.describe(part.settings()),
                        kind.registerBytes(),
                        kind.memoryBytes(),
                        host -> DeviceShelf.make(part.name(), part.settings(), host));
            }
            FunctionDescription what = card.description();
            Function function = endpoint.add(part.name(), what);
            Device device = attach(part, function, card);
            List<Integer> vectors = new ArrayList<>();
            boolean isWired = usesWires && what.interruptPin() > 0 && what.vectors() == 1;
            if (isWired) {
                vectors.add(WIRES_VECTOR + followWire(wires, what.interruptPin() - 1));
            }
            for (int i = 0; i < what.vectors() && !isWired; i++) {
                vectors.add(FIRST_VECTOR + vectorCount++ % VECTORS);
            }
            devices.put(
                    part.path(),
                    new Plugged(part, function, device, vectors, card.registerBytes(), card.memoryBytes()));
        }
        endpoint.rate(PortCatalogue.rate(port.settings()));
        endpoints.add(endpoint);
    }

    /// Makes the device of `part`, with what the description puts around it.
    ///
    /// @return the device itself
    private Device attach(Part part, Function function, Card card) {
        List<Device> made = new ArrayList<>();
        java.util.function.Function<DeviceHost, Device> maker = host -> {
            made.add(card.maker().apply(host));
            return made.getFirst();
        };
        function.attach(description.seams().around(part, maker).apply(function));
        return made.getFirst();
    }

    /// Which of INTA to INTD of the root complex a pin of an endpoint is.
    private int followWire(InterruptSink wires, int pin) {
        wires.interrupt(pin, true);
        wires.interrupt(pin, false);
        return wireEnd;
    }

    /// INTA to INTD go to the first core, as vectors of their own.
    private void wire(int pin, boolean asserted) {
        if (isWiring) {
            wireEnd = pin;
            return;
        }
        cpu().vectors().wire(WIRES_VECTOR + pin, asserted);
    }

    /// The first core of socket 0, which interrupts go to.
    public ServerCore cpu() {
        return cores.getFirst();
    }

    /// Another core, the next of its socket, that can run a program. For set-up only. It does not reach the ISA
    /// bus.
    public ServerCore core(int socket) {
        return addCore(socket, root.processor("cpu" + cores.size(), caches.agent(socket)));
    }

    private ServerCore addCore(int socket, ProcessorPort registers) {
        String name = "cpu" + cores.size();
        int index = coreCounts[socket]++;
        ServerCore core = new ServerCore(
                simulation,
                name,
                caches.core(socket, index),
                caches.parameters().lineBytes(),
                registers,
                types,
                parts.core());
        core.view(description.seams()::cpu);
        Decisions decisions = description.seams().decisions();
        if (decisions != null) {
            core.decide(decisions);
        }
        root.interrupts(core.vectors());
        cores.add(core);
        return core;
    }

    /// The only device that is called `name`.
    public Plugged device(String name) {
        return devices.values().stream()
                .filter(each -> each.part().name().equals(name))
                .findFirst()
                .orElseThrow(() -> Check.bug("no device %s in %s", name, description.name()));
    }

    /// All devices, by the path of their part.
    public Map<String, Plugged> devices() {
        return new LinkedHashMap<>(devices);
    }

    /// What hangs on the ISA bus of a machine that has one.
    public IsaBoard isa() {
        IsaBridge present = bridge;
        if (present == null) {
            throw Check.bug("%s has no ISA bus", description.name());
        }
        return present.isa();
    }

    /// Plugs in the sound card that the description has; it plays to `speaker`. For set-up only.
    public void plugSound(Speaker speaker) {
        Settings card = description.card(CardKind.SOUND);
        PcCards.plugSound(isa(), speaker, Math.toIntExact(card.bytes("sound.fifo")));
    }

    /// Plugs in the floppy-disk controller that the description has, with `diskette` in its drive. For set-up only.
    public void plugFloppy(Diskette diskette) {
        Settings card = description.card(CardKind.FLOPPY);
        PcCards.plugFloppy(isa(), diskette, card.picos("floppy.revolution"));
    }

    public MachineDescription description() {
        return description;
    }

    public PhysicalMemory memory() {
        return memory;
    }

    /// The caches, and the memory behind them.
    public CoherentMemory caches() {
        return caches;
    }

    public RootComplex root() {
        return root;
    }

    /// The IOMMU; null if none is used.
    public @Nullable Iommu iommu() {
        return iommu;
    }

    /// All links, those nearer to the root before those behind them.
    public List<Link> links() {
        return List.copyOf(links);
    }

    /// Who waits for what: one sentence each.
    public List<String> waiting() {
        List<String> sentences = new ArrayList<>(root.waiting());
        if (iommu != null) {
            sentences.addAll(iommu.waiting());
        }
        links.forEach(link -> sentences.addAll(link.waiting()));
        switches.forEach(crossing -> sentences.addAll(crossing.waiting()));
        endpoints.forEach(endpoint -> sentences.addAll(endpoint.waiting()));
        sentences.addAll(simulation.waiting());
        return sentences;
    }

    private static int count(Settings settings, String path) {
        return Math.toIntExact(settings.count(path));
    }
}
