package flyby.machine;

import flyby.base.Check;
import flyby.params.Catalogue;
import flyby.params.Profile;
import flyby.params.Settings;
import flyby.params.Source;
import flyby.pcie.Generation;
import flyby.pcie.LinkRate;
import flyby.pcie.LinkWidth;
import flyby.pcie.Segmentation;
import flyby.pcie.TagWidth;
import flyby.topology.XeonHosts;
import flyby.traffic.DmaEngine;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;

/// The parameters of a [Server]: a traffic generator behind one link, and the host that it reaches.
public final class ServerCatalogue {
    /// What a page of the IOMMU's tables may be.
    public static final List<String> PAGES = List.of("4K", "2M", "1G");

    private static final String DATA = "pcie-bench, data, commit b2abf2f";
    private static final Source LSPCI = Source.measured(DATA + ": sys-lspci.txt", "NFP6000, Gen3 x8");
    private static final Source SPACE =
            Source.assumed("receive buffers that keep the link busy: no published figure depends on them");
    private static final Source IDLE = Source.assumed("nothing published tells it from zero");

    private static final Catalogue LINK = Catalogue.titled("A link")
            .choice("machine.link.generation", "gen3", words(Generation.values()), "How fast each lane signals.")
            .choice("machine.link.width", "x8", words(LinkWidth.values()), "How many lanes there are.")
            .bytes(
                    "machine.link.mps",
                    "256 B",
                    "128 B",
                    "4 KiB",
                    LSPCI,
                    "Max_Payload_Size, section 7.5.3.4: a power of two.")
            .bytes(
                    "machine.link.mrrs",
                    "512 B",
                    "128 B",
                    "4 KiB",
                    LSPCI,
                    "Max_Read_Request_Size, section 7.5.3.4: a power of two.")
            .duration(
                    "machine.link.propagation",
                    "2 ns",
                    "1 ps",
                    "1 us",
                    Source.assumed("traces of some 20 cm, and the receiver's first stage"),
                    "From the last symbol sent to the packet received.")
            .flag("machine.link.dllps", true, "Whether Acks and UpdateFCs take time on the wire.")
            .count("machine.link.posted-headers", 128, 1, 2_047, "", SPACE, "Credits for writes: section 2.6.1.")
            .count("machine.link.posted-data", 2_047, 8, 32_767, "", SPACE, "Their data, in units of 16 B.")
            .count("machine.link.read-headers", 128, 1, 2_047, "", SPACE, "Credits for reads.")
            .build();

    private static final Catalogue DEVICE = Catalogue.titled("A device with engines for DMA")
            .count("machine.device.tags", 32, 1, 768, "", LSPCI, "Reads that it keeps outstanding: ExtTag is off.")
            .choice("machine.device.tag-width", "five-bits", words(TagWidth.values()), "Section 2.2.6.2.")
            .bytes(
                    "machine.device.write-payload",
                    "128 B",
                    "128 B",
                    "4 KiB",
                    Source.derived("53.0 Gb/s of writes: 63.015 Gb/s * 128 / (128 + 24)"),
                    "The most that its engine puts into a write: a power of two.")
            .duration(
                    "machine.device.write-time",
                    "7278 ps",
                    "0 ns",
                    "1 ms",
                    Source.derived("64 B every 21.096 ns, less the time for its line"),
                    "How long a write occupies its engine, beside its chunks.")
            .duration(
                    "machine.device.write-chunk-time",
                    "13818 ps",
                    "0 ns",
                    "1 ms",
                    Source.derived("129 B every 37.997 ns against 128 B every 24.179 ns"),
                    "What the first 64 B of each chunk add.")
            .duration(
                    "machine.device.write-line-time",
                    "3083 ps",
                    "0 ns",
                    "1 ms",
                    Source.derived("128 B every 24.179 ns against 64 B every 21.096 ns"),
                    "What the other 64 B of a chunk add.")
            .duration("machine.device.read-time", "0 ns", "0 ns", "1 ms", IDLE, "How long a read occupies its engine.")
            .duration(
                    "machine.device.read-latency",
                    "41 ns",
                    "0 ns",
                    "1 ms",
                    Source.derived("546 to 560 ns for 64 B, less a loop of 503 to 512 ns and the bytes' own time"),
                    "From the start of a read to its first request.")
            .duration(
                    "machine.device.write-latency",
                    "223 ns",
                    "0 ns",
                    "1 ms",
                    Source.derived("760 ns to write and read 8 B, less 533 ns to read them, less the wire"),
                    "From the start of a write to its first packet.")
            .duration(
                    "machine.device.kibibyte-time",
                    "140 ns",
                    "0 ns",
                    "1 ms",
                    Source.derived("2 KiB take 280 ns longer than 1 KiB, of which 140 ns on the link"),
                    "What 1,024 bytes take inside the device, before they are passed on.")
            .build();

    private static final Catalogue HOST = Catalogue.titled("A host")
            .duration(
                    "machine.loop.time",
                    XeonHosts.LOOP_TIME.text(),
                    "1 ns",
                    "1 ms",
                    XeonHosts.LOOP_TIME.source(),
                    "A read of 64 B that hits the LLC on an idle machine: from its request to its data, at the device.")
            .bytes(
                    "machine.root.line-completions",
                    "256 B",
                    "0 B",
                    "4 KiB",
                    Source.derived("256 B at 47.7 Gb/s: completions of 64 B; 512 B at 55.0 Gb/s: 64, 256 and 192 B"),
                    "Reads up to this size are answered line by line; larger ones by one line, and then by completions"
                            + " up to the Max_Payload_Size. 0: all by completions up to that size.")
            .bytes("machine.llc.size", "25 MiB", "64 KiB", "1 GiB", IDLE, "Last-level cache of a socket.")
            .count(
                    "machine.llc.ways",
                    XeonHosts.LLC_WAYS.count(),
                    1,
                    31,
                    "ways",
                    XeonHosts.LLC_WAYS.source(),
                    "Its associativity.")
            .count(
                    "machine.ddio.ways",
                    XeonHosts.DDIO_WAYS.count(),
                    0,
                    31,
                    "ways",
                    XeonHosts.DDIO_WAYS.source(),
                    "Ways that writes of devices may allocate; 0: they go to memory.")
            .duration(
                    "machine.io.latency",
                    XeonHosts.IO_LATENCY.text(),
                    "0 ns",
                    "10 us",
                    XeonHosts.IO_LATENCY.source(),
                    "From the root complex to the last-level cache and back.")
            .duration(
                    "machine.memory.latency",
                    "75 ns",
                    "0 ns",
                    "10 us",
                    Source.derived("loops of 580 ns cold and 505 ns warm"),
                    "What a miss of the last-level cache adds.")
            .count(
                    "machine.memory.channels",
                    XeonHosts.MEMORY_CHANNELS.count(),
                    1,
                    16,
                    "channels",
                    XeonHosts.MEMORY_CHANNELS.source(),
                    "Memory channels of a socket.")
            .duration(
                    "machine.memory.line-time",
                    "4288 ps",
                    "0 ns",
                    "1 us",
                    Source.derived("64 B on one channel of DDR4-1866"),
                    "How long a line occupies its channel.")
            .duration(
                    "machine.socket.latency",
                    XeonHosts.SOCKET_LATENCY.text(),
                    "0 ns",
                    "10 us",
                    XeonHosts.SOCKET_LATENCY.source(),
                    "From one socket to another, one way.")
            .choice(
                    "machine.iommu.mode",
                    "off",
                    List.of("off", "passthrough", "on"),
                    "No IOMMU, one that lets every address pass, or page tables.")
            .choice("machine.iommu.page-size", "4K", PAGES, "What the window is mapped by.")
            .count(
                    "machine.iommu.iotlb-entries",
                    XeonHosts.IOTLB_ENTRIES.count(),
                    1,
                    65_536,
                    "",
                    XeonHosts.IOTLB_ENTRIES.source(),
                    "Translations that the IOTLB holds.")
            .count(
                    "machine.iommu.walkers",
                    XeonHosts.WALKERS.count(),
                    1,
                    64,
                    "",
                    XeonHosts.WALKERS.source(),
                    "Page walks at once.")
            .duration(
                    "machine.iommu.walk-latency",
                    XeonHosts.WALK_LATENCY.text(),
                    "0 ns",
                    "10 us",
                    XeonHosts.WALK_LATENCY.source(),
                    "What a miss of the IOTLB adds if the page table's last level is in the LLC and the rest in the"
                            + " page-walk caches.")
            .build();

    /// What may be set.
    public static final Catalogue PARAMETERS = Catalogue.titled("A server, its link, and a device behind it")
            .choice(
                    Catalogue.PROFILE,
                    "server-hsw-a",
                    ServerProfiles.ALL.stream().map(Profile::name).toList(),
                    "The host that the defaults below describe.")
            .include(LINK)
            .include(DEVICE)
            .include(HOST)
            .rule(
                    "machine.link.mps, machine.link.mrrs and machine.device.write-payload must be powers of two",
                    settings -> isPower(settings, "machine.link.mps")
                            && isPower(settings, "machine.link.mrrs")
                            && isPower(settings, "machine.device.write-payload"),
                    "machine.link.mps",
                    "machine.link.mrrs",
                    "machine.device.write-payload")
            .rule(
                    "machine.device.tags must be at most the tags of machine.device.tag-width",
                    settings -> settings.count("machine.device.tags")
                            <= tagWidth(settings).tagCount(),
                    "machine.device.tags",
                    "machine.device.tag-width")
            .rule(
                    "machine.loop.time must be at least what the link and the last-level cache take of it",
                    settings -> rootPicos(settings) >= 0,
                    "machine.loop.time",
                    "machine.link.generation",
                    "machine.link.width",
                    "machine.link.propagation",
                    "machine.io.latency")
            .rule(
                    "machine.iommu.walk-latency must be at least machine.io.latency: a walk reads a line",
                    settings -> settings.picos("machine.iommu.walk-latency") >= settings.picos("machine.io.latency"),
                    "machine.iommu.walk-latency",
                    "machine.io.latency")
            .rule(
                    "machine.ddio.ways must be at most machine.llc.ways",
                    settings -> settings.count("machine.ddio.ways") <= settings.count("machine.llc.ways"),
                    "machine.ddio.ways",
                    "machine.llc.ways")
            .rule(
                    "machine.llc.size must be a multiple of its ways times 64 B",
                    settings -> settings.bytes("machine.llc.size") % (64 * settings.count("machine.llc.ways")) == 0,
                    "machine.llc.size",
                    "machine.llc.ways")
            .rule(
                    "machine.link.posted-data must have room for a packet of machine.link.mps",
                    settings -> settings.count("machine.link.posted-data") * 16 >= size(settings, "machine.link.mps"),
                    "machine.link.posted-data",
                    "machine.link.mps")
            .build();

    private ServerCatalogue() {}

    /// What [Catalogue#PROFILE] chooses from.
    public static List<Profile> profiles() {
        return ServerProfiles.ALL;
    }

    /// Speed and width of the link.
    public static LinkRate rate(Settings settings) {
        return new LinkRate(
                of(Generation.values(), settings.choice("machine.link.generation")),
                of(LinkWidth.values(), settings.choice("machine.link.width")));
    }

    /// How packets are cut.
    public static Segmentation segmentation(Settings settings) {
        return new Segmentation(size(settings, "machine.link.mps"), size(settings, "machine.link.mrrs"), 64);
    }

    static TagWidth tagWidth(Settings settings) {
        return of(TagWidth.values(), settings.choice("machine.device.tag-width"));
    }

    /// The engines of the device.
    static DmaEngine engine(Settings settings) {
        return new DmaEngine(
                settings.picos("machine.device.read-time"),
                settings.picos("machine.device.write-time"),
                size(settings, "machine.device.write-payload"),
                settings.picos("machine.device.write-chunk-time"),
                64,
                settings.picos("machine.device.write-line-time"),
                settings.picos("machine.device.read-latency"),
                settings.picos("machine.device.write-latency"),
                settings.picos("machine.device.kibibyte-time"));
    }

    /// What is left of the loop time for the root complex: less the wire of request and completion, the propagation
    /// both ways, and the last-level cache.
    static long rootPicos(Settings settings) {
        LinkRate rate = rate(settings);
        return settings.picos("machine.loop.time")
                - rate.picosFor(Server.READ_REQUEST_BYTES)
                - rate.picosFor(Server.LINE_COMPLETION_BYTES)
                - 2 * settings.picos("machine.link.propagation")
                - settings.picos("machine.io.latency");
    }

    /// A size of at most 4 KiB.
    static int size(Settings settings, String path) {
        return Math.toIntExact(settings.bytes(path));
    }

    private static boolean isPower(Settings settings, String path) {
        return Long.bitCount(settings.bytes(path)) == 1;
    }

    private static List<String> words(Enum<?>[] values) {
        return Arrays.stream(values).map(ServerCatalogue::word).toList();
    }

    private static String word(Enum<?> value) {
        return value.name().toLowerCase(Locale.ROOT).replace('_', '-');
    }

    private static <E extends Enum<E>> E of(E[] values, String word) {
        for (E value : values) {
            if (word(value).equals(word)) {
                return value;
            }
        }
        throw Check.bug("no %s", word);
    }
}
