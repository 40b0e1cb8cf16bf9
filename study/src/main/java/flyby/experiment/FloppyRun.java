package flyby.experiment;

import flyby.bus.Cpu;
import flyby.driver.BlockSink;
import flyby.driver.BlockSource;
import flyby.driver.FloppyDriver;
import flyby.driver.FloppyDriver.Geometry;
import flyby.driver.FloppyDriver.Outcome;
import flyby.floppy.DisketteFormat;
import flyby.machine.BoardKernel;
import flyby.machine.IsaBoard;
import flyby.machine.IsaPc;
import flyby.machine.PcCards;
import flyby.machine.PcCatalogue;
import flyby.study.Figure;
import flyby.study.Figure.Unit;
import flyby.study.Finding;
import flyby.study.RunContext;
import flyby.study.RunResult;
import java.util.Arrays;
import java.util.List;
import java.util.function.BiFunction;

/// One run of [FloppyTransfer]: a PC, a diskette, and what became of the file.
final class FloppyRun implements AutoCloseable {
    private final RunContext context;
    private final byte[] file;
    private final DisketteFormat format;
    private final Geometry geometry;
    private final DisketteImage diskette;
    private final BoardRun<IsaPc> run;
    private final int sectorCount;
    /// How many bytes of whole sectors are through: those of commands that ended well.
    private int done;
    /// How many the command moves that goes on, when it writes.
    private int underWay;
    private long spentPicos;
    private Outcome outcome = Outcome.DONE;

    FloppyRun(String name, RunContext context, byte[] file, DisketteFormat format, Geometry geometry) {
        this.context = context;
        this.file = file;
        this.format = format;
        this.geometry = geometry;
        this.diskette = new DisketteImage(format);
        this.sectorCount = Math.ceilDiv(file.length, format.sectorBytes());
        this.run = new BoardRun<>(name, context, (simulation, _) -> {
            IsaPc pc = new IsaPc(simulation, PcCatalogue.pc(context.settings(), false));
            PcCards.plugFloppy(pc.isa(), diskette, context.settings().picos(FloppyTransfer.REVOLUTION));
            return pc;
        });
    }

    /// The file is on the diskette; the driver reads it into memory.
    RunResult read() {
        System.arraycopy(file, 0, diskette.image(), 0, file.length);
        byte[] arrived = new byte[sectorCount * format.sectorBytes()];
        BlockSink sink = (address, byteCount) -> {
            run.board().memory().read(address, arrived, done, byteCount);
            advance(byteCount);
        };
        run((_, driver) -> driver.read(0, sectorCount, sink));
        return result(arrived);
    }

    /// The driver writes the file to the diskette.
    RunResult write() {
        byte[] padded = Arrays.copyOf(file, sectorCount * format.sectorBytes());
        run((cpu, driver) -> {
            BlockSource source = (address, byteCount) -> {
                // The driver asks for more when what it had is on the diskette.
                advance(underWay);
                cpu.storeBytes(address, padded, done, byteCount);
                underWay = byteCount;
            };
            Outcome end = driver.write(0, sectorCount, source);
            advance(end == Outcome.DONE ? underWay : 0);
            return end;
        });
        return result(diskette.image());
    }

    @Override
    public void close() {
        run.close();
    }

    private void run(BiFunction<Cpu, FloppyDriver, Outcome> work) {
        run.run(cpu -> {
            run.machine().isa().boot(cpu);
            int bufferBytes = BoardBuffer.bytes(context.settings());
            var wiring = PcCards.floppyWiring(run.board().buffer(bufferBytes), bufferBytes);
            BoardKernel kernel = new BoardKernel(run.board(), cpu, bufferBytes);
            FloppyDriver driver =
                    new FloppyDriver(kernel.kernel(), kernel.dma("floppy", IsaBoard.ADDRESS_BITS), wiring, geometry);
            driver.start();
            long from = cpu.nowPicos();
            outcome = work.apply(cpu, driver);
            spentPicos = cpu.nowPicos() - from;
            driver.stop();
        });
    }

    private void advance(int byteCount) {
        done += byteCount;
        context.progress().at(Math.min(done, file.length), file.length);
    }

    private RunResult result(byte[] arrived) {
        int movedSectors = done / format.sectorBytes();
        long perSector = movedSectors == 0 ? 0 : spentPicos / movedSectors;
        List<Figure> figures = List.of(
                BoardRun.figure("sectorCount", "sectors", (long) movedSectors, Unit.COUNT, true),
                BoardRun.figure("meanSectorPs", "a sector", perSector, Unit.PICOSECONDS, true));
        String sha256 = Digest.of(Arrays.copyOf(arrived, file.length));
        return run.result(Math.min(done, file.length), sha256, Digest.of(file), findings(), figures);
    }

    private List<Finding> findings() {
        return switch (outcome) {
            case DONE -> List.of();
            case OVERRUN ->
                List.of(new Finding(
                        true,
                        "The floppy controller reports an overrun",
                        "A byte passes under the head every 16 us at 500 kbit/s and every 32 us at 250 kbit/s. The"
                                + " controller has no FIFO: when DACK has not come before the next byte, it gives up,"
                                + " with ST1.OR.",
                        "a DMA channel that gets the bus within a byte's time: fewer wait states, shorter bursts of"
                                + " others",
                        List.of()));
            case WRITE_PROTECTED, NOT_FOUND, NO_MEMORY ->
                List.of(new Finding(
                        true, "The floppy driver reports " + outcome, "A command ended abnormally.", "", List.of()));
        };
    }
}
