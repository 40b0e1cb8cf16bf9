package flyby.root;

import flyby.base.Check;
import flyby.bus.Device;
import flyby.bus.InterruptSink;
import flyby.iommu.DeviceTlbs;
import flyby.iommu.InterruptRemapping;
import flyby.iommu.Translator;
import flyby.link.LinkEnd;
import flyby.memory.MemoryAgent;
import flyby.pcie.MessageCodes;
import flyby.pcie.Packet;
import flyby.pcie.PacketPool;
import flyby.pcie.PageRange;
import flyby.pcie.Segmentation;
import flyby.sim.Simulation;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// What joins CPUs, memory and trees of devices: the root ports, and who reaches what through which of them.
public final class RootComplex {
    /// What requests of CPUs come from: bus 0, device 0, function 0.
    public static final int ID = 0;

    /// Bus 0 has room for 32 devices, of which the root complex itself is one: section 7.3.1.
    public static final int PORTS_MAX = 31;

    /// ITags: section 10.3.1.
    private static final int INVALIDATION_TAGS = 32;

    private static final WithoutIommu WITHOUT_IOMMU = new WithoutIommu();

    private final Simulation simulation;
    private final PacketPool pool;
    private final RootParameters parameters;
    private final RootWindows windows;
    private final List<RootPort> ports = new ArrayList<>();
    private final List<Processor> processors = new ArrayList<>();
    private final MessageInterrupts interrupts;
    private final List<Runnable> invalidations = new ArrayList<>();
    private final List<Integrated> integrated = new ArrayList<>();
    private final IntxWires wires;
    private final ProcessorTags tags = new ProcessorTags();

    /// @param lines who hears the four wires, 0 to 3, that INTA to INTD of all root ports come to
    public RootComplex(
            Simulation simulation,
            PacketPool pool,
            RootParameters parameters,
            RootWindows windows,
            InterruptSink lines) {
        this.simulation = simulation;
        this.pool = pool;
        this.parameters = parameters;
        this.windows = windows;
        this.wires = new IntxWires(lines);
        this.interrupts = new MessageInterrupts(simulation, parameters.interruptPicos());
    }

    /// Another root port, without an IOMMU: device 1, 2, ... of bus 0. For set-up only.
    ///
    /// @param end the upper end of its link
    /// @param memory how it reaches memory
    public RootPort port(String name, LinkEnd end, MemoryAgent memory) {
        return port(name, end, memory, WITHOUT_IOMMU, WITHOUT_IOMMU);
    }

    /// Another root port: device 1, 2, ... of bus 0. For set-up only.
    ///
    /// @param end the upper end of its link
    /// @param memory how it reaches memory
    /// @param translator what its requests are translated by
    /// @param remapping what its interrupts are remapped by
    public RootPort port(
            String name, LinkEnd end, MemoryAgent memory, Translator translator, InterruptRemapping remapping) {
        Check.that(ports.size() < PORTS_MAX, "more than %d root ports", PORTS_MAX);
        int id = (ports.size() + 1) << 3;
        RootPort port = new RootPort(simulation, pool, this, name, id, end, memory, translator, remapping);
        ports.add(port);
        if (parameters.peerToPeer()) {
            for (RootPort each : ports) {
                if (each != port) {
                    each.addPeer(port);
                }
                port.addPeer(each);
            }
        }
        return port;
    }

    /// The way of another CPU to registers. For set-up only.
    ///
    /// @param memory tells which addresses are memory
    public ProcessorPort processor(String name, MemoryAgent memory) {
        Processor processor = new Processor(simulation, pool, this, name, memory);
        processors.add(processor);
        return processor;
    }

    /// Who hears message interrupts: the CPU with the next APIC identifier. For set-up only.
    public void interrupts(InterruptSink cpu) {
        interrupts.add(cpu);
    }

    /// Signals the interrupt that a write of `data` to `address` by the root complex itself would mean.
    public void message(long address, int data) {
        interrupts.message(address, data);
    }

    /// The registers of a device inside the root complex: region 0 is at `base`. For set-up only.
    public void integrated(Device device, long base, long byteCount) {
        integrated.add(new Integrated(device, base, byteCount));
    }

    /// The way of an IOMMU to the translations that devices keep: for set-up only.
    ///
    /// @param answered told of each answer
    public DeviceTlbs deviceTlbs(Runnable answered) {
        int tag = invalidations.size();
        Check.that(tag < INVALIDATION_TAGS, "more than %d IOMMUs", INVALIDATION_TAGS);
        invalidations.add(answered);
        return (requesterId, address, pages) -> invalidate(tag, requesterId, address, pages);
    }

    private void invalidate(int tag, int requesterId, long address, long pages) {
        RootPort port = portOfBus(requesterId >>> 8);
        if (port == null || !port.isUp()) {
            return;
        }
        Packet packet = pool.take().message(MessageCodes.INVALIDATE_REQUEST, ID, requesterId, PageRange.BYTES);
        packet.tag(tag);
        int shift = Long.numberOfTrailingZeros(pages * Segmentation.PAGE_BYTES);
        PageRange.put(PageRange.of(address, shift, false, false), packet.data(), 0);
        port.send(packet);
    }

    void invalidated(int tag) {
        if (tag < invalidations.size()) {
            invalidations.get(tag).run();
        }
    }

    /// The device inside the root complex whose registers include `address`.
    @Nullable
    Integrated integratedAt(long address) {
        for (int i = 0; i < integrated.size(); i++) {
            if (integrated.get(i).holds(address)) {
                return integrated.get(i);
            }
        }
        return null;
    }

    /// Registers of a device that is not behind a link.
    record Integrated(Device device, long base, long byteCount) {
        boolean holds(long address) {
            return address >= base && address < base + byteCount;
        }
    }

    public List<RootPort> ports() {
        return List.copyOf(ports);
    }

    public RootWindows windows() {
        return windows;
    }

    RootParameters parameters() {
        return parameters;
    }

    ProcessorTags tags() {
        return tags;
    }

    int indexOf(RootPort port) {
        return (port.id() >>> 3) - 1;
    }

    /// The port below which memory requests for `address` are answered.
    @Nullable
    RootPort portOfMemory(long address) {
        for (int i = 0; i < ports.size(); i++) {
            if (ports.get(i).bridge().holdsMemory(address)) {
                return ports.get(i);
            }
        }
        return null;
    }

    @Nullable
    RootPort portOfIo(long address) {
        for (int i = 0; i < ports.size(); i++) {
            if (ports.get(i).bridge().holdsIo(address)) {
                return ports.get(i);
            }
        }
        return null;
    }

    @Nullable
    RootPort portOfBus(int bus) {
        for (int i = 0; i < ports.size(); i++) {
            if (ports.get(i).bridge().holdsBus(bus)) {
                return ports.get(i);
            }
        }
        return null;
    }

    /// The port that is function `id` of bus 0 itself.
    @Nullable
    RootPort portOfId(int id) {
        int index = (id >>> 3) - 1;
        return (id & 7) == 0 && index >= 0 && index < ports.size() ? ports.get(index) : null;
    }

    IntxWires wires() {
        return wires;
    }

    MessageInterrupts interrupts() {
        return interrupts;
    }

    /// Whoever waits for an answer from below `port` waits in vain.
    void linkDown(RootPort port) {
        for (Processor processor : processors) {
            processor.linkDown(port);
        }
    }

    /// Who waits for what: one sentence each.
    public List<String> waiting() {
        List<String> sentences = new ArrayList<>();
        for (RootPort port : ports) {
            sentences.addAll(port.waiting());
        }
        for (Processor processor : processors) {
            processor.describe(sentences);
        }
        return sentences;
    }
}
