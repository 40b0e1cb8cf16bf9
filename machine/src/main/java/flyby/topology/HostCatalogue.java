package flyby.topology;

import flyby.params.Catalogue;
import flyby.params.Settings;
import flyby.params.Source;
import java.util.List;

/// What may be set on a host: sockets, caches, memory, root complex, IOMMU. All sockets of a machine are alike.
public final class HostCatalogue {
    /// Where the registers of devices end: what chip sets have for themselves, and interrupts, lie above.
    public static final long REGISTERS_END = 0xfec0_0000L;

    /// Configuration space has 4 KiB for each function of each of 256 buses: section 7.2.2.
    public static final long CONFIGURATION_BYTES = 256L << 20;

    private static final List<String> PAGES = List.of("4K", "2M", "1G");
    private static final Source XEON =
            Source.spec("Intel Xeon E5-2600 v4 data sheet, 333810", "E5-2630 v4: cores, caches, memory");
    private static final Source OPTIMIZATION = Source.spec(
            "Intel 64 and IA-32 Architectures Optimization Reference Manual, 248966", "Haswell cache parameters");
    private static final Source SOFTWARE_MANUAL =
            Source.spec("Intel Software Developer's Manual, volume 3", "caches: 64-byte lines");

    public static final Catalogue PARAMETERS = Catalogue.titled("A host: sockets, caches, memory, root complex, IOMMU")
            .count("cpu.sockets", 1, 1, 4, "", XEON, "Sockets, each with cores, a last-level cache and memory.")
            .count("cpu.cores", 10, 1, 64, "", XEON, "Cores of a socket.")
            .frequency("cpu.clock", "2200 MHz", "1 MHz", "10 GHz", XEON, "Clock of the cores.")
            .count("cpu.instruction-clocks", 1, 0, 1_000, "clocks", OPTIMIZATION, "A load, store or register access.")
            .count("cpu.word-clocks", 1, 0, 1_000, "clocks", OPTIMIZATION, "8 bytes of a block move.")
            .count("cpu.fill-buffers", 10, 1, 64, "", OPTIMIZATION, "Lines of a block move on their way at once.")
            .count("cpu.combining-buffers", 10, 1, 64, "", OPTIMIZATION, "Lines that collect write-combining stores.")
            .duration(
                    "cpu.interrupt",
                    "500 ns",
                    "0 ns",
                    "1 ms",
                    Source.assumed("some 1,000 clocks until a handler's first instruction"),
                    "From taking an interrupt to its handler's first instruction.")
            .duration(
                    "cpu.interrupt-return",
                    "250 ns",
                    "0 ns",
                    "1 ms",
                    Source.assumed("half of the way there"),
                    "From its last instruction to the interrupted code.")
            .duration(
                    "cpu.context-switch",
                    "1 us",
                    "0 ns",
                    "1 ms",
                    Source.assumed(
                            "between threads of the kernel; lmbench's lat_ctx, between processes, says 1 to 4 us"),
                    "From one thread to another.")
            .count(
                    "cpu.store-buffer",
                    0,
                    0,
                    64,
                    "",
                    Source.assumed("0, as no driver depends on it; real cores have 16 to 72"),
                    "Stores that wait until others see them; 0: others see each at once.")
            .choice(
                    "cpu.store-order",
                    "tso",
                    List.of("tso", "weak"),
                    "In which order they do: as in the program, or in any that barriers allow.")
            .duration(
                    "cpu.store-drain",
                    "20 ns",
                    "0 ns",
                    "10 us",
                    Source.assumed("some 50 clocks; architectures say only that it ends"),
                    "How long a store waits, if nothing needs it gone sooner.")
            .duration(
                    "cpu.load-reorder",
                    "0 ns",
                    "0 ns",
                    "10 us",
                    Source.assumed("0, as no driver depends on it; some 100 ns are the instructions in flight"),
                    "How much earlier than its turn a load may be done, where no barrier is between.")
            .flag("cache.coherent", true, "Whether devices' accesses ask the caches. If not, drivers have to.")
            .count(
                    "cache.prefetch-one-in",
                    0,
                    0,
                    1_000_000,
                    "loads",
                    Source.assumed("0, as no driver depends on it; cores fetch what they please"),
                    "One in so many loads that miss also fetches a line that nobody asked for; 0: none.")
            .count(
                    "cache.evict-one-in",
                    0,
                    0,
                    1_000_000,
                    "accesses",
                    Source.assumed("0, as no driver depends on it; caches evict what they please"),
                    "One in so many accesses of a core has its caches give up a line; 0: none.")
            .bytes("cache.line", "64 B", "16 B", "256 B", SOFTWARE_MANUAL, "A line of all caches.")
            .bytes(
                    "cache.dma-alignment",
                    "64 B",
                    "1 B",
                    "4 KiB",
                    Source.derived("a line"),
                    "Buffers closer than that may share what maintenance destroys.")
            .bytes("l1.size", "32 KiB", "1 KiB", "1 MiB", OPTIMIZATION, "Data cache of a core.")
            .count("l1.ways", 8, 1, 64, "ways", OPTIMIZATION, "Its associativity.")
            .count("l1.clocks", 4, 0, 1_000, "clocks", OPTIMIZATION, "A load that hits it.")
            .bytes("l2.size", "256 KiB", "1 KiB", "64 MiB", OPTIMIZATION, "Second-level cache of a core.")
            .count("l2.ways", 8, 1, 64, "ways", OPTIMIZATION, "Its associativity.")
            .count("l2.clocks", 12, 0, 1_000, "clocks", OPTIMIZATION, "A load that hits it.")
            .bytes("llc.size", "25 MiB", "1 KiB", "1 GiB", XEON, "Last-level cache of a socket, shared by its cores.")
            .count(
                    "llc.ways",
                    XeonHosts.LLC_WAYS.count(),
                    1,
                    31,
                    "ways",
                    XeonHosts.LLC_WAYS.source(),
                    "Its associativity.")
            .duration(
                    "llc.latency",
                    "20 ns",
                    "0 ns",
                    "1 us",
                    Source.assumed("some 45 clocks"),
                    "From a load to its bytes, when they are found there.")
            .count(
                    "llc.directory-ways",
                    0,
                    0,
                    64,
                    "ways",
                    Source.assumed("inclusive, as in Xeons before Skylake"),
                    "Ways of a snoop filter beside it; 0: it includes all private caches.")
            .duration(
                    "cache.snoop",
                    "15 ns",
                    "0 ns",
                    "1 us",
                    Source.assumed("what a line that another core has modified takes longer to load"),
                    "From the last-level cache into a core's private one and back.")
            .duration(
                    "cache.maintenance",
                    "2 ns",
                    "0 ns",
                    "1 us",
                    Source.assumed("issued one after the other; what is written back costs more"),
                    "What one instruction that cleans or invalidates a line costs its core.")
            .count(
                    "ddio.ways",
                    XeonHosts.DDIO_WAYS.count(),
                    0,
                    31,
                    "ways",
                    XeonHosts.DDIO_WAYS.source(),
                    "Ways of the last-level cache that writes of devices may allocate; 0: they go to memory.")
            .duration(
                    "io.latency",
                    XeonHosts.IO_LATENCY.text(),
                    "0 ns",
                    "1 us",
                    XeonHosts.IO_LATENCY.source(),
                    "From the root complex to the last-level cache and back.")
            .duration(
                    "io.line-time",
                    "1 ns",
                    "0 ns",
                    "1 us",
                    Source.assumed("a line in two clocks of the ring"),
                    "The shortest time between two lines of devices.")
            .bytes(
                    "memory.size",
                    "1 GiB",
                    "1 MiB",
                    "2 GiB",
                    Source.assumed("more than any window of the scenarios"),
                    "Memory of a socket; that of socket 0 begins at address 0.")
            .bytes(
                    "memory.in-use",
                    "0 B",
                    "0 B",
                    "2 GiB",
                    Source.assumed("0, as machines are idle"),
                    "Of socket 0: what others than drivers have, from 16 MiB on.")
            .choice(
                    "memory.contents",
                    "zeros",
                    List.of("zeros", "random"),
                    "What memory holds that nobody has written yet.")
            .count(
                    "memory.channels",
                    XeonHosts.MEMORY_CHANNELS.count(),
                    1,
                    16,
                    "channels",
                    XeonHosts.MEMORY_CHANNELS.source(),
                    "Memory channels of a socket.")
            .duration(
                    "memory.latency",
                    "66 ns",
                    "0 ns",
                    "10 us",
                    Source.measured("pcie-bench: 8 B commands, 466 ns cold against 400 ns warm", "Xeon E5-2630 v4"),
                    "What a miss of the last-level cache adds.")
            .duration(
                    "memory.line-time",
                    "3750 ps",
                    "0 ns",
                    "1 us",
                    Source.derived("64 B on one channel of DDR4-2133"),
                    "How long a line keeps its channel busy.")
            .bytes(
                    "memory.interleave",
                    "256 B",
                    "256 B",
                    "1 MiB",
                    Source.assumed("a few lines, so that a stream uses all channels"),
                    "Channels take turns every so many bytes.")
            .count(
                    "memory.write-queue",
                    32,
                    0,
                    1_024,
                    "lines",
                    Source.assumed("write queues of 24 to 64 lines are usual"),
                    "Written lines that a channel takes before it drains some.")
            .duration(
                    "socket.latency",
                    XeonHosts.SOCKET_LATENCY.text(),
                    "0 ns",
                    "10 us",
                    XeonHosts.SOCKET_LATENCY.source(),
                    "From one socket to another, one way.")
            .duration(
                    "socket.line-time",
                    "3333 ps",
                    "0 ns",
                    "1 us",
                    Source.derived("64 B at 19.2 GB/s: QPI of 9.6 GT/s"),
                    "How long a line occupies its direction between two sockets.")
            .duration(
                    "root.latency",
                    XeonHosts.ROOT_LATENCY.text(),
                    "0 ns",
                    "10 us",
                    XeonHosts.ROOT_LATENCY.source(),
                    "A request in the root complex, before memory is asked.")
            .duration(
                    "root.completion-latency",
                    XeonHosts.ROOT_COMPLETION_LATENCY.text(),
                    "0 ns",
                    "10 us",
                    XeonHosts.ROOT_COMPLETION_LATENCY.source(),
                    "From memory's answer until its completion is with the link.")
            .duration(
                    "root.register-latency",
                    "100 ns",
                    "0 ns",
                    "10 us",
                    Source.assumed("a read of a register then takes some 0.5 us, as is usual"),
                    "Between a core and the link, each way, for accesses of registers.")
            .duration(
                    "root.interrupt-latency",
                    "200 ns",
                    "0 ns",
                    "100 us",
                    Source.assumed("a write that crosses the chip, and a local APIC"),
                    "From the arrival of an interrupt's message until its core knows.")
            .bytes(
                    "root.completion-boundary",
                    "64 B",
                    "64 B",
                    "128 B",
                    Source.spec("PCI Express Base Specification 5.0", "section 2.3.1.1: RCB"),
                    "Read Completion Boundary.")
            .choice(
                    "iommu.mode",
                    "off",
                    List.of("off", "passthrough", "strict", "lazy"),
                    "How the operating system uses the IOMMU: not at all; devices reach all memory; what is unmapped is"
                            + " out of reach at once, or after a while.")
            .flag(
                    "iommu.ats",
                    true,
                    "Whether the operating system enables Address Translation Services in each function that has them,"
                            + " and believes it from then on, as Linux did before 5.0 and still does with devices that"
                            + " are not external.")
            .flag(
                    "iommu.force-dac",
                    false,
                    "Whether IOVAs are as high as the device reaches from the first on, not below 4 GiB as long as"
                            + " there is room: Linux's iommu.forcedac.")
            .flag(
                    "iommu.zero",
                    false,
                    "Whether IOVA 0, an address as any other, is given out: to the page that a device only"
                            + " reads or only writes, if it is free.")
            .choices("iommu.page-sizes", PAGES, PAGES, "The page sizes that the IOMMU supports.")
            .choice(
                    "iommu.page-size",
                    "4K",
                    PAGES,
                    "The largest pages that mappings are made of, where place and length allow.")
            .count(
                    "iommu.iotlb-entries",
                    XeonHosts.IOTLB_ENTRIES.count(),
                    1,
                    65_536,
                    "",
                    XeonHosts.IOTLB_ENTRIES.source(),
                    "Translations that the IOTLB holds.")
            .count(
                    "iommu.walkers",
                    XeonHosts.WALKERS.count(),
                    1,
                    64,
                    "",
                    XeonHosts.WALKERS.source(),
                    "Page walks at once.")
            .duration(
                    "iommu.miss",
                    XeonHosts.IOMMU_MISS.text(),
                    "0 ns",
                    "10 us",
                    XeonHosts.IOMMU_MISS.source(),
                    "From a miss of the IOTLB to the first read of its walk.")
            .duration(
                    "iommu.invalidation",
                    "200 ns",
                    "0 ns",
                    "100 us",
                    Source.assumed("the unit's part of some 0.65 us for a synchronous invalidation"),
                    "To carry out one descriptor of the invalidation queue.")
            .choice(
                    "swiotlb.mode",
                    "auto",
                    List.of("auto", "on", "force", "off"),
                    "Bounce buffers: where Linux would make them; always there; for all mappings; never.")
            .bytes(
                    "swiotlb.size",
                    "64 MiB",
                    "256 KiB",
                    "1 GiB",
                    Source.spec("Linux, Documentation/core-api/swiotlb.rst", "default pool"),
                    "All bounce buffers together.")
            .flag("dma.untrusted", false, "Whether devices may, behind an IOMMU, only see granules of their own.")
            .flag(
                    "dma.bounce-unaligned",
                    false,
                    "Whether memory that may share its cache lines is bounced, where devices do not ask the caches.")
            .choice(
                    "dma.hand-over",
                    "invalidate",
                    List.of("invalidate", "clean", "nothing"),
                    "What is done to cached lines that a device is going to write, where it does not ask the caches.")
            .flag(
                    "dma.bounce-copies-in",
                    true,
                    "Whether a bounce buffer that a device is going to write gets the old bytes first.")
            .choice(
                    "interrupts.by",
                    "message",
                    List.of("message", "wire"),
                    "How devices interrupt that can do both: MSI, or INTx, which is not ordered behind their data.")
            .address(
                    "registers.base",
                    "0xb0000000",
                    CONFIGURATION_BYTES,
                    REGISTERS_END - CONFIGURATION_BYTES - 1,
                    Source.spec("QEMU, machine q35", "memory map"),
                    "Where configuration space is, 256 MiB, and behind it registers. Memory ends below it.")
            .rule(
                    "memory must end below registers.base: cpu.sockets * memory.size",
                    HostCatalogue::memoryFits,
                    "memory.size",
                    "cpu.sockets",
                    "registers.base")
            .rule(
                    "swiotlb.size must be a multiple of 256 KiB",
                    settings -> settings.bytes("swiotlb.size") % (256 << 10) == 0,
                    "swiotlb.size")
            .rule(
                    "registers.base must be a multiple of 256 MiB",
                    settings -> settings.address("registers.base") % CONFIGURATION_BYTES == 0,
                    "registers.base")
            .rule(
                    "iommu.page-sizes must have 4K in it: every IOMMU supports those",
                    settings -> supportsPages(settings, "4K"),
                    "iommu.page-sizes")
            .rule(
                    "iommu.page-size must be one of iommu.page-sizes",
                    settings -> settings.choices("iommu.page-sizes").contains(settings.choice("iommu.page-size")),
                    "iommu.page-sizes",
                    "iommu.page-size")
            .rule(
                    "cache.line must be a power of two",
                    settings -> Long.bitCount(settings.bytes("cache.line")) == 1,
                    "cache.line")
            .rule(
                    "l1.size, l2.size and llc.size must be multiples of their ways times cache.line",
                    settings -> fits(settings, "l1") && fits(settings, "l2") && fits(settings, "llc"),
                    "l1.size",
                    "l1.ways",
                    "l2.size",
                    "l2.ways",
                    "llc.size",
                    "llc.ways",
                    "cache.line")
            .rule(
                    "cache.dma-alignment must be a power of two, and at least a line if caches are not asked",
                    HostCatalogue::alignmentFits,
                    "cache.dma-alignment",
                    "cache.line",
                    "cache.coherent")
            .rule(
                    "memory.size must be a multiple of 4 KiB, and memory.interleave a power of two",
                    settings -> settings.bytes("memory.size") % 4_096 == 0
                            && Long.bitCount(settings.bytes("memory.interleave")) == 1,
                    "memory.interleave",
                    "memory.size")
            .rule(
                    "memory.in-use must be at most half of memory.size",
                    settings -> 2 * settings.bytes("memory.in-use") <= settings.bytes("memory.size"),
                    "memory.in-use",
                    "memory.size")
            .rule(
                    "ddio.ways must be at most llc.ways",
                    settings -> settings.count("ddio.ways") <= settings.count("llc.ways"),
                    "ddio.ways",
                    "llc.ways")
            .rule(
                    "cpu.store-order weak needs a store buffer: cpu.store-buffer of 1 or more",
                    settings ->
                            settings.choice("cpu.store-order").equals("tso") || settings.count("cpu.store-buffer") > 0,
                    "cpu.store-buffer",
                    "cpu.store-order")
            .rule(
                    "cpu.load-reorder needs cpu.store-order weak: with tso, loads are in order too",
                    settings -> settings.picos("cpu.load-reorder") == 0
                            || settings.choice("cpu.store-order").equals("weak"),
                    "cpu.load-reorder",
                    "cpu.store-order")
            .rule(
                    "cpu.sockets must be 1 on a machine that is not coherent",
                    settings -> settings.flag("cache.coherent") || settings.count("cpu.sockets") == 1,
                    "cpu.sockets",
                    "cache.coherent")
            .build();

    private HostCatalogue() {}

    /// The largest pages of mappings: 1 for 4 KiB, 2 for 2 MiB, 3 for 1 GiB.
    public static int pageLevel(Settings settings) {
        return 1 + PAGES.indexOf(settings.choice("iommu.page-size"));
    }

    /// Whether the IOMMU supports pages of `word`, one of 4K, 2M and 1G.
    public static boolean supportsPages(Settings settings, String word) {
        return settings.choices("iommu.page-sizes").contains(word);
    }

    /// Where BARs are placed from.
    public static long registersBegin(Settings settings) {
        return settings.address("registers.base") + CONFIGURATION_BYTES;
    }

    /// All memory of the machine.
    public static long memoryBytes(Settings settings) {
        return settings.count("cpu.sockets") * settings.bytes("memory.size");
    }

    private static boolean fits(Settings settings, String level) {
        long way = settings.count(level + ".ways") * settings.bytes("cache.line");
        return settings.bytes(level + ".size") % way == 0;
    }

    private static boolean alignmentFits(Settings settings) {
        long alignment = settings.bytes("cache.dma-alignment");
        return Long.bitCount(alignment) == 1
                && (settings.flag("cache.coherent") || alignment >= settings.bytes("cache.line"));
    }

    private static boolean memoryFits(Settings settings) {
        return memoryBytes(settings) <= settings.address("registers.base");
    }
}
