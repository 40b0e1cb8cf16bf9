package flyby.experiment;

import flyby.base.LabException;
import flyby.bus.Cpu;
import flyby.copy.layout.CopyEngineRegisters;
import flyby.dma.Attributes;
import flyby.driver.CopyEngineDriver;
import flyby.kernel.IoMemory;
import flyby.machine.BoardCatalogue;
import flyby.machine.BoardKernel;
import flyby.machine.EngineBoard;
import flyby.machine.KernelSetup;
import flyby.machine.ModernMachines;
import flyby.machine.PcieMachine;
import flyby.params.Catalogue;
import flyby.params.Profile;
import flyby.params.Settings;
import flyby.params.Source;
import flyby.pci.PciDevice;
import flyby.study.Figure;
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
import java.util.Objects;

/// The input is copied from one place of memory to another by a copy engine: behind PCI Express, and on a classic
/// bus. Engine and driver are the same on both machines. A third run has the CPU do it.
public final class EngineCopy extends MachineExperiment {
    private static final String PCIE = "pcie";
    private static final String CPU = "cpu";
    private static final String CLASSIC = "classic";
    private static final List<String> RUNS = List.of(PCIE, CPU, CLASSIC);

    private static final String MAINTAINS = "driver.maintains";
    private static final String BLOCK = "driver.block";

    /// Where blocks come from and go to, in each machine above what it has for itself.
    private static final long FROM = 0x1_0000;

    private static final int BLOCK_BYTES_MAX = 1 << 16;
    private static final long TO = FROM + BLOCK_BYTES_MAX;

    private static final int EVIDENCE_BYTES = 64;

    /// All of it is compared in the end.
    private static final int FILE_BYTES_MAX = 1 << 27;

    private static final Catalogue PARAMETERS = Catalogue.titled("A copy engine on two machines")
            .choices("runs", RUNS, RUNS, "Who copies: the engine behind PCI Express, the CPU, the engine on a bus.")
            .bytes(BLOCK, "4 KiB", "1 B", "64 KiB", Source.assumed("a page"), "How much one request moves.")
            .choice(
                    MAINTAINS,
                    "if-needed",
                    List.of("if-needed", "never"),
                    "Whether the DMA API cleans and invalidates caches for the driver: where the machine needs it, or"
                            + " never, as with DMA_ATTR_SKIP_CPU_SYNC.")
            .choice(
                    "classic.board",
                    BoardCatalogue.BOARD_8086.name(),
                    BoardCatalogue.profiles().stream().map(Profile::name).toList(),
                    "The board of the classic run.")
            .build();

    public EngineCopy() {
        super(
                "engine-copy",
                "One copy engine and one driver, behind PCI Express and on a classic bus",
                PARAMETERS,
                ModernMachines.STANDARD,
                "The program has one core to itself: no operating system, no other processes.",
                "Firmware sets the machine up before the run begins; its time does not count.");
    }

    @Override
    public RunResult run(String runName, RunContext context) {
        byte[] file = WholeInput.bytes(context.input(), FILE_BYTES_MAX, "what is copied is compared as a whole");
        return runName.equals(CLASSIC) ? classic(runName, context, file) : modern(runName, context, file);
    }

    private static RunResult modern(String runName, RunContext context, byte[] file) {
        MachineDescription description = context.machine().orElseThrow();
        String engine = engine(description);
        TracedRun run = new TracedRun(runName, context, TracedRun.SERVER_PATIENCE_PICOS);
        PcieMachine machine = new PcieMachine(run.simulation(), description);
        long attributes = attributes(context.settings());
        ServerFigures figures = new ServerFigures(machine);
        byte[] arrived = new byte[file.length];
        List<Finding> findings = new ArrayList<>();
        run.run(
                machine.cpu()::run,
                cpu -> {
                    if (runName.equals(CPU)) {
                        copyAll(cpu, byCpu(cpu), context, file, arrived, findings);
                        return;
                    }
                    KernelSetup setup = new KernelSetup(machine, cpu);
                    setup.kernel().memory().reserve(FROM, 2L * BLOCK_BYTES_MAX, "buffers");
                    Copier copier = byEngine(setup, machine.device(engine), attributes);
                    run.beginNow();
                    copyAll(cpu, copier, context, file, arrived, findings);
                    findings.addAll(KernelFindings.of(setup.kernel().log()));
                },
                run.hash()::recordCount,
                machine::waiting);
        return result(run, file, arrived, findings, figures.of(run, file.length));
    }

    /// The first copy engine of the machine.
    static String engine(MachineDescription machine) {
        return machine.all(PartKind.FUNCTION).stream()
                .filter(part -> FunctionCatalogue.device(part.settings()) == DeviceKind.COPY_ENGINE)
                .map(Part::name)
                .findFirst()
                .orElseThrow(() -> new LabException(
                        LabException.Kind.BAD_INPUT,
                        "machine " + machine.name(),
                        "no copy engine",
                        "a function with device: " + DeviceKind.COPY_ENGINE.word()));
    }

    private static Copier byEngine(KernelSetup setup, PcieMachine.Plugged plugged, long attributes) {
        PciDevice device = setup.pci(plugged);
        IoMemory registers = Objects.requireNonNull(device.map(0));
        CopyEngineDriver driver =
                new CopyEngineDriver(setup.kernel(), device.dma(), registers, device.vector(0), attributes);
        return (from, to, byteCount) -> driver.copy(from, to, byteCount) == 0;
    }

    private static RunResult classic(String runName, RunContext context, byte[] file) {
        Settings board = BoardCatalogue.settings(context.settings().choice("classic.board"));
        TracedRun run = new TracedRun(runName, context, TracedRun.BOARD_PATIENCE_PICOS);
        EngineBoard machine = EngineBoard.of(run.simulation(), board);
        byte[] arrived = new byte[file.length];
        List<Finding> findings = new ArrayList<>();
        run.run(
                machine.mainboard().cpu()::run,
                cpu -> {
                    BoardKernel kernel = new BoardKernel(machine.mainboard(), cpu, 2L * BLOCK_BYTES_MAX);
                    CopyEngineDriver driver = new CopyEngineDriver(
                            kernel.kernel(),
                            kernel.dma("copy", EngineBoard.ADDRESS_BITS),
                            kernel.map(EngineBoard.REGISTERS, CopyEngineRegisters.MAP.spanBytes()),
                            EngineBoard.LINE,
                            attributes(context.settings()));
                    copyAll(
                            cpu,
                            (from, to, byteCount) -> driver.copy(from, to, byteCount) == 0,
                            context,
                            file,
                            arrived,
                            findings);
                },
                run.hash()::recordCount,
                run.simulation()::waiting);
        return result(run, file, arrived, findings, List.of(run.throughput(file.length)));
    }

    /// Copies a block, or says that it could not.
    @FunctionalInterface
    private interface Copier {
        boolean copy(long from, long to, int byteCount);
    }

    private static Copier byCpu(Cpu cpu) {
        byte[] block = new byte[BLOCK_BYTES_MAX];
        return (from, to, byteCount) -> {
            cpu.beginTransfer(byteCount);
            cpu.loadBytes(from, block, 0, byteCount);
            cpu.storeBytes(to, block, 0, byteCount);
            cpu.endTransfer();
            return true;
        };
    }

    /// Stores the file block by block, has each copied, and loads what has arrived.
    private static void copyAll(
            Cpu cpu, Copier copier, RunContext context, byte[] file, byte[] arrived, List<Finding> findings) {
        int blockBytes = Math.toIntExact(context.settings().bytes(BLOCK));
        for (int done = 0; done < file.length; done += blockBytes) {
            int byteCount = Math.min(blockBytes, file.length - done);
            cpu.storeBytes(FROM, file, done, byteCount);
            if (!copier.copy(FROM, TO, byteCount)) {
                findings.add(refused(done));
                return;
            }
            cpu.loadBytes(TO, arrived, done, byteCount);
            context.progress().at(done + byteCount, file.length);
        }
    }

    private static long attributes(Settings settings) {
        return settings.choice(MAINTAINS).equals("never") ? Attributes.SKIP_CPU_SYNC : Attributes.NONE;
    }

    private static RunResult result(
            TracedRun run, byte[] file, byte[] arrived, List<Finding> findings, List<Figure> figures) {
        int first = Arrays.mismatch(file, arrived);
        if (first >= 0 && findings.isEmpty()) {
            findings.add(differs(file, arrived, first));
        }
        return run.result(file.length, Digest.of(arrived), Digest.of(file), findings, figures, List.of());
    }

    private static Finding refused(int done) {
        return new Finding(
                true,
                "The engine gave up at byte " + done,
                "One of its accesses was answered by an error: nothing is at that address, or the access is not"
                        + " allowed there.",
                "",
                List.of());
    }

    private static Finding differs(byte[] file, byte[] arrived, int first) {
        int end = Math.min(file.length, first + EVIDENCE_BYTES);
        return new Finding(
                true,
                "Byte " + first + " of the copy is not that of the file",
                "The CPU stores a block, has the engine copy it, and loads the copy. Where nobody asks the caches, the"
                        + " engine reads memory that the block has not reached yet, and the CPU loads lines of the"
                        + " block before.",
                "mapping without DMA_ATTR_SKIP_CPU_SYNC, as with --set driver.maintains=if-needed",
                List.of(new Finding.ByteEvidence(
                        TO,
                        Arrays.copyOfRange(arrived, first, end),
                        "CPU, loading the copy",
                        Arrays.copyOfRange(file, first, end),
                        "the file")));
    }
}
