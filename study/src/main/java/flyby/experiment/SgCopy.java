package flyby.experiment;

import flyby.base.LabException;
import flyby.bus.Completion;
import flyby.bus.Cpu;
import flyby.dma.Direction;
import flyby.dma.Dma;
import flyby.dma.Scatterlist;
import flyby.dmaengine.DmaChan;
import flyby.dmaengine.DmaDescriptor;
import flyby.dmaengine.DmaResult;
import flyby.dmaengine.PrepFlags;
import flyby.dmaengine.SgDmaDriver;
import flyby.kernel.KernelMemory;
import flyby.machine.KernelSetup;
import flyby.machine.PcieMachine;
import flyby.params.Catalogue;
import flyby.params.Settings;
import flyby.params.Source;
import flyby.pci.PciDevice;
import flyby.sim.Prng;
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
import org.jspecify.annotations.Nullable;

/// The input lies in pieces all over memory, as packets do that a network card has received, and is gathered into one
/// buffer: by the scatter-gather engine with one chain for each request, by the same engine with a request for each
/// piece, and by the CPU.
public final class SgCopy extends MachineExperiment {
    private static final String CHAIN = "sg";
    private static final String SINGLE = "single";
    private static final String CPU = "cpu";
    private static final List<String> RUNS = List.of(CHAIN, SINGLE, CPU);

    private static final String PIECE = "driver.piece";
    private static final String PIECES = "driver.pieces";
    private static final int PIECES_MAX = 512;

    /// All of it is compared in the end.
    private static final int FILE_BYTES_MAX = 1 << 26;

    private static final Catalogue PARAMETERS = Catalogue.titled("Gathering what lies scattered")
            .choices("runs", RUNS, RUNS, "Who gathers: the engine with a chain, the engine piece by piece, the CPU.")
            .bytes(PIECE, "1500 B", "1 B", "4 KiB", Source.assumed("a packet of Ethernet"), "How long a piece is.")
            .count(
                    PIECES,
                    64,
                    1,
                    PIECES_MAX,
                    "pieces",
                    Source.assumed("NAPI's budget of a poll"),
                    "How many pieces are gathered by one request.")
            .build();

    public SgCopy() {
        super(
                "sg-copy",
                "Pieces gathered by one chain of descriptors, one by one, and by the CPU",
                PARAMETERS,
                "server-sgdma",
                "The program has one core to itself: no operating system, no other processes.",
                "Pieces are stored by the core that gathers them, so its caches have them; a network card's would not"
                        + " be there.");
    }

    @Override
    public List<String> conclusions(List<RunResult> runs) {
        return SgCopyConclusions.of(runs);
    }

    @Override
    public RunResult run(String runName, RunContext context) {
        byte[] file = WholeInput.bytes(context.input(), FILE_BYTES_MAX, "what is gathered is compared as a whole");
        MachineDescription description = context.machine().orElseThrow();
        String engine = engine(description);
        TracedRun run = new TracedRun(runName, context, TracedRun.SERVER_PATIENCE_PICOS);
        PcieMachine machine = new PcieMachine(run.simulation(), description);
        ServerFigures figures = new ServerFigures(machine);
        byte[] arrived = new byte[file.length];
        List<Finding> findings = new ArrayList<>();
        List<Figure> own = new ArrayList<>();
        run.run(
                machine.cpu()::run,
                cpu -> {
                    KernelSetup setup = new KernelSetup(machine, cpu);
                    PciDevice device = setup.pci(machine.device(engine));
                    int error = device.bind(new SgDmaDriver(2 * PIECES_MAX));
                    if (error != 0) {
                        findings.add(refused("The driver could not take the engine over", "probe returned " + error));
                        return;
                    }
                    DmaChan channel = SgDmaDriver.channels(device).getFirst();
                    Gatherer gatherer = new Gatherer(setup, device.dma(), channel, context.settings());
                    gatherer.scatter(run.simulation().prng().child("pieces"));
                    run.beginNow();
                    if (!gatherer.gatherAll(runName, context, file, arrived)) {
                        findings.add(refused("The engine gave up", "It answered a request with an error."));
                    }
                    own.add(count("doorbellCount", "doorbells", channel.doorbellCount()));
                    own.add(count("descriptorCount", "descriptors fetched", channel.fetchedCount()));
                    own.add(count("interruptCount", "interrupts", channel.interruptCount()));
                    findings.addAll(KernelFindings.of(setup.kernel().log()));
                },
                run.hash()::recordCount,
                machine::waiting);
        return result(run, file, arrived, findings, own, figures);
    }

    private static RunResult result(
            TracedRun run,
            byte[] file,
            byte[] arrived,
            List<Finding> findings,
            List<Figure> own,
            ServerFigures figures) {
        long gatherPicos = run.ledger().latencyPicos();
        long busyPicos = run.ledger().totalsPicos().entrySet().stream()
                .filter(each -> SgCopyConclusions.CPU_PHASES.contains(each.getKey()))
                .mapToLong(each -> each.getValue())
                .sum();
        List<Figure> all = new ArrayList<>();
        all.add(TracedRun.figure("gatherPs", "gathering", gatherPicos, Unit.PICOSECONDS, true));
        all.add(TracedRun.figure("cpuBusyPs", "CPU busy with it", busyPicos, Unit.PICOSECONDS, true));
        all.addAll(own);
        all.addAll(figures.of(run, file.length));
        if (findings.isEmpty() && !Arrays.equals(file, arrived)) {
            int first = Arrays.mismatch(file, arrived);
            findings.add(refused("Byte " + first + " is not that of the file", "Something else lies there."));
        }
        return run.result(file.length, Digest.of(arrived), Digest.of(file), findings, all, List.of());
    }

    private static Figure count(String key, String title, long value) {
        return TracedRun.figure(key, title, value, Unit.COUNT, true);
    }

    private static Finding refused(String title, String text) {
        return new Finding(true, title, text, "", List.of());
    }

    /// The first scatter-gather engine of the machine.
    private static String engine(MachineDescription machine) {
        return machine.all(PartKind.FUNCTION).stream()
                .filter(part -> FunctionCatalogue.device(part.settings()) == DeviceKind.SG_DMA)
                .map(Part::name)
                .findFirst()
                .orElseThrow(() -> new LabException(
                        LabException.Kind.BAD_INPUT,
                        "machine " + machine.name(),
                        "no scatter-gather engine",
                        "a function with device: " + DeviceKind.SG_DMA.word()));
    }

    /// A program that has its pages and its buffer, and gathers.
    private static final class Gatherer {
        private final KernelSetup setup;
        private final Cpu cpu;
        private final Dma dma;
        private final DmaChan channel;
        private final int pieceBytes;
        private final int pieceCount;
        private final Scatterlist list;
        private final byte[] piece;
        private final Completion done = new Completion("the engine to gather");
        private long buffer;
        private boolean isRight = true;

        Gatherer(KernelSetup setup, Dma dma, DmaChan channel, Settings settings) {
            this.setup = setup;
            this.cpu = setup.kernel().cpu();
            this.dma = dma;
            this.channel = channel;
            pieceBytes = Math.toIntExact(settings.bytes(PIECE));
            pieceCount = Math.toIntExact(settings.count(PIECES));
            list = new Scatterlist(pieceCount);
            piece = new byte[pieceBytes];
        }

        /// Pages for the pieces, each somewhere in its page, and a buffer for all.
        void scatter(Prng random) {
            KernelMemory memory = setup.kernel().memory();
            for (int i = 0; i < pieceCount; i++) {
                // Every other page is somebody else's, so that no two pieces are neighbours.
                long page = memory.allocatePages(0, KernelMemory.Zone.NORMAL, "a piece");
                memory.allocatePages(0, KernelMemory.Zone.NORMAL, "somebody else");
                list.set(i, page + random.below(KernelMemory.PAGE_BYTES - pieceBytes + 1), pieceBytes);
            }
            int order = 0;
            while ((long) KernelMemory.PAGE_BYTES << order < (long) pieceBytes * pieceCount) {
                order++;
            }
            buffer = memory.allocatePages(order, KernelMemory.Zone.NORMAL, "what is gathered");
        }

        boolean gatherAll(String runName, RunContext context, byte[] file, byte[] arrived) {
            int requestBytes = pieceBytes * pieceCount;
            for (int begin = 0; begin < file.length && isRight; begin += requestBytes) {
                int byteCount = Math.min(requestBytes, file.length - begin);
                int pieces = Math.ceilDiv(byteCount, pieceBytes);
                for (int i = 0; i < pieces; i++) {
                    int length = Math.min(pieceBytes, byteCount - i * pieceBytes);
                    list.set(i, list.address(i), length);
                    cpu.storeBytes(list.address(i), file, begin + i * pieceBytes, length);
                }
                cpu.beginTransfer(byteCount);
                switch (runName) {
                    case CHAIN -> byChain(pieces, byteCount);
                    case SINGLE -> oneByOne(pieces);
                    default -> byCpu(pieces);
                }
                cpu.endTransfer();
                cpu.loadBytes(buffer, arrived, begin, byteCount);
                context.progress().at(begin + byteCount, file.length);
            }
            return isRight;
        }

        private void byChain(int pieces, int byteCount) {
            int mapped = dma.mapSg(list, pieces, Direction.TO_DEVICE, 0);
            long destination = dma.mapSingle(buffer, byteCount, Direction.FROM_DEVICE);
            if (mapped == 0 || dma.mappingError(destination) != 0) {
                isRight = false;
                return;
            }
            await(channel.prepGather(destination, list, mapped, PrepFlags.INTERRUPT));
            dma.unmapSingle(destination, byteCount, Direction.FROM_DEVICE, 0);
            dma.unmapSg(list, pieces, Direction.TO_DEVICE, 0);
        }

        private void oneByOne(int pieces) {
            for (int i = 0; i < pieces && isRight; i++) {
                int length = list.length(i);
                long source = dma.mapSingle(list.address(i), length, Direction.TO_DEVICE);
                long destination = dma.mapSingle(buffer + (long) i * pieceBytes, length, Direction.FROM_DEVICE);
                if (dma.mappingError(source) != 0 || dma.mappingError(destination) != 0) {
                    isRight = false;
                    return;
                }
                await(channel.prepMemcpy(destination, source, length, PrepFlags.INTERRUPT));
                dma.unmapSingle(destination, length, Direction.FROM_DEVICE);
                dma.unmapSingle(source, length, Direction.TO_DEVICE);
            }
        }

        private void byCpu(int pieces) {
            for (int i = 0; i < pieces; i++) {
                cpu.loadBytes(list.address(i), piece, 0, list.length(i));
                cpu.storeBytes(buffer + (long) i * pieceBytes, piece, 0, list.length(i));
            }
        }

        private void await(@Nullable DmaDescriptor descriptor) {
            if (descriptor == null) {
                isRight = false;
                return;
            }
            done.reset();
            descriptor
                    .callback(result -> {
                        isRight &= result.outcome() == DmaResult.Outcome.NOERROR;
                        done.complete();
                    })
                    .submit();
            channel.issuePending();
            cpu.await(done);
        }
    }
}
