package flyby.experiment;

import flyby.machine.ModernMachines;
import flyby.machine.PcieMachine;
import flyby.params.Catalogue;
import flyby.params.Settings;
import flyby.params.Source;
import flyby.study.RunContext;
import flyby.study.RunResult;
import flyby.topology.MachineDescription;
import java.util.List;

/// A message arrives into pieces that lie scattered in memory: by a list of them, by way of one buffer that the CPU
/// copies out of, by way of bounce buffers (swiotlb=force), or through an IOMMU that makes
/// one piece of them for the device.
public final class SgBounce extends MachineExperiment {
    static final String LIST = "list";
    static final String COPY = "copy";
    static final String SWIOTLB = "swiotlb";
    static final String IOMMU = "iommu";
    private static final List<String> RUNS = List.of(LIST, COPY, SWIOTLB, IOMMU);

    private static final List<String> COUNTS = List.of("1", "2", "4", "8", "16", "32", "64", "128", "256");
    private static final List<String> SIZES =
            List.of("64", "128", "256", "512", "1024", "2048", "4096", "8192", "16384", "32768", "65536");

    private static final String COUNT_SWEEP = "piece.counts";
    private static final String SIZE_SWEEP = "piece.sizes";
    private static final String SIZE = "piece.size";
    private static final String COUNT = "piece.count";
    private static final String MESSAGES = "messages";

    private static final Catalogue PARAMETERS = Catalogue.titled("Scattered pieces and bounce buffers")
            .choices("runs", RUNS, RUNS, "How a message gets into its pieces; sets iommu.mode of the machine.")
            .choices(
                    COUNT_SWEEP,
                    List.of("1", "4", "16", "64", "256"),
                    COUNTS,
                    "Pieces of a message, one after the" + " other.")
            .bytes(SIZE, "4 KiB", "64 B", "64 KiB", Source.assumed("a page"), "What each of these pieces has.")
            .choices(
                    SIZE_SWEEP,
                    List.of("64", "256", "1024", "4096", "16384", "65536"),
                    SIZES,
                    "Bytes of a piece, one after the other.")
            .count(COUNT, 16, 1, 256, "pieces", Source.assumed("64 KiB in pages"), "Pieces of each of these messages.")
            .count(MESSAGES, 64, 4, 100_000, "messages", Source.assumed("steady state"), "Of each measurement.")
            .build();

    public SgBounce() {
        super(
                "sg-bounce",
                "Scattered pieces: a list, a copy, bounce buffers, one piece by the IOMMU",
                PARAMETERS,
                ModernMachines.STANDARD,
                "One message at a time: what several gain by going on together is left out.",
                "Of the software, accesses of memory and registers take time; what it computes in registers takes"
                        + " none.");
    }

    @Override
    public List<String> conclusions(List<RunResult> runs) {
        return SgBounceReport.conclusions(runs);
    }

    @Override
    public RunResult run(String runName, RunContext context) {
        Settings settings = context.settings();
        String mode = runName.equals(IOMMU) ? "strict" : "off";
        MachineDescription description = context.machine()
                .orElseThrow()
                .with("iommu.mode", mode)
                .with("swiotlb.mode", runName.equals(SWIOTLB) ? "force" : "auto");
        TracedRun run = new TracedRun(runName, context, TracedRun.SERVER_PATIENCE_PICOS);
        PcieMachine machine = new PcieMachine(run.simulation(), description);
        ServerFigures figures = new ServerFigures(machine);
        SgBounceReport report = new SgBounceReport();
        ScatteredLoad[] load = new ScatteredLoad[1];
        run.run(
                machine.cpu()::run,
                cpu -> {
                    load[0] = new ScatteredLoad(machine, cpu, machine.device(IommuCost.ring(description)), runName);
                    run.beginNow();
                    measure(settings, load[0], report, context);
                },
                run.hash()::recordCount,
                machine::waiting);
        return report.result(run, load[0], figures.of(run, load[0].movedBytes()));
    }

    private static void measure(Settings settings, ScatteredLoad load, SgBounceReport report, RunContext context) {
        List<String> counts = settings.choices(COUNT_SWEEP);
        List<String> sizes = settings.choices(SIZE_SWEEP);
        int steps = counts.size() + sizes.size() + 1;
        int step = 0;
        int messages = Math.toIntExact(settings.count(MESSAGES));
        int size = Math.toIntExact(settings.bytes(SIZE));
        int count = Math.toIntExact(settings.count(COUNT));
        report.standard(load.measure(count, size, messages));
        context.progress().at(++step, steps);
        for (String each : counts) {
            report.count(load.measure(Integer.parseInt(each), size, messages));
            context.progress().at(++step, steps);
        }
        for (String each : sizes) {
            report.size(load.measure(count, Integer.parseInt(each), messages));
            context.progress().at(++step, steps);
        }
    }
}
