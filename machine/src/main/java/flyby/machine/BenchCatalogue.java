package flyby.machine;

import flyby.params.Catalogue;
import flyby.params.Source;
import java.util.List;

/// What may be asked of a [Bench]: the parameters of pcie-bench, and those of the [Server] that it runs on.
public final class BenchCatalogue {
    /// The largest operation: that of the published tool.
    public static final int SIZE_MAX = 4_096;

    static final String READ = "rd";
    static final String WRITE = "wr";
    static final String READ_WRITE = "rw";
    static final String READ_LATENCY = "latency-rd";
    static final String READ_BACK_LATENCY = "latency-wr-rd";
    static final String COMMAND = "command";
    static final String RANDOM = "random";
    static final String HOST_WARM = "host-warm";
    static final String DEVICE_WARM = "device-warm";
    static final String REMOTE = "remote";

    private static final Source TOOL = Source.assumed("as in most of the published runs");
    private static final Source ENOUGH =
            Source.assumed("steady state: four times as many change no published figure by 0.2 %");

    /// All of them.
    public static final Catalogue PARAMETERS = Catalogue.titled("pcie-bench on a server")
            .choice(
                    "bench.operation",
                    READ,
                    List.of(READ, WRITE, READ_WRITE, READ_LATENCY, READ_BACK_LATENCY),
                    "What the device does: reads, writes, both in turns; or one read at a time, or a write and a read"
                            + " of the same bytes.")
            .choice(
                    "bench.interface",
                    "dma",
                    List.of("dma", COMMAND),
                    "By its DMA engines, or for latencies by the commands of its processors, past the engines.")
            .bytes("bench.window", "8 KiB", "64 B", "1 GiB", TOOL, "The memory that it works on.")
            .bytes("bench.offset", "0 B", "0 B", "4 KiB", TOOL, "From the start of a cache line to the first byte.")
            .choice(
                    "bench.pattern",
                    RANDOM,
                    List.of(RANDOM, "sequential", "stride"),
                    "Where in the window the next operation goes.")
            .count("bench.stride", 2, 1, 1L << 30, "places", TOOL, "Of pattern stride: from one place to the next.")
            .choice(
                    "bench.cache",
                    HOST_WARM,
                    List.of(HOST_WARM, DEVICE_WARM, "cold"),
                    "Who has written the window before: the host's CPU, the device, or nobody since the caches were"
                            + " emptied.")
            .choice("bench.node", "local", List.of("local", REMOTE), "The socket that the window belongs to.")
            .count("bench.operations", 20_000, 1, 100_000_000, "", ENOUGH, "How many are measured.")
            .count("bench.warm-up", 2_000, 1, 100_000_000, "", ENOUGH, "How many go before.")
            .count(
                    "bench.depth",
                    256,
                    1,
                    4_096,
                    "",
                    Source.assumed("more than tags and latencies let be under way"),
                    "The most operations that the device has under way.")
            .include(ServerCatalogue.PARAMETERS)
            .rule(
                    "bench.interface command is for the operations latency-rd and latency-wr-rd",
                    settings -> !settings.choice("bench.interface").equals(COMMAND)
                            || settings.choice("bench.operation").startsWith("latency"),
                    "bench.interface",
                    "bench.operation")
            .build();

    private BenchCatalogue() {}
}
