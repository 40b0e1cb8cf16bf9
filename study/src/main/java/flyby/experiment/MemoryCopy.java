package flyby.experiment;

import flyby.driver.MemoryCopyDriver;
import flyby.machine.BoardKernel;
import flyby.machine.IsaBoard;
import flyby.machine.IsaPc;
import flyby.machine.Mainboard;
import flyby.machine.PcCatalogue;
import flyby.memory.PhysicalMemory;
import flyby.params.Catalogue;
import flyby.study.Figure;
import flyby.study.Figure.Unit;
import flyby.study.Finding;
import flyby.study.RunContext;
import flyby.study.RunResult;
import java.util.ArrayList;
import java.util.List;

/// The input is copied from one place of memory to another: by the 8237A memory-to-memory, or by the CPU.
public final class MemoryCopy extends BoardExperiment {
    private static final String DMA = "dma";
    private static final String CPU = "cpu";
    private static final List<String> RUNS = List.of(DMA, CPU);

    /// More than anybody wants to wait for at half a megabyte a second.
    private static final int FILE_BYTES_MAX = 1 << 27;

    private static final Catalogue PARAMETERS = Catalogue.titled("A block copied in memory")
            .choices("runs", RUNS, RUNS, "Who copies.")
            .include(BoardBuffer.with(PcCatalogue.PARAMETERS))
            .rule(
                    "driver.buffer must be at most 32 KiB: the page registers give both channels the same 64 KiB",
                    settings -> BoardBuffer.bytes(settings) <= 1 << 15,
                    "driver.buffer")
            .build();

    public MemoryCopy() {
        super(
                "copy",
                "A block is copied in memory, by an 8237A and by the CPU",
                PARAMETERS,
                PcCatalogue.profiles(),
                "Without refresh a real board would forget its memory; this one does not.",
                "IBM's PC/AT has channels 0 and 1 free, but no page registers for both at once; here it copies within"
                        + " the 64 KiB of the page register that answers when no channel has its DACK.");
    }

    @Override
    public RunResult run(String runName, RunContext context) {
        byte[] file = WholeInput.bytes(context.input(), FILE_BYTES_MAX, "what is copied is held in memory");
        byte[] arrived = new byte[file.length];
        int blockBytes = BoardBuffer.bytes(context.settings());
        List<Finding> findings = new ArrayList<>();
        var parameters = PcCatalogue.pc(context.settings(), false);
        try (BoardRun<IsaPc> run =
                new BoardRun<>(runName, context, (simulation, _) -> new IsaPc(simulation, parameters))) {
            PhysicalMemory memory = run.board().memory();
            long from = Mainboard.BUFFER;
            long to = from + blockBytes;
            run.run(cpu -> {
                run.machine().isa().boot(cpu);
                byte[] block = new byte[blockBytes];
                BoardKernel kernel = new BoardKernel(run.board(), cpu, 2L * blockBytes);
                MemoryCopyDriver driver = new MemoryCopyDriver(
                        kernel.kernel(),
                        kernel.dma("8237A", IsaBoard.ADDRESS_BITS),
                        run.machine().isa().refreshesByChannel0());
                for (int done = 0; done < file.length; done += blockBytes) {
                    int byteCount = Math.min(blockBytes, file.length - done);
                    // What is in memory before and after is the study's, and takes no time.
                    memory.write(from, file, done, byteCount);
                    if (runName.equals(CPU)) {
                        cpu.beginTransfer(byteCount);
                        cpu.loadBytes(from, block, 0, byteCount);
                        cpu.storeBytes(to, block, 0, byteCount);
                        cpu.endTransfer();
                    } else if (!driver.copy(from, to, byteCount)) {
                        findings.add(refused());
                        return;
                    }
                    memory.read(to, arrived, done, byteCount);
                    context.progress().at(done + byteCount, file.length);
                }
            });
            // A refusal comes before the first block.
            int moved = findings.isEmpty() ? file.length : 0;
            return run.result(moved, Digest.of(arrived), Digest.of(file), findings, figures(run, moved));
        }
    }

    /// Clocks in which the controller had the bus and moved bytes.
    private static List<Figure> figures(BoardRun<IsaPc> run, int byteCount) {
        long clocks =
                run.board().bus().use().masterPicos() / run.machine().isa().dmaClockPicos();
        double perByte = byteCount == 0 ? 0 : Math.round(1_000.0 * clocks / byteCount) / 1_000.0;
        return List.of(BoardRun.figure("dmaClocksPerByte", "DMA clocks a byte", perByte, Unit.CLOCKS, true));
    }

    private static Finding refused() {
        return new Finding(
                true,
                "The driver refuses: channel 0 refreshes memory",
                "Memory-to-memory transfers need channels 0 and 1. IBM's PC and PC/XT use channel 0 to refresh"
                        + " memory; a driver that took it away would have memory forget.",
                "a board that refreshes by other means: --set machine.refresh.on=false",
                List.of());
    }
}
