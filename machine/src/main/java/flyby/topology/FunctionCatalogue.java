package flyby.topology;

import flyby.params.Catalogue;
import flyby.params.Settings;
import flyby.params.Source;
import flyby.pcie.TagWidth;
import java.util.List;

/// What may be set on a function of an endpoint.
public final class FunctionCatalogue {
    /// A fixed address that says: firmware places it.
    public static final long PLACED = 0;

    private static final String BASE = "PCI Express Base Specification 5.0";
    private static final List<String> TAGS = List.of("5-bit", "8-bit", "10-bit");

    public static final Catalogue PARAMETERS = Catalogue.titled("A function")
            .choice("device", "copy-engine", DeviceKind.words(), "Which device model sits behind it.")
            .count("number", 0, 0, 255, "", Source.spec(BASE, "section 2.2.6.2: 3 bits"), "Its number in the device.")
            .bytes(
                    "mrrs",
                    "512 B",
                    "128 B",
                    "4 KiB",
                    Source.spec(BASE, "section 7.5.3.4: Max_Read_Request_Size after reset"),
                    "The largest read that it asks for at once.")
            .choice("tags", "8-bit", TAGS, "How many reads it may have outstanding: 32, 256 or 768.")
            .address(
                    "bar0.address",
                    "0x0",
                    PLACED,
                    0xffff_ffffL,
                    Source.spec(BASE, "section 7.5.1.2.1: Base Address Registers"),
                    "Where its registers are to be; a machine whose firmware places them elsewhere is refused. 0x0:"
                            + " anywhere.")
            .count(
                    "copy.window",
                    32,
                    1,
                    255,
                    "units",
                    Source.assumed("as many as hide a round trip on most links"),
                    "Of a copy engine: units under way at once.")
            .bytes(
                    "copy.unit",
                    "512 B",
                    "1 B",
                    "64 KiB",
                    Source.assumed("as much as a read request asks for"),
                    "Of a copy engine: what it reads and writes at once.")
            .duration(
                    "copy.set-up",
                    "100 ns",
                    "0 ns",
                    "1 ms",
                    Source.assumed("some clocks of its state machine"),
                    "Of a copy engine: from START to the first read.")
            .count(
                    "traffic.depth",
                    256,
                    1,
                    4_096,
                    "operations",
                    Source.assumed("more than any link's round trip needs"),
                    "Of a traffic generator: the most operations under way at once.")
            .bytes(
                    "traffic.size",
                    "4 KiB",
                    "8 B",
                    "64 KiB",
                    Source.assumed("a page"),
                    "Of a traffic generator: its largest operation.")
            .count(
                    "ring.window",
                    64,
                    1,
                    1_024,
                    "units",
                    Source.assumed("as many as hide a round trip on most links"),
                    "Of a ring device: units under way at once.")
            .bytes(
                    "ring.unit",
                    "4 KiB",
                    "8 B",
                    "64 KiB",
                    Source.assumed("a page"),
                    "Of a ring device: what it reads or writes at once.")
            .count(
                    "ring.fetch",
                    16,
                    1,
                    256,
                    "descriptors",
                    Source.assumed("some lines of them, as network cards do"),
                    "Of a ring device: descriptors that it fetches at once.")
            .bytes(
                    "nic.packet",
                    "1 KiB",
                    "64 B",
                    "4 KiB",
                    Source.assumed("between the smallest and the largest packet of Ethernet"),
                    "Of a network card: each packet that comes in by its cable.")
            .duration(
                    "nic.interval",
                    "100 us",
                    "1 us",
                    "1 s",
                    Source.assumed("a card that has little to do"),
                    "Of a network card: from one packet that comes in to the next.")
            .flag(
                    "ats",
                    false,
                    "Whether it has Address Translation Services: it may keep translations, and say of addresses that"
                            + " they are translated. Section 10.")
            .count(
                    "sg.channels",
                    4,
                    1,
                    32,
                    "channels",
                    Source.assumed("as Xilinx's XDMA has for each direction, PG195"),
                    "Of a scatter-gather engine: its channels.")
            .count(
                    "sg.window",
                    32,
                    1,
                    255,
                    "units",
                    Source.assumed("as many as hide a round trip on most links"),
                    "Of a scatter-gather engine: units under way at once, of all channels together.")
            .bytes(
                    "sg.unit",
                    "512 B",
                    "1 B",
                    "64 KiB",
                    Source.assumed("as much as a read request asks for"),
                    "Of a scatter-gather engine: what it reads and writes at once.")
            .count(
                    "sg.prefetch",
                    16,
                    1,
                    255,
                    "descriptors",
                    Source.assumed("as XDMA fetches at most at once, PG195: Nxt_adj"),
                    "Of a scatter-gather engine: how many descriptors a channel keeps.")
            .bytes(
                    "sg.length",
                    "256 MiB",
                    "1 B",
                    "2 GiB",
                    Source.spec("Xilinx PG195", "descriptors: a length field of 28 bits"),
                    "Of a scatter-gather engine: the most bytes of one descriptor.")
            .duration(
                    "sg.set-up",
                    "20 ns",
                    "0 ns",
                    "1 ms",
                    Source.assumed("five clocks of 250 MHz to decode it"),
                    "Of a scatter-gather engine: from the arrival of a descriptor to its first read.")
            .duration(
                    "edu.multiplication",
                    "1 ns",
                    "0 ns",
                    "1 us",
                    Source.assumed("some clocks; QEMU computes on a thread, as fast as that runs"),
                    "Of a teaching device: each multiplication of a factorial.")
            .duration(
                    "edu.dma",
                    "100 ms",
                    "0 ns",
                    "1 s",
                    Source.spec("QEMU 10.1", "hw/misc/edu.c, dma_rw"),
                    "Of a teaching device: from the command to the access.")
            .address(
                    "edu.mask",
                    "0xfffffff",
                    0,
                    Long.MAX_VALUE,
                    Source.spec("QEMU, EDU device", "section Command line switches: dma_mask"),
                    "Of a teaching device: the bits that its addresses have. It drops the others.")
            .count(
                    "plx.window",
                    32,
                    1,
                    255,
                    "units",
                    Source.assumed("as many as hide a round trip on most links"),
                    "Of a PLX DMA engine: units under way at once.")
            .bytes(
                    "plx.unit",
                    "512 B",
                    "1 B",
                    "64 KiB",
                    Source.assumed("as much as a read request asks for"),
                    "Of a PLX DMA engine: what it reads and writes at once.")
            .count(
                    "plx.prefetch",
                    4,
                    1,
                    4,
                    "descriptors",
                    Source.spec("Linux, drivers/dma/plx_dma.c", "PLX_REG_PREF_LIMIT_PREF_FOUR"),
                    "Of a PLX DMA engine: descriptors that it fetches at once.")
            .duration(
                    "plx.set-up",
                    "20 ns",
                    "0 ns",
                    "1 ms",
                    Source.assumed("five clocks of 250 MHz"),
                    "Of a PLX DMA engine: from START to the first fetch.")
            .count(
                    "nvme.queues",
                    64,
                    1,
                    65_535,
                    "pairs",
                    Source.assumed("one for each core of a large server"),
                    "Of an NVMe controller: the most pairs of I/O queues.")
            .bytes(
                    "nvme.size",
                    "64 MiB",
                    "4 KiB",
                    "16 TiB",
                    Source.assumed("enough for a file system"),
                    "Of an NVMe controller: its medium, if that is memory; a file has its own size.")
            .choice(
                    "nvme.block",
                    "512",
                    List.of("512", "4096"),
                    "Of an NVMe controller: bytes of a block, in the format that the namespace has at first.")
            .duration(
                    "nvme.read-latency",
                    "80 us",
                    "0 ns",
                    "1 s",
                    Source.assumed("a page of TLC flash takes 50 to 100 us to be read"),
                    "Of an NVMe controller: what its medium takes for a read. A file takes its own time, unless this"
                            + " is set.")
            .duration(
                    "nvme.write-latency",
                    "10 us",
                    "0 ns",
                    "1 s",
                    Source.assumed("a write is over when it is in the drive's own memory"),
                    "Of an NVMe controller: what its medium takes for a write. A file takes its own time, unless this"
                            + " is set.")
            .duration(
                    "nvme.flush-latency",
                    "500 us",
                    "0 ns",
                    "10 s",
                    Source.assumed("programming a page of TLC flash takes 500 us or more"),
                    "Of an NVMe controller: what its medium takes for a flush. A file takes its own time, unless this"
                            + " is set.")
            .count(
                    "ioat.channels",
                    4,
                    1,
                    4,
                    "channels",
                    Source.spec("Linux, drivers/dma/ioat/dma.h", "IOAT_MAX_CHANS; Intel's functions have one each"),
                    "Of an I/OAT DMA engine: its channels, each with a vector of MSI-X.")
            .count(
                    "ioat.window",
                    32,
                    1,
                    255,
                    "units",
                    Source.assumed("as many as hide a round trip on most links"),
                    "Of an I/OAT DMA engine: units that each channel has under way at once.")
            .bytes(
                    "ioat.unit",
                    "512 B",
                    "1 B",
                    "64 KiB",
                    Source.assumed("as much as a read request asks for"),
                    "Of an I/OAT DMA engine: what it reads and writes at once.")
            .count(
                    "ioat.capacity",
                    20,
                    12,
                    31,
                    "",
                    Source.spec(
                            "Intel, Xeon C5500/C3500 Datasheet, volume 1", "1 MB per descriptor, which is 2^20 bytes"),
                    "Of an I/OAT DMA engine: the largest copy of one descriptor, as a power of two.")
            .flag(
                    "hangs",
                    false,
                    "Whether the device has hung: its registers read as zero, and nothing that is written to them has"
                            + " an effect.")
            .rule("mrrs must be a power of two", settings -> Long.bitCount(settings.bytes("mrrs")) == 1, "mrrs")
            .build();

    private FunctionCatalogue() {}

    public static TagWidth tags(Settings settings) {
        return switch (settings.choice("tags")) {
            case "5-bit" -> TagWidth.FIVE_BITS;
            case "8-bit" -> TagWidth.EIGHT_BITS;
            default -> TagWidth.TEN_BITS;
        };
    }

    public static DeviceKind device(Settings settings) {
        return DeviceKind.of(settings.choice("device"));
    }
}
