package flyby.experiment;

import flyby.aperture.layout.ApertureRegisters;
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

/// The CPU moves bytes to and from a device's memory itself, or has the device move them: the same bytes, the same
/// places, by size.
public final class PioDma extends MachineExperiment {
    static final String WRITE_WC = "write-wc";
    static final String WRITE_UC = "write-uc";
    static final String WRITE_DMA = "write-dma";
    static final String WRITE_DMA_POLL = "write-dma-poll";
    static final String WRITE_DMA_IRQ = "write-dma-irq";
    static final String READ_UC = "read-uc";
    static final String READ_WC = "read-wc";
    static final String READ_DMA_POLL = "read-dma-poll";
    static final String READ_DMA_IRQ = "read-dma-irq";

    private static final List<String> RUNS = List.of(
            WRITE_WC,
            WRITE_UC,
            WRITE_DMA,
            WRITE_DMA_POLL,
            WRITE_DMA_IRQ,
            READ_UC,
            READ_WC,
            READ_DMA_POLL,
            READ_DMA_IRQ);

    static final String SMALLEST = "sizes.smallest";
    static final String LARGEST = "sizes.largest";

    private static final Source CHOICE = Source.assumed("a choice");

    private static final Catalogue PARAMETERS = Catalogue.titled("Programmed I/O against DMA")
            .choices(
                    "runs",
                    RUNS,
                    RUNS,
                    "Who moves the bytes, and how: the CPU with write-combining or uncached accesses; the device, while"
                            + " the CPU does something else, polls, or sleeps until the interrupt.")
            .bytes(SMALLEST, "64 B", "8 B", "1 MiB", CHOICE, "The first size; each next one is twice as large.")
            .bytes(LARGEST, "1 MiB", "8 B", "1 MiB", CHOICE, "The largest size, at most the device's memory.")
            .rule(
                    "sizes.smallest must be a power of two and at most sizes.largest",
                    settings -> Long.bitCount(settings.bytes(SMALLEST)) == 1
                            && settings.bytes(SMALLEST) <= settings.bytes(LARGEST),
                    SMALLEST,
                    LARGEST)
            .build();

    /// Made once for all runs.
    public PioDma() {
        super(
                "pio-dma",
                "Programmed I/O against DMA, by size",
                PARAMETERS,
                ModernMachines.ACCELERATOR_NAME,
                "Streaming loads are of whole lines; what of a copy is less goes by loads of 8 bytes.",
                "Uncached stores are posted as soon as the root port has room; a real core waits until one has been"
                        + " accepted before the next.",
                "What a library or a system call costs around the copy is not there.");
    }

    @Override
    public RunResult run(String runName, RunContext context) {
        List<Integer> sizes = sizes(context.settings());
        return new PioDmaRun(runName, context, sizes).result();
    }

    private static List<Integer> sizes(Settings settings) {
        List<Integer> sizes = new ArrayList<>();
        for (long size = settings.bytes(SMALLEST); size <= settings.bytes(LARGEST); size *= 2) {
            sizes.add(Math.toIntExact(Math.min(size, ApertureRegisters.MEMORY_BYTES)));
        }
        return sizes;
    }

    @Override
    public List<String> conclusions(List<RunResult> runs) {
        List<String> said = new ArrayList<>();
        List<Series.Point> combined = Curves.of(runs, WRITE_WC, PioDmaRun.WRITE_CPU.key());
        List<Series.Point> uncached = Curves.of(runs, WRITE_UC, PioDmaRun.WRITE_CPU.key());
        if (!combined.isEmpty()) {
            Series.Point last = combined.getLast();
            said.add(String.format(
                    Locale.ROOT,
                    "Write-combined stores keep the CPU for %.3f us at %s and leave it at %.2f GB/s at %s."
                            + " Published, on a"
                            + " V100 in a Gen3 x16 slot: 0.088 us at 64 B and 9.6 to 9.8 GB/s (gdrcopy; numbers 7.1,"
                            + " 7.2).",
                    combined.getFirst().y() / 1e6,
                    Curves.bytes(combined.getFirst().x()),
                    last.x() * 1e3 / last.y(),
                    Curves.bytes(last.x())));
        }
        if (!combined.isEmpty() && !uncached.isEmpty()) {
            said.add(String.format(
                    Locale.ROOT,
                    "Uncached stores take %.1f times as long at %s: each 8 bytes are a packet of their own, with"
                            + " 24 bytes"
                            + " around them.",
                    uncached.getLast().y() / combined.getLast().y(),
                    Curves.bytes(uncached.getLast().x())));
        }
        writes(runs, said);
        reads(runs, said);
        return said;
    }

    private static void writes(List<RunResult> runs, List<String> said) {
        List<Series.Point> stores = Curves.of(runs, WRITE_WC, PioDmaRun.WRITE_LATENCY.key());
        List<Series.Point> moved = Curves.of(runs, WRITE_DMA, PioDmaRun.WRITE_LATENCY.key());
        Curves.crossing(
                        "By latency, until the last byte is in the device, DMA is sooner than write-combined stores",
                        stores,
                        moved)
                .map(text -> text + " The rule s* = (t0d - t0p)/(1/Bp - 1/Bd) with published costs says 11 to 67 KB"
                        + " (numbers, section 7).")
                .ifPresent(said::add);
        List<Series.Point> storing = Curves.of(runs, WRITE_WC, PioDmaRun.WRITE_CPU.key());
        Curves.crossing(
                        "By CPU time, DMA that nobody waits for costs less than write-combined stores",
                        storing,
                        Curves.of(runs, WRITE_DMA, PioDmaRun.WRITE_CPU.key()))
                .map(text -> text + " Published costs say 1 to 2.5 KB (numbers, section 7).")
                .ifPresent(said::add);
        Curves.crossing(
                        "With an interrupt and a wake-up to pay, DMA costs less CPU time than write-combined stores",
                        storing,
                        Curves.of(runs, WRITE_DMA_IRQ, PioDmaRun.WRITE_CPU.key()))
                .ifPresent(said::add);
    }

    private static void reads(List<RunResult> runs, List<String> said) {
        List<Series.Point> loads = Curves.of(runs, READ_UC, PioDmaRun.READ_LATENCY.key());
        if (!loads.isEmpty()) {
            Series.Point first = loads.getFirst();
            Series.Point last = loads.getLast();
            said.add(String.format(
                    Locale.ROOT,
                    "Uncached loads wait for each other: %.2f us for 8 bytes, %.1f MB/s. Published, with streaming"
                            + " loads"
                            + " that bring lines and overlap: 0.907 us for one byte and 530 to 548 MB/s (number"
                            + " 7.3); single"
                            + " loads elsewhere take 0.5 to 2 us (number 7.4).",
                    first.y() / 1e6 * 8 / Math.max(8, first.x()),
                    last.x() * 1e6 / last.y()));
        }
        List<Series.Point> streamed = Curves.of(runs, READ_WC, PioDmaRun.READ_LATENCY.key());
        if (!streamed.isEmpty()) {
            Series.Point last = streamed.getLast();
            said.add(String.format(
                    Locale.ROOT,
                    "Streaming loads from write-combining memory bring lines, several at once: %.1f MB/s at %s."
                            + " Published: 530 to 548 MB/s (number 7.3).",
                    last.x() * 1e6 / last.y(),
                    Curves.bytes(last.x())));
        }
        Curves.crossing(
                        "By latency, DMA with polling brings bytes sooner than streaming loads",
                        streamed,
                        Curves.of(runs, READ_DMA_POLL, PioDmaRun.READ_LATENCY.key()))
                .ifPresent(said::add);
        Curves.crossing(
                        "By latency, DMA with polling brings bytes sooner than uncached loads",
                        loads,
                        Curves.of(runs, READ_DMA_POLL, PioDmaRun.READ_LATENCY.key()))
                .ifPresent(said::add);
        Curves.crossing(
                        "By CPU time, DMA with an interrupt costs less than uncached loads",
                        Curves.of(runs, READ_UC, PioDmaRun.READ_CPU.key()),
                        Curves.of(runs, READ_DMA_IRQ, PioDmaRun.READ_CPU.key()))
                .ifPresent(said::add);
    }
}
