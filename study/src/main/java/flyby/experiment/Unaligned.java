package flyby.experiment;

import flyby.machine.ModernMachines;
import flyby.params.Catalogue;
import flyby.study.RunContext;
import flyby.study.RunResult;
import flyby.study.Series;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/// What it costs that a buffer begins somewhere, and what it breaks that it shares its cache lines with others.
public final class Unaligned extends MachineExperiment {
    static final String WRITE = "write";
    static final String READ = "read";
    static final String SHARED = "shared";
    static final String APART = "apart";

    private static final List<String> RUNS = List.of(WRITE, READ, SHARED, APART);

    private static final Catalogue PARAMETERS = Catalogue.titled("Unaligned buffers")
            .choices(
                    "runs",
                    RUNS,
                    RUNS,
                    "The device writes or reads memory at each offset; or it writes a buffer whose neighbours the CPU"
                            + " writes meanwhile: members of one structure, or apart as kmalloc aligns for DMA.")
            .build();

    /// Made once for all runs.
    public Unaligned() {
        super(
                "unaligned",
                "Unaligned buffers: packets, time, and bytes that neighbours lose",
                PARAMETERS,
                ModernMachines.ACCELERATOR_NAME,
                "Memory has no read-modify-write of parts of a line: writing a few bytes costs as a line does.");
    }

    @Override
    public RunResult run(String runName, RunContext context) {
        return runName.equals(WRITE) || runName.equals(READ)
                ? new UnalignedRun(runName, context).result()
                : new NeighbourRun(runName, context).result();
    }

    @Override
    public List<String> conclusions(List<RunResult> runs) {
        List<String> said = new ArrayList<>();
        for (String run : List.of(WRITE, READ)) {
            for (int size : UnalignedRun.SIZES) {
                List<Series.Point> packets =
                        Curves.of(runs, run, UnalignedRun.packets(size).key());
                if (!packets.isEmpty()) {
                    said.add(range("A " + run + " of " + size + " B at offsets from 0 to 128", packets));
                }
            }
            List<Series.Point> page = Curves.of(runs, run, UnalignedRun.PAGE.key());
            if (!page.isEmpty()) {
                said.add(range("A " + run + " of 128 B that may cross 4 KiB", page)
                        + " No request crosses 4 KiB (PCI Express, section 2.2.7); completions are cut at the Read"
                        + " Completion Boundary (section 2.3.1.1).");
            }
        }
        for (RunResult run : runs) {
            run.figures().stream()
                    .filter(figure -> figure.key().equals(NeighbourRun.LOST))
                    .forEach(figure -> said.add(String.format(
                            Locale.ROOT,
                            "%s: %,d bytes lost of those that the CPU stored beside the buffer, or the device in it.",
                            run.name(),
                            figure.value().longValue())));
        }
        return said;
    }

    private static String range(String what, List<Series.Point> curve) {
        double least = curve.stream().mapToDouble(Series.Point::y).min().orElse(0);
        double most = curve.stream().mapToDouble(Series.Point::y).max().orElse(0);
        return String.format(
                Locale.ROOT,
                "%s takes %.0f packets when aligned, and %.0f to %.0f.",
                what,
                curve.getFirst().y(),
                least,
                most);
    }
}
