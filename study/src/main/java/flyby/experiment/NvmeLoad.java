package flyby.experiment;

import flyby.base.LabException;
import flyby.bus.Cpu;
import flyby.dma.Scatterlist;
import flyby.kernel.KernelMemory;
import flyby.machine.KernelSetup;
import flyby.machine.PcieMachine;
import flyby.nvmehost.NvmeDriver;
import flyby.nvmehost.NvmeNamespace;
import flyby.nvmehost.NvmeRequest;
import flyby.params.Catalogue;
import flyby.params.Settings;
import flyby.params.Source;
import flyby.pci.PciDevice;
import flyby.sim.Prng;
import flyby.sim.Time;
import flyby.study.Figure;
import flyby.study.Figure.Unit;
import flyby.study.Finding;
import flyby.study.RunContext;
import flyby.study.RunResult;
import flyby.topology.DeviceKind;
import flyby.topology.FunctionCatalogue;
import flyby.topology.MachineDescription;
import flyby.topology.Part;
import flyby.topology.PartKind;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/// A file lies on an NVMe drive, and is read in blocks in random order with so many requests under way at once; or is
/// written so.
public final class NvmeLoad extends MachineExperiment {
    private static final List<String> RUNS = List.of("qd1", "qd4", "qd16", "qd64");
    private static final String READ = "read";
    private static final String WRITE = "write";
    private static final String SIZE = "driver.size";
    private static final String SPAN = "driver.span";
    private static final int DEPTH_MAX = 64;
    /// All of it is compared in the end.
    private static final int FILE_BYTES_MAX = 1 << 25;

    private static final Catalogue PARAMETERS = Catalogue.titled("Random access to an NVMe drive")
            .choices("runs", RUNS, RUNS, "How many requests are under way at once.")
            .choice("driver.does", READ, List.of(READ, WRITE), "What it does to the drive.")
            .bytes(SIZE, "4 KiB", "4 KiB", "128 KiB", Source.assumed("a page"), "How long a request is.")
            .bytes(
                    SPAN,
                    "1 MiB",
                    "4 KiB",
                    "32 MiB",
                    Source.assumed("enough for many requests"),
                    "How much of the drive is used: the file, over and over.")
            .rule(
                    "driver.size must be a multiple of 4 KiB",
                    settings -> settings.bytes(SIZE) % KernelMemory.PAGE_BYTES == 0,
                    SIZE)
            .build();

    public NvmeLoad() {
        super(
                "nvme-load",
                "A drive read or written at random, with one request under way or many",
                PARAMETERS,
                "server-nvme",
                "The program has one core to itself: no operating system, no other processes.",
                "The medium takes the same time for each access and any number of them at once; flash has dies that"
                        + " are busy, and erases.");
    }

    @Override
    public List<String> conclusions(List<RunResult> runs) {
        if (runs.size() < 2) {
            return List.of();
        }
        RunResult first = runs.getFirst();
        RunResult last = runs.getLast();
        long one = value(first, "requestsPerSecond");
        long other = value(last, "requestsPerSecond");
        return List.of(String.format(
                Locale.ROOT,
                "%s does %,d requests a second, of %s each; %s does %,d, %.1f times as many, of %s each.",
                first.name(),
                one,
                Time.text(value(first, "meanLatencyPs")),
                last.name(),
                other,
                (double) other / Math.max(1, one),
                Time.text(value(last, "meanLatencyPs"))));
    }

    private static long value(RunResult run, String key) {
        return run.figures().stream()
                .filter(figure -> figure.key().equals(key))
                .findFirst()
                .map(figure -> figure.value().longValue())
                .orElse(0L);
    }

    @Override
    public RunResult run(String runName, RunContext context) {
        byte[] file = WholeInput.bytes(context.input(), FILE_BYTES_MAX, "what is read is compared as a whole");
        MachineDescription description = context.machine().orElseThrow();
        String drive = drive(description);
        TracedRun run = new TracedRun(runName, context, TracedRun.SERVER_PATIENCE_PICOS);
        PcieMachine machine = new PcieMachine(run.simulation(), description);
        ServerFigures figures = new ServerFigures(machine);
        byte[] all = repeated(file, context.settings());
        byte[] arrived = new byte[all.length];
        List<Finding> findings = new ArrayList<>();
        List<Figure> own = new ArrayList<>();
        run.run(
                machine.cpu()::run,
                cpu -> {
                    KernelSetup setup = new KernelSetup(machine, cpu);
                    PciDevice device = setup.pci(machine.device(drive));
                    int error = device.bind(new NvmeDriver(1, 2 * DEPTH_MAX));
                    if (error != 0) {
                        findings.add(bad("The driver could not take the drive over", "probe returned " + error));
                        return;
                    }
                    NvmeNamespace namespace = NvmeDriver.namespace(device);
                    if (namespace.blocks() * namespace.blockBytes() < all.length) {
                        findings.add(bad("The drive is too small", "What is used does not fit: set nvme.size."));
                        return;
                    }
                    Load load = new Load(setup, namespace, context, Integer.parseInt(runName.substring(2)), all);
                    load.go(run, arrived);
                    if (load.error != 0) {
                        findings.add(bad("The drive refused", "A request ended with error " + load.error + "."));
                    }
                    own.addAll(load.figures());
                    findings.addAll(KernelFindings.of(setup.kernel().log()));
                },
                run.hash()::recordCount,
                machine::waiting);
        if (findings.isEmpty() && !Arrays.equals(all, arrived)) {
            findings.add(bad("Byte " + Arrays.mismatch(all, arrived) + " is not that which was written", ""));
        }
        own.addAll(figures.of(run, all.length));
        return run.result(all.length, Digest.of(arrived), Digest.of(all), findings, own, List.of());
    }

    /// The file, over and over, in whole requests.
    private static byte[] repeated(byte[] file, Settings settings) {
        int requestBytes = Math.toIntExact(settings.bytes(SIZE));
        byte[] all = new byte[Math.ceilDiv(Math.toIntExact(settings.bytes(SPAN)), requestBytes) * requestBytes];
        for (int at = 0; at < all.length && file.length > 0; at += file.length) {
            System.arraycopy(file, 0, all, at, Math.min(file.length, all.length - at));
        }
        return all;
    }

    private static Finding bad(String title, String text) {
        return new Finding(true, title, text, "", List.of());
    }

    /// The first drive of the machine.
    private static String drive(MachineDescription machine) {
        return machine.all(PartKind.FUNCTION).stream()
                .filter(part -> FunctionCatalogue.device(part.settings()) == DeviceKind.NVME)
                .map(Part::name)
                .findFirst()
                .orElseThrow(() -> new LabException(
                        LabException.Kind.BAD_INPUT,
                        "machine " + machine.name(),
                        "no NVMe drive",
                        "a function with device: " + DeviceKind.NVME.word()));
    }

    /// A program that keeps so many requests under way.
    private static final class Load {
        private final Cpu cpu;
        private final NvmeNamespace drive;
        private final RunContext context;
        private final byte[] all;
        private final int requestBytes;
        private final int requests;
        private final int[] order;
        private final long[] buffers;
        private final long[] begunPicos;
        private final @Nullable Slot[] slots;
        private final boolean isRead;
        private long latencyPicos;
        private long elapsedPicos;
        private long doorbells;
        private long interrupts;
        int error;

        /// A request under way, and which part of the file it is.
        private record Slot(NvmeRequest request, int part) {}

        Load(KernelSetup setup, NvmeNamespace drive, RunContext context, int depth, byte[] all) {
            this.cpu = setup.kernel().cpu();
            this.drive = drive;
            this.context = context;
            this.all = all;
            Settings settings = context.settings();
            isRead = settings.choice("driver.does").equals(READ);
            requestBytes = Math.toIntExact(settings.bytes(SIZE));
            requests = all.length / requestBytes;
            int pages = KernelMemory.order(requestBytes);
            buffers = new long[depth];
            Arrays.setAll(
                    buffers,
                    _ -> setup.kernel().memory().allocatePages(pages, KernelMemory.Zone.NORMAL, "a request's data"));
            begunPicos = new long[depth];
            slots = new Slot[depth];
            order = new int[requests];
            Arrays.setAll(order, i -> i);
            Prng random = new Prng(context.seed()).child("order");
            for (int i = requests - 1; i > 0; i--) {
                int other = (int) random.below(i + 1L);
                int kept = order[i];
                order[i] = order[other];
                order[other] = kept;
            }
        }

        /// Fills the drive, if it is to be read, does what is measured, and looks at the drive, if it was written.
        void go(TracedRun run, byte[] arrived) {
            if (isRead) {
                sequential(true, arrived);
            }
            doorbells = drive.doorbellCount();
            interrupts = drive.interruptCount();
            run.beginNow();
            long begin = cpu.nowPicos();
            cpu.beginTransfer(all.length);
            for (int i = 0; i < requests && error == 0; i++) {
                int place = i % buffers.length;
                finish(place, arrived);
                begin(place, order[i]);
                context.progress().at((long) i * requestBytes, all.length);
            }
            for (int i = 0; i < buffers.length; i++) {
                finish((requests + i) % buffers.length, arrived);
            }
            cpu.endTransfer();
            elapsedPicos = cpu.nowPicos() - begin;
            doorbells = drive.doorbellCount() - doorbells;
            interrupts = drive.interruptCount() - interrupts;
            if (!isRead) {
                sequential(false, arrived);
            }
        }

        private NvmeRequest request(boolean reads, int place, int part) {
            Scatterlist data = new Scatterlist(1);
            data.set(0, buffers[place], requestBytes);
            int blocks = requestBytes / drive.blockBytes();
            long block = (long) part * blocks;
            return reads ? NvmeRequest.read(block, blocks, data) : NvmeRequest.write(block, blocks, data);
        }

        private void begin(int place, int part) {
            if (!isRead) {
                cpu.storeBytes(buffers[place], all, part * requestBytes, requestBytes);
            }
            NvmeRequest request = request(isRead, place, part);
            begunPicos[place] = cpu.nowPicos();
            slots[place] = new Slot(request, part);
            error = drive.queue(0, request);
            drive.commit(0);
        }

        private void finish(int place, byte[] arrived) {
            Slot slot = slots[place];
            if (slot == null || error != 0) {
                return;
            }
            slots[place] = null;
            error = drive.await(slot.request());
            latencyPicos += cpu.nowPicos() - begunPicos[place];
            if (isRead) {
                take(place, slot.part(), arrived);
            }
        }

        private void take(int place, int part, byte[] arrived) {
            cpu.loadBytes(buffers[place], arrived, part * requestBytes, requestBytes);
        }

        /// Writes all, or reads all, one after the other.
        private void sequential(boolean writes, byte[] arrived) {
            for (int part = 0; part < requests && error == 0; part++) {
                if (writes) {
                    cpu.storeBytes(buffers[0], all, part * requestBytes, requestBytes);
                }
                error = drive.execute(0, request(!writes, 0, part));
                if (!writes) {
                    take(0, part, arrived);
                }
            }
        }

        List<Figure> figures() {
            long perSecond = elapsedPicos == 0 ? 0 : requests * Time.SECOND / elapsedPicos;
            return List.of(
                    TracedRun.figure("requestsPerSecond", "requests a second", perSecond, Unit.COUNT, true),
                    TracedRun.figure("meanLatencyPs", "mean latency", latencyPicos / requests, Unit.PICOSECONDS, true),
                    TracedRun.figure("doorbellCount", "doorbells", doorbells, Unit.COUNT, true),
                    TracedRun.figure("interruptCount", "interrupts", interrupts, Unit.COUNT, true));
        }
    }
}
