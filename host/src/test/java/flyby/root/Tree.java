package flyby.root;

import flyby.choice.Choices;
import flyby.function.BaseAddress;
import flyby.function.Endpoint;
import flyby.function.EndpointParameters;
import flyby.function.Function;
import flyby.function.FunctionDescription;
import flyby.link.DataLink;
import flyby.link.Link;
import flyby.link.LinkEnd;
import flyby.link.LinkParameters;
import flyby.link.ReceiveBuffer;
import flyby.memory.FlatMemory;
import flyby.memory.PhysicalMemory;
import flyby.pcie.Generation;
import flyby.pcie.LinkRate;
import flyby.pcie.LinkWidth;
import flyby.pcie.PacketPool;
import flyby.pcie.Segmentation;
import flyby.sim.Prng;
import flyby.sim.Simulation;
import flyby.trace.Trace;
import java.util.ArrayList;
import java.util.List;

/// A machine of root ports, switches and functions, joined by real links, enumerated by its CPU.
final class Tree {
    static final int PAYLOAD_BYTES = 256;

    final Simulation simulation = new Simulation(1, Trace.off());
    final PacketPool pool = new PacketPool(4_096);
    final PhysicalMemory bytes = new PhysicalMemory();
    final FlatMemory memory = new FlatMemory(bytes, 1L << 30, 90_000, 40_000);
    final RootComplex root;
    final ProcessorPort cpu;
    final List<Link> links = new ArrayList<>();
    final List<Switch> switches = new ArrayList<>();
    final List<Leaf> leaves = new ArrayList<>();
    final long[] vectorCounts = new long[256];
    final List<String> lines = new ArrayList<>();
    List<FoundFunction> found = List.of();

    private final ReceiveBuffer buffer;
    /// How many different delays the IOMMU and memory have; with 1 there are none.
    long delayKinds = 4;

    private final Prng delays = new Prng(7);

    /// @param buffer of both ends of every link
    Tree(ReceiveBuffer buffer, boolean peerToPeer) {
        this.buffer = buffer;
        RootParameters parameters = new RootParameters(
                50_000,
                20_000,
                30_000,
                15_000,
                50_000_000_000L,
                4,
                new Segmentation(PAYLOAD_BYTES, 512, 64),
                0,
                peerToPeer);
        root = new RootComplex(
                simulation, pool, parameters, RootWindows.Q35, (line, asserted) -> lines.add(line + " " + asserted));
        root.interrupts((vector, _) -> vectorCounts[vector]++);
        cpu = root.processor("cpu0", memory);
    }

    /// The least that a port may grant: one packet of each flow.
    static ReceiveBuffer leastRoom() {
        int units = PAYLOAD_BYTES / ReceiveBuffer.UNIT_BYTES;
        return new ReceiveBuffer(1, units, 1, 1, 1, units);
    }

    /// 1 to 3 root ports, with switches up to 3 deep below them.
    static Tree random(Choices choices, boolean peerToPeer) {
        Tree tree = new Tree(choices.chance(1, 2) ? leastRoom() : ReceiveBuffer.UNLIMITED, peerToPeer);
        long portCount = choices.between(1, 3);
        for (int i = 0; i < portCount; i++) {
            tree.grow(choices, tree.rootPort(), 0);
        }
        return tree;
    }

    private void grow(Choices choices, LinkEnd end, int depth) {
        if (depth < 3 && leaves.size() < 12 && choices.chance(1, 2)) {
            Switch below = addSwitch(end);
            long count = choices.between(1, 3);
            for (int i = 0; i < count; i++) {
                grow(choices, port(below), depth + 1);
            }
        } else {
            List<FunctionDescription> functions = new ArrayList<>();
            long count = choices.between(1, 2);
            for (int i = 0; i < count; i++) {
                functions.add(description(choices));
            }
            endpoint(end, functions);
        }
    }

    private static FunctionDescription description(Choices choices) {
        FunctionDescription plain = FunctionDescription.of(0x1234, 0x5678, 0x018000)
                .with(BaseAddress.memory32(0, 4_096L << choices.below(9)))
                .withMsi(1)
                .withPin(1);
        if (choices.chance(1, 2)) {
            plain = plain.with(new BaseAddress(2, BaseAddress.Kind.MEMORY_64, true, 4_096L << choices.below(16)));
        }
        return choices.chance(1, 3) ? plain.with(new BaseAddress(4, BaseAddress.Kind.IO, false, 64)) : plain;
    }

    /// Another root port.
    ///
    /// @return the lower end of its link
    LinkEnd rootPort() {
        Link link = link();
        Jitter jitter = new Jitter(simulation, memory, () -> delays.below(delayKinds) * 70_000);
        root.port("root port " + root.ports().size(), link.upstream(), jitter, jitter, jitter);
        return link.downstream();
    }

    Link link() {
        LinkRate rate = new LinkRate(Generation.GEN3, LinkWidth.X4);
        Link link = new Link(
                simulation,
                pool,
                "link " + links.size(),
                LinkParameters.of(rate, PAYLOAD_BYTES, 5_000)
                        .withBuffers(buffer, buffer)
                        .withDataLink(DataLink.none(1_000)));
        links.add(link);
        return link;
    }

    Switch addSwitch(LinkEnd end) {
        Switch made = new Switch(
                simulation,
                pool,
                "switch " + switches.size(),
                100_000,
                new Segmentation(PAYLOAD_BYTES, 512, 64),
                end,
                root.ports().getLast().wires());
        switches.add(made);
        return made;
    }

    /// Another downstream port.
    ///
    /// @return the lower end of its link
    LinkEnd port(Switch above) {
        Link link = link();
        above.downstream(link.upstream());
        return link.downstream();
    }

    Endpoint endpoint(LinkEnd end, List<FunctionDescription> functions) {
        int first = leaves.size();
        Endpoint endpoint = new Endpoint(
                simulation,
                pool,
                "endpoint " + first,
                end,
                new EndpointParameters(512, 100_000, 0, functions.size() > 8),
                root.ports().getLast().wires());
        for (int i = 0; i < functions.size(); i++) {
            Function function = endpoint.add("function " + (first + i), functions.get(i));
            leaves.add(new Leaf(first + i, function));
        }
        return endpoint;
    }

    void enumerate() {
        found = Enumeration.run(
                simulation,
                cpu,
                root.windows(),
                new Enumeration.Options(true, true, root.parameters().peerToPeer()));
    }

    /// What enumeration says of a leaf.
    FoundFunction found(Leaf leaf) {
        return found.stream()
                .filter(each -> each.id() == leaf.function.id())
                .findFirst()
                .orElseThrow();
    }

    /// Who waits for what in all of the machine.
    List<String> waiting() {
        List<String> sentences = new ArrayList<>(simulation.waiting());
        sentences.addAll(root.waiting());
        switches.forEach(each -> sentences.addAll(each.waiting()));
        links.forEach(each -> sentences.addAll(each.waiting()));
        return sentences;
    }
}
