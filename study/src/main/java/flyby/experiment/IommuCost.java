package flyby.experiment;

import flyby.base.LabException;
import flyby.dma.Direction;
import flyby.experiment.RingWork.Mapping;
import flyby.machine.ModernMachines;
import flyby.machine.PcieMachine;
import flyby.params.Catalogue;
import flyby.params.Settings;
import flyby.params.Source;
import flyby.study.RunContext;
import flyby.study.RunResult;
import flyby.topology.DeviceKind;
import flyby.topology.FunctionCatalogue;
import flyby.topology.MachineDescription;
import flyby.topology.Part;
import flyby.topology.PartKind;
import java.util.List;

/// What protection costs: a driver maps, a device transfers, the driver unmaps, with no IOMMU, with one that lets
/// everything pass, lazily and strictly; by transfer size, by mappings that live at once, and by page size.
public final class IommuCost extends MachineExperiment {
    static final String OFF = "off";
    static final String PASS_THROUGH = "passthrough";
    static final String LAZY = "lazy";
    static final String STRICT = "strict";
    private static final List<String> RUNS = List.of(OFF, PASS_THROUGH, LAZY, STRICT);

    private static final List<String> SIZES = List.of(
            "64", "128", "256", "512", "1024", "1500", "2048", "4096", "8192", "16384", "32768", "65536", "131072",
            "262144", "524288", "1048576", "2097152");
    private static final List<String> LIVE = List.of("16", "32", "64", "128", "256", "512", "1024", "2048", "4096");
    private static final List<String> WINDOWS =
            List.of("64K", "128K", "256K", "512K", "1M", "2M", "4M", "8M", "16M", "32M", "64M", "128M", "256M");

    static final String DEPTH = "queue.depth";
    static final String COUNT = "transfer.count";
    static final String SIZE = "transfer.size";
    private static final String SWEEP = "transfer.sizes";
    private static final String LIVE_SWEEP = "queue.depths";
    private static final String WINDOW_SWEEP = "window.sizes";
    private static final String WINDOW_TRANSFER = "window.transfer";
    private static final String BATCH = "mapping.batch";
    private static final String DIRECTION = "transfer.direction";
    private static final String STACK = "driver.stack";

    /// What is live at once of large transfers, and what of them is measured.
    private static final long LIVE_BYTES_MAX = 4L << 20;

    private static final long MEASURED_BYTES_MAX = 16L << 20;
    private static final int PAGE = 4_096;
    private static final int BATCHES = 4;

    private static final Catalogue PARAMETERS = Catalogue.titled("What an IOMMU costs a driver")
            .choices("runs", RUNS, RUNS, "How the operating system uses the IOMMU; takes the place of iommu.mode.")
            .choice(
                    DIRECTION,
                    "receive",
                    List.of("receive", "send"),
                    "Whether the device fills the buffers or reads them.")
            .choices(
                    SWEEP,
                    List.of("64", "256", "1500", "4096", "16384", "65536", "2097152"),
                    SIZES,
                    "Transfer sizes in bytes, one after the other, each transfer with a mapping of its own.")
            .bytes(SIZE, "4 KiB", "64 B", "64 KiB", Source.assumed("a page"), "Transfer size of the other sweeps.")
            .count(
                    DEPTH,
                    256,
                    1,
                    4_096,
                    "transfers",
                    Source.spec("Fast & Safe, SOSP 2024", "section 2.2: rings of 256"),
                    "Transfers under way at once; fewer of large ones, of which 4 MiB are.")
            .choices(
                    LIVE_SWEEP,
                    List.of("16", "64", "256", "1024", "4096"),
                    LIVE,
                    "The same with so many under way, and so with so many mappings that live.")
            .count(
                    BATCH,
                    64,
                    1,
                    512,
                    "transfers",
                    Source.spec("Fast & Safe, SOSP 2024", "section 3: 64 pages of a descriptor are unmapped at once"),
                    "Transfers of 4 KiB that share a mapping, in a last measurement.")
            .choices(
                    WINDOW_SWEEP,
                    List.of("64K", "256K", "512K", "1M", "4M", "16M", "64M"),
                    WINDOWS,
                    "Buffers that stay mapped, by pages of 4 KiB and of 2 MiB, and are used at random.")
            .bytes(
                    WINDOW_TRANSFER,
                    "64 B",
                    "64 B",
                    "4 KiB",
                    Source.assumed("the size at which pcie-bench saw most of it"),
                    "What goes to or from such a buffer at once, one transfer after the other.")
            .count(
                    COUNT,
                    2_048,
                    64,
                    1_000_000,
                    "transfers",
                    Source.assumed("steady state; fewer of large ones, of which 16 MiB are measured"),
                    "Transfers of each measurement.")
            .duration(
                    STACK,
                    "0 ns",
                    "0 ns",
                    "1 ms",
                    Source.assumed("the driver alone, so that nothing hides behind a network stack"),
                    "What the software above the driver does for each transfer.")
            .rule(
                    "mapping.batch must divide transfer.count",
                    settings -> settings.count(COUNT) % settings.count(BATCH) == 0,
                    BATCH,
                    COUNT)
            .build();

    public IommuCost() {
        super(
                "iommu-cost",
                "What an IOMMU costs a driver: off, passed through, lazy, strict",
                PARAMETERS,
                ModernMachines.STANDARD,
                "One core with one queue. What several cores cost each other at locks and at the one invalidation"
                        + " queue is left out.",
                "Of the software, accesses of memory and registers take time; what it computes in registers, such as"
                        + " the search for a free IOVA, takes none.",
                "The program has its core to itself: there is no network or block stack above the driver, unless"
                        + " driver.stack says how long it takes.");
    }

    @Override
    public List<String> conclusions(List<RunResult> runs) {
        return IommuCostConclusions.of(runs);
    }

    @Override
    public RunResult run(String runName, RunContext context) {
        Settings settings = context.settings();
        MachineDescription description = context.machine().orElseThrow().with("iommu.mode", runName);
        TracedRun run = new TracedRun(runName, context, TracedRun.SERVER_PATIENCE_PICOS);
        PcieMachine machine = new PcieMachine(run.simulation(), description);
        ServerFigures figures = new ServerFigures(machine);
        IommuCostReport report = new IommuCostReport();
        RingLoad[] load = new RingLoad[1];
        Direction direction = settings.choice(DIRECTION).equals("send") ? Direction.TO_DEVICE : Direction.FROM_DEVICE;
        run.run(
                machine.cpu()::run,
                cpu -> {
                    load[0] = new RingLoad(
                            machine,
                            cpu,
                            machine.device(ring(description)),
                            direction,
                            entries(settings),
                            settings.picos(STACK),
                            run.simulation().prng().child("buffers"));
                    run.beginNow();
                    measure(settings, load[0], report, context);
                },
                run.hash()::recordCount,
                machine::waiting);
        return report.result(run, load[0], figures.of(run, load[0].movedBytes()));
    }

    /// The first ring device of the machine.
    static String ring(MachineDescription machine) {
        return machine.all(PartKind.FUNCTION).stream()
                .filter(part -> FunctionCatalogue.device(part.settings()) == DeviceKind.RING)
                .map(Part::name)
                .findFirst()
                .orElseThrow(() -> new LabException(
                        LabException.Kind.BAD_INPUT,
                        "machine " + machine.name(),
                        "no ring device",
                        "a function with device: " + DeviceKind.RING.word()));
    }

    private static int entries(Settings settings) {
        int most = Math.max(count(settings, DEPTH), BATCHES * count(settings, BATCH));
        for (String live : settings.choices(LIVE_SWEEP)) {
            most = Math.max(most, Integer.parseInt(live));
        }
        return most;
    }

    private static void measure(Settings settings, RingLoad load, IommuCostReport report, RunContext context) {
        int depth = count(settings, DEPTH);
        int count = count(settings, COUNT);
        List<String> sizes = settings.choices(SWEEP);
        List<String> lives = settings.choices(LIVE_SWEEP);
        List<String> windows = settings.choices(WINDOW_SWEEP);
        int steps = sizes.size() + lives.size() + 2 * windows.size() + 2;
        int step = 0;
        int size = Math.toIntExact(settings.bytes(SIZE));
        report.standard(load.measure(RingWork.each(size, depth, count)));
        context.progress().at(++step, steps);
        for (String each : sizes) {
            int byteCount = Integer.parseInt(each);
            int under = Math.clamp(LIVE_BYTES_MAX / byteCount, 2, depth);
            int measured = Math.clamp(MEASURED_BYTES_MAX / byteCount, 2, count);
            report.size(load.measure(RingWork.each(byteCount, Math.min(under, depth), measured)));
            context.progress().at(++step, steps);
        }
        for (String each : lives) {
            int live = Integer.parseInt(each);
            report.live(load.measure(RingWork.each(size, live, Math.max(count, 4 * live))));
            context.progress().at(++step, steps);
        }
        int batch = count(settings, BATCH);
        report.batched(load.measure(batched(batch, count)));
        context.progress().at(++step, steps);
        int transfer = Math.toIntExact(settings.bytes(WINDOW_TRANSFER));
        for (String each : windows) {
            int buffers = Math.toIntExact(windowBytes(each) / PAGE);
            report.pages(load.measure(new RingWork(Mapping.KEPT_PAGES, transfer, 1, buffers, 1, count)));
            context.progress().at(++step, steps);
            report.huge(load.measure(new RingWork(Mapping.KEPT_HUGE, transfer, 1, buffers, 1, count)));
            context.progress().at(++step, steps);
        }
    }

    /// Four batches under way at once; pages of 4 KiB.
    private static RingWork batched(int batch, int count) {
        return new RingWork(Mapping.EACH, PAGE, BATCHES * batch, BATCHES * batch, batch, count);
    }

    private static long windowBytes(String word) {
        long number = Long.parseLong(word.substring(0, word.length() - 1));
        return number << (word.endsWith("K") ? 10 : 20);
    }

    private static int count(Settings settings, String path) {
        return Math.toIntExact(settings.count(path));
    }
}
