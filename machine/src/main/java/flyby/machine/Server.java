package flyby.machine;

import flyby.coherence.CoherenceParameters;
import flyby.coherence.CoherenceParameters.Disturbances;
import flyby.coherence.CoherenceParameters.InputOutput;
import flyby.coherence.CoherenceParameters.Level;
import flyby.coherence.CoherenceParameters.Memory;
import flyby.coherence.CoherenceParameters.SocketLink;
import flyby.coherence.CoherentMemory;
import flyby.coherence.CoreCache;
import flyby.coherence.SocketCounts;
import flyby.function.Endpoint;
import flyby.function.EndpointParameters;
import flyby.function.Function;
import flyby.function.FunctionDescription;
import flyby.function.RequesterLimits;
import flyby.iommu.CacheGeometry;
import flyby.iommu.Iommu;
import flyby.iommu.IommuParameters;
import flyby.iommu.IommuStatistics;
import flyby.iommu.layout.RemappingRegisters;
import flyby.iommu.layout.RemappingTables;
import flyby.link.DataLink;
import flyby.link.Link;
import flyby.link.LinkEnd;
import flyby.link.LinkParameters;
import flyby.link.LinkTraffic;
import flyby.link.Pace;
import flyby.link.ReceiveBuffer;
import flyby.memory.MemoryAgent;
import flyby.memory.PhysicalMemory;
import flyby.params.Settings;
import flyby.pcie.LinkRate;
import flyby.pcie.PacketPool;
import flyby.pcie.Segmentation;
import flyby.root.RootComplex;
import flyby.root.RootParameters;
import flyby.root.RootPort;
import flyby.root.RootWindows;
import flyby.sim.Simulation;
import flyby.sim.Time;
import flyby.trace.Trace;
import flyby.traffic.DmaEngine;
import flyby.traffic.TrafficGenerator;
import flyby.traffic.layout.Stamps;
import java.util.ArrayList;
import java.util.List;

/// A server with a [TrafficGenerator] behind one root port, and a window of memory for it.
public final class Server {
    /// A read request for an address above 4 GiB, on a link that frames packets.
    static final int READ_REQUEST_BYTES = 24;

    /// A completion with a line.
    static final int LINE_COMPLETION_BYTES = 84;

    private static final int LINE_BYTES = 64;
    private static final int PACKET_BYTES_MAX = 4_096;
    private static final long SOCKET_BYTES = 8L << 30;
    /// Above 4 GiB, as most memory of a server is: requests for it have the long header.
    private static final long WINDOW_IN_SOCKET = 6L << 30;
    /// Where the IOMMU's tables are.
    private static final long TABLES = 1L << 30;
    /// Below 4 GiB, as operating systems choose them, and below what is set aside there for registers: requests for
    /// them have the short header.
    private static final long IOVA_END = 3L << 30;
    private static final int SHOWN_BYTES_MAX = 1 << 20;
    /// The core that fills windows keeps next to nothing to itself.
    private static final Level PRIVATE = new Level(4_096, 8, 0);

    private final Settings settings;
    private final PacketPool pool = new PacketPool(PACKET_BYTES_MAX);
    private final PhysicalMemory bytes = new PhysicalMemory();
    private final CoherentMemory memory;
    private final Link link;
    private final RootComplex root;
    private final Iommu iommu;
    private final Function function;
    private final TrafficGenerator generator;
    private final long windowBytes;
    private final int windowSocket;
    private final long windowAddress;

    /// @param settings of [ServerCatalogue#PARAMETERS], or of a catalogue that includes them
    /// @param remote whether the window belongs to the other socket
    /// @param byCommand whether the device's processors reach memory themselves, past its engines
    public Server(Simulation simulation, Settings settings, long windowBytes, boolean remote, boolean byCommand) {
        this.settings = settings;
        this.windowBytes = windowBytes;
        this.windowSocket = remote ? 1 : 0;
        this.windowAddress = windowSocket * SOCKET_BYTES + WINDOW_IN_SOCKET;
        this.memory = new CoherentMemory(simulation, bytes, coherence(settings, remote ? 2 : 1));
        this.link = new Link(simulation, pool, "slot", link(settings));
        this.root = new RootComplex(simulation, pool, root(settings), RootWindows.Q35, (_, _) -> {});
        MemoryAgent agent = memory.agent(0);
        this.iommu = new Iommu(simulation, "iommu", iommu(settings), agent, (_, _) -> {});
        LinkEnd upper = link.upstream();
        LinkEnd lower = link.downstream();
        Trace trace = simulation.trace();
        if (trace.isOn()) {
            int onLink = trace.name("link");
            upper = new PhasedEnd(upper, simulation, onLink, trace.name("root complex"));
            lower = new PhasedEnd(lower, simulation, onLink, PhasedEnd.SAME);
        }
        RootPort port = root.port("root port", upper, agent, iommu, iommu);
        Endpoint endpoint = new Endpoint(simulation, pool, "card", lower, endpoint(settings), (_, _) -> {});
        this.function = endpoint.add("card.0", function(settings));
        this.generator = new TrafficGenerator(
                function,
                "generator",
                byCommand ? DmaEngine.IDEAL : ServerCatalogue.engine(settings),
                Math.toIntExact(settings.count("bench.depth")),
                BenchCatalogue.SIZE_MAX);
        function.attach(generator);
        configure(new Firmware(simulation, root.processor("firmware", agent), root.windows()), port);
    }

    private void configure(Firmware firmware, RootPort port) {
        Segmentation limits = ServerCatalogue.segmentation(settings);
        firmware.openPort(port, limits.maxPayloadBytes());
        firmware.openFunction(
                limits.maxPayloadBytes(), limits.maxReadRequestBytes(), ServerCatalogue.tagWidth(settings));
    }

    public TrafficGenerator generator() {
        return generator;
    }

    /// The window as the device addresses it.
    public long windowIova() {
        if (!settings.choice("machine.iommu.mode").equals("on")) {
            return windowAddress;
        }
        long pageBytes = 1L << RemappingTables.levelShift(pageLevel());
        return IOVA_END - Math.ceilDiv(windowBytes, pageBytes) * pageBytes;
    }

    /// What the IOMMU did; nothing if it is off.
    public IommuStatistics iommuStatistics() {
        return iommu.statistics();
    }

    /// What passes from the device to the host.
    public LinkTraffic upstream() {
        return link.upstreamTraffic();
    }

    /// What passes from the host to the device.
    public LinkTraffic downstream() {
        return link.downstreamTraffic();
    }

    /// What happened in the caches of the socket that the device is at.
    public SocketCounts cacheCounts() {
        return memory.counts(0);
    }

    /// The bytes of the window, or of its first MiB if it is larger, as a CPU would load them.
    public byte[] window() {
        byte[] seen = new byte[(int) Math.min(windowBytes, SHOWN_BYTES_MAX)];
        for (int i = 0; i < seen.length; i++) {
            seen[i] = memory.peek(windowAddress + i);
        }
        return seen;
    }

    /// Puts its stamp into each place of the window, as memory holds it. At nobody's cost, before anything is warm.
    void stamp(long unitBytes, long offset, int byteCount) {
        byte[] stamp = new byte[Stamps.BYTES];
        for (long place = offset; place <= windowBytes - byteCount; place += unitBytes) {
            Stamps.put(place, stamp, 0, byteCount);
            bytes.write(windowAddress + place, stamp, 0, Math.min(byteCount, Stamps.BYTES));
        }
    }

    /// The CPU of the window's socket writes the whole window, the bytes that it has: what has room in its
    /// last-level cache is there
    /// afterwards. At nobody's cost.
    void warmByHost() {
        cool();
        CoreCache core = memory.core(windowSocket, 0);
        byte[] line = new byte[LINE_BYTES];
        for (long done = 0; done < windowBytes; done += LINE_BYTES) {
            bytes.read(windowAddress + done, line, 0, LINE_BYTES);
            core.store(windowAddress + done, line, 0, LINE_BYTES);
        }
        memory.rest();
    }

    /// A device writes the whole window. At nobody's cost.
    void warmByDevice() {
        cool();
        MemoryAgent agent = memory.agent(0);
        byte[] line = new byte[LINE_BYTES];
        for (long done = 0; done < windowBytes; done += LINE_BYTES) {
            bytes.read(windowAddress + done, line, 0, LINE_BYTES);
            agent.write(windowAddress + done, line, 0, LINE_BYTES, true);
        }
        memory.rest();
    }

    /// No cache has anything of the window.
    void cool() {
        memory.flush();
        memory.rest();
    }

    /// Writes the tables of the IOMMU and switches it on, if there is to be one. The tables are in the caches
    /// afterwards. At nobody's cost.
    void openIommu() {
        String mode = settings.choice("machine.iommu.mode");
        if (mode.equals("off")) {
            return;
        }
        StaticTables tables = new StaticTables(memory.core(0, 0), TABLES);
        if (mode.equals("passthrough")) {
            tables.passThrough(function.id());
        } else {
            tables.map(function.id(), windowIova(), windowAddress, windowBytes, pageLevel());
        }
        iommu.writeRegister(0, RemappingRegisters.RTADDR, Long.BYTES, tables.root());
        iommu.writeRegister(0, RemappingRegisters.GCMD, Integer.BYTES, RemappingRegisters.GCMD_SRTP.mask());
        iommu.writeRegister(0, RemappingRegisters.GCMD, Integer.BYTES, RemappingRegisters.GCMD_TE.mask());
        memory.rest();
    }

    private int pageLevel() {
        return 1 + ServerCatalogue.PAGES.indexOf(settings.choice("machine.iommu.page-size"));
    }

    /// Who waits for what: one sentence each.
    List<String> waiting() {
        List<String> sentences = new ArrayList<>(link.waiting());
        sentences.addAll(root.waiting());
        sentences.addAll(iommu.waiting());
        return sentences;
    }

    /// A walk reads the last level of the tables, which is in the caches; the levels above are in the page-walk
    /// caches. What the published latency is more than that is the unit's own.
    private static IommuParameters iommu(Settings settings) {
        return IommuParameters.typical()
                .withIotlb(
                        CacheGeometry.fullyAssociative(Math.toIntExact(settings.count("machine.iommu.iotlb-entries"))))
                .withWalkers(Math.toIntExact(settings.count("machine.iommu.walkers")))
                .withTimes(settings.picos("machine.iommu.walk-latency") - settings.picos("machine.io.latency"), 0);
    }

    private static CoherenceParameters coherence(Settings settings, int sockets) {
        int ways = Math.toIntExact(settings.count("machine.llc.ways"));
        int ioWays = Math.toIntExact(settings.count("machine.ddio.ways"));
        return new CoherenceParameters(
                sockets,
                1,
                LINE_BYTES,
                LINE_BYTES,
                PRIVATE,
                PRIVATE,
                new Level(settings.bytes("machine.llc.size"), ways, settings.picos("machine.io.latency")),
                0,
                0,
                0,
                new InputOutput(true, (1 << ioWays) - 1, settings.picos("machine.io.latency"), Time.NANOSECOND),
                new Memory(
                        SOCKET_BYTES,
                        0,
                        Math.toIntExact(settings.count("machine.memory.channels")),
                        256,
                        settings.picos("machine.memory.latency"),
                        settings.picos("machine.memory.line-time"),
                        32),
                new SocketLink(settings.picos("machine.socket.latency"), 3_333),
                Disturbances.NONE);
    }

    private static LinkParameters link(Settings settings) {
        LinkRate rate = ServerCatalogue.rate(settings);
        ReceiveBuffer buffer = ReceiveBuffer.endpoint(
                Math.toIntExact(settings.count("machine.link.posted-headers")),
                Math.toIntExact(settings.count("machine.link.posted-data")),
                Math.toIntExact(settings.count("machine.link.read-headers")),
                Math.toIntExact(settings.count("machine.link.read-headers")));
        DataLink beside = settings.flag("machine.link.dllps")
                ? new DataLink(true, true, 0, 0)
                : DataLink.none(settings.picos("machine.link.propagation"));
        return new LinkParameters(
                rate,
                Math.toIntExact(settings.bytes("machine.link.mps")),
                settings.picos("machine.link.propagation"),
                buffer,
                ReceiveBuffer.UNLIMITED,
                beside,
                Pace.PACKETS);
    }

    /// Requests are translated and performed as they arrive: a miss of the IOTLB adds its whole walk.
    private static RootParameters root(Settings settings) {
        long picos = ServerCatalogue.rootPicos(settings);
        return new RootParameters(
                0,
                picos,
                Time.MICROSECOND,
                Time.MICROSECOND,
                50 * Time.MILLISECOND,
                1,
                ServerCatalogue.segmentation(settings),
                ServerCatalogue.size(settings, "machine.root.line-completions"),
                false);
    }

    private static EndpointParameters endpoint(Settings settings) {
        return new EndpointParameters(
                ServerCatalogue.size(settings, "machine.link.mps"), Time.NANOSECOND, Time.NANOSECOND, false);
    }

    private static FunctionDescription function(Settings settings) {
        return FunctionDescription.of(0xf1b0, 0x1000, 0xff_0000)
                .with(new RequesterLimits(
                        ServerCatalogue.tagWidth(settings),
                        Math.toIntExact(settings.count("machine.device.tags")),
                        PACKET_BYTES_MAX,
                        ServerCatalogue.size(settings, "machine.device.write-payload"),
                        RequesterLimits.Pace.UNLIMITED,
                        RequesterLimits.Pace.UNLIMITED));
    }
}
