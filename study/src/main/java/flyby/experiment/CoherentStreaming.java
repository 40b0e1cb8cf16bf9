package flyby.experiment;

import flyby.machine.ModernMachines;
import flyby.params.Catalogue;
import flyby.params.Settings;
import flyby.params.Source;
import flyby.study.RunContext;
import flyby.study.RunResult;
import flyby.study.Series;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/// Memory that CPU and device share all the time, or memory that is handed to and fro: the CPU fills a buffer, a copy
/// engine copies it to another, the CPU reads that; by size.
public final class CoherentStreaming extends MachineExperiment {
    static final String COHERENT = "coherent";
    static final String COHERENT_WC = "coherent-wc";
    static final String STREAMING_SYNC = "streaming-sync";
    static final String STREAMING_MAP = "streaming-map";

    private static final List<String> RUNS = List.of(COHERENT, COHERENT_WC, STREAMING_SYNC, STREAMING_MAP);

    static final String SMALLEST = "sizes.smallest";
    static final String LARGEST = "sizes.largest";

    private static final Source CHOICE = Source.assumed("a choice");

    private static final Catalogue PARAMETERS = Catalogue.titled("Coherent memory against streaming mappings")
            .choices(
                    "runs",
                    RUNS,
                    RUNS,
                    "How the memory is shared: dma_alloc_coherent; the same with DMA_ATTR_WRITE_COMBINE for what the"
                            + " CPU fills; cached memory, mapped once and synced for each message; or mapped and"
                            + " unmapped for each.")
            .bytes(SMALLEST, "8 B", "8 B", "1 MiB", CHOICE, "The first size; each next one is twice as large.")
            .bytes(
                    LARGEST,
                    "1 MiB",
                    "8 B",
                    "1 MiB",
                    Source.derived("the size of the published fill, number 9.1"),
                    "The largest size.")
            .rule(
                    "sizes.smallest must be a power of two and at most sizes.largest",
                    settings -> Long.bitCount(settings.bytes(SMALLEST)) == 1
                            && settings.bytes(SMALLEST) <= settings.bytes(LARGEST),
                    SMALLEST,
                    LARGEST)
            .build();

    /// Made once for all runs.
    public CoherentStreaming() {
        super(
                "coherent-streaming",
                "Coherent memory against streaming mappings, by size",
                PARAMETERS,
                ModernMachines.STANDARD,
                "The CPU loads and stores words of 8 bytes; no vector loads, which bring more of uncached memory"
                        + " at once.",
                "What a call of the DMA API costs beside what it does to caches, its instructions, takes no time.",
                "Loads from write-combining memory are not tried: the CPU reads from uncached memory.");
    }

    @Override
    public RunResult run(String runName, RunContext context) {
        List<Integer> sizes = new ArrayList<>();
        Settings settings = context.settings();
        for (long size = settings.bytes(SMALLEST); size <= settings.bytes(LARGEST); size *= 2) {
            sizes.add(Math.toIntExact(size));
        }
        return new CoherentStreamingRun(runName, context, sizes).result();
    }

    @Override
    public List<String> conclusions(List<RunResult> runs) {
        List<String> said = new ArrayList<>();
        fills(runs, said);
        crossings(runs, said);
        smallest(runs, said);
        return said;
    }

    private static void fills(List<RunResult> runs, List<String> said) {
        List<Series.Point> cached = Curves.of(runs, STREAMING_SYNC, CoherentStreamingRun.FILL.key());
        List<Series.Point> uncached = Curves.of(runs, COHERENT, CoherentStreamingRun.FILL.key());
        List<Series.Point> combined = Curves.of(runs, COHERENT_WC, CoherentStreamingRun.FILL.key());
        if (cached.isEmpty() || uncached.isEmpty()) {
            return;
        }
        double ratio = cached.getLast().y() / uncached.getLast().y();
        String text = String.format(
                Locale.ROOT,
                "The CPU fills %s of streaming memory at %.0f MB/s and of coherent memory at %.0f MB/s: %.2f times"
                        + " as fast.",
                Curves.bytes(cached.getLast().x()),
                cached.getLast().y() / 1e6,
                uncached.getLast().y() / 1e6,
                ratio);
        if (!combined.isEmpty()) {
            text += String.format(
                    Locale.ROOT,
                    " With write combining: %.0f MB/s.",
                    combined.getLast().y() / 1e6);
        }
        said.add(text + " Published, for 1 MiB on a Zynq, whose device asks no caches: 1,550 MB/s cached, 114 MB/s"
                + " uncached, 13.6 times, and 1,650 MB/s combined (number 9.1). There each"
                + " fill writes back what the one before has left in the cache; here the syncs did.");
    }

    private static void crossings(List<RunResult> runs, List<String> said) {
        List<Series.Point> cpu = Curves.of(runs, COHERENT, CoherentStreamingRun.CPU.key());
        List<Series.Point> time = Curves.of(runs, COHERENT, CoherentStreamingRun.TOTAL.key());
        for (String streaming : List.of(STREAMING_SYNC, STREAMING_MAP)) {
            Curves.crossing(
                            "By CPU time, " + streaming + " costs less than coherent memory",
                            cpu,
                            Curves.of(runs, streaming, CoherentStreamingRun.CPU.key()))
                    .ifPresent(said::add);
            Curves.crossing(
                            "By the time of a message from fill to last load, " + streaming
                                    + " is sooner than coherent memory",
                            time,
                            Curves.of(runs, streaming, CoherentStreamingRun.TOTAL.key()))
                    .ifPresent(said::add);
        }
    }

    /// What the two cost: maintenance goes by lines, uncached accesses by words.
    private static void smallest(List<RunResult> runs, List<String> said) {
        List<Series.Point> maintenance = Curves.of(runs, STREAMING_SYNC, CoherentStreamingRun.HAND_OVER.key());
        List<Series.Point> fill = Curves.of(runs, COHERENT, CoherentStreamingRun.ACCESS.key());
        if (maintenance.isEmpty() || fill.isEmpty()) {
            return;
        }
        Series.Point first = maintenance.getFirst();
        Series.Point last = maintenance.getLast();
        if (last.y() == 0) {
            said.add("Syncs take no time here: the device's accesses ask the caches, so that coherent memory is cached"
                    + " memory and the curves lie on each other.");
            return;
        }
        said.add(String.format(
                Locale.ROOT,
                "Syncs take %.0f ns at %s and %.3f ms at %s: they go by lines of the cache, of which a message has"
                        + " at least one in each buffer. The stores and loads of coherent memory take %.0f ns and"
                        + " %.3f ms there: they go word by word. The model has no cost of a call as"
                        + " such: where there is one, the"
                        + " smallest messages are for coherent memory.",
                first.y() / 1e3,
                Curves.bytes(first.x()),
                last.y() / 1e9,
                Curves.bytes(last.x()),
                fill.getFirst().y() / 1e3,
                fill.getLast().y() / 1e9));
    }
}
