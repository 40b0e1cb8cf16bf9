package flyby.experiment;

import flyby.aperture.layout.ApertureRegisters;
import flyby.params.Catalogue;
import flyby.params.Settings;
import flyby.params.Source;
import flyby.study.RunContext;
import flyby.study.RunResult;
import flyby.study.Series;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/// Where a device's bytes are when a CPU reads them, and where a CPU's are when a device does: in the last-level cache
/// or in memory, of this socket or the other one, by the size of the window that both use.
public final class DdioNuma extends MachineExperiment {
    static final String DDIO_LOCAL = "ddio-local";
    static final String MEMORY_LOCAL = "memory-local";
    static final String DDIO_REMOTE = "ddio-remote";
    static final String MEMORY_REMOTE = "memory-remote";
    private static final List<String> RUNS = List.of(DDIO_LOCAL, MEMORY_LOCAL, DDIO_REMOTE, MEMORY_REMOTE);

    static final String SMALLEST = "window.smallest";
    static final String LARGEST = "window.largest";

    private static final Source CHOICE = Source.assumed("a choice");
    private static final Source CACHES = Source.assumed("more than the ways of DDIO, less than the last-level cache");

    private static final Catalogue PARAMETERS = Catalogue.titled("DDIO and NUMA")
            .choices(
                    "runs",
                    RUNS,
                    RUNS,
                    "Whether the device may write into the last-level cache and the CPU's bytes are in it, or all is in"
                            + " memory; and whether the device's socket is the CPU's and the window's.")
            .bytes(SMALLEST, "64 KiB", "4 KiB", "64 MiB", CHOICE, "The first window; each next one is twice as large.")
            .bytes(LARGEST, "8 MiB", "4 KiB", "64 MiB", CACHES, "The largest window.")
            .rule(
                    "window.smallest must be a power of two and at most window.largest",
                    settings -> Long.bitCount(settings.bytes(SMALLEST)) == 1
                            && settings.bytes(SMALLEST) <= settings.bytes(LARGEST),
                    SMALLEST,
                    LARGEST)
            .build();

    /// Made once for all runs.
    public DdioNuma() {
        super(
                "ddio-numa",
                "DDIO and NUMA: where the bytes are when the other side reads them",
                PARAMETERS,
                "server-2s",
                "Nobody else uses the last-level cache: what other programs evict from DDIO's ways is not seen.",
                "No prefetcher brings lines before the CPU asks for them.");
    }

    @Override
    public RunResult run(String runName, RunContext context) {
        List<Integer> windows = new ArrayList<>();
        Settings settings = context.settings();
        for (long size = settings.bytes(SMALLEST); size <= settings.bytes(LARGEST); size *= 2) {
            windows.add(Math.toIntExact(size));
        }
        return new DdioNumaRun(runName, context, windows).result();
    }

    @Override
    public List<String> conclusions(List<RunResult> runs) {
        List<String> said = new ArrayList<>();
        List<Series.Point> cached = Curves.of(runs, DDIO_LOCAL, DdioNumaRun.CPU_LOAD.key());
        List<Series.Point> uncached = Curves.of(runs, MEMORY_LOCAL, DdioNumaRun.CPU_LOAD.key());
        if (!cached.isEmpty() && !uncached.isEmpty()) {
            said.add(String.format(
                    Locale.ROOT,
                    "In a window of %s a CPU waits %.0f ns for a line that the device has written into its"
                            + " last-level cache,"
                            + " and %.0f ns for one in memory: %.0f ns more.",
                    Curves.bytes(cached.getFirst().x()),
                    cached.getFirst().y() / 1e3,
                    uncached.getFirst().y() / 1e3,
                    (uncached.getFirst().y() - cached.getFirst().y()) / 1e3));
            said.add(String.format(
                    Locale.ROOT,
                    "In a window of %s the CPU finds most lines in memory even with DDIO, %.0f ns each: what the device"
                            + " writes may use some ways of the cache only, by default 2 (numbers 2.23), and"
                            + " evicts what it"
                            + " wrote before.",
                    Curves.bytes(cached.getLast().x()),
                    cached.getLast().y() / 1e3));
        }
        difference(
                runs,
                MEMORY_LOCAL,
                DDIO_LOCAL,
                1,
                "A device's read of 64 B takes %.0f ns longer if the line is in memory and not in the last-level cache."
                        + " Published: 66 ns on a Xeon E5-2630 v4 (number 2.21), 75 ns as a loop (number 2.15).",
                said);
        difference(
                runs,
                DDIO_REMOTE,
                DDIO_LOCAL,
                2,
                "A read takes %.0f ns longer if the line is in the other socket's cache: the descriptor's as well"
                        + " as that of"
                        + " the bytes. Published: 143 ns, loops of 648 ns against 505 ns (number 2.15).",
                said);
        List<Series.Point> rate = Curves.of(runs, DDIO_LOCAL, DdioNumaRun.DEVICE_READ.key());
        List<Series.Point> cold = Curves.of(runs, MEMORY_LOCAL, DdioNumaRun.DEVICE_READ.key());
        if (!rate.isEmpty() && !cold.isEmpty()) {
            said.add(String.format(
                    Locale.ROOT,
                    "Large reads hide it: the device reads %s at %.2f GB/s from the cache and at %.2f GB/s from memory."
                            + " Published: no difference from 512 B on (number 2.16).",
                    Curves.bytes(rate.getFirst().x()),
                    rate.getFirst().y() / 1e9,
                    cold.getFirst().y() / 1e9));
        }
        return said;
    }

    /// In the largest window, whose lines the CPU's own caches no longer have.
    ///
    /// @param count how many reads, one after the other, make the difference
    private static void difference(
            List<RunResult> runs, String more, String less, int count, String words, List<String> said) {
        List<Series.Point> slow = Curves.of(runs, more, DdioNumaRun.DEVICE_LATENCY.key());
        List<Series.Point> fast = Curves.of(runs, less, DdioNumaRun.DEVICE_LATENCY.key());
        if (!slow.isEmpty() && !fast.isEmpty()) {
            said.add(String.format(
                    Locale.ROOT, words, (slow.getLast().y() - fast.getLast().y()) / 1e3 / count));
        }
    }

    /// The most that one descriptor moves.
    static int pieceBytes() {
        return ApertureRegisters.MEMORY_BYTES;
    }
}
