package flyby.experiment;

import flyby.base.Check;
import flyby.bus.Cpu;
import flyby.dma.Direction;
import flyby.dma.Dma;
import flyby.driver.BlockSource;
import flyby.driver.SoundDriver;
import flyby.driver.SoundDriver.Format;
import flyby.driver.SoundDriver.Mode;
import flyby.machine.BoardKernel;
import flyby.machine.IsaBoard;
import flyby.machine.IsaPc;
import flyby.machine.PcCards;
import flyby.machine.PcCatalogue;
import flyby.params.Settings;
import flyby.sim.Simulation;
import flyby.sim.Time;
import flyby.study.Figure;
import flyby.study.Figure.Unit;
import flyby.study.Finding;
import flyby.study.RunContext;
import flyby.study.RunResult;
import flyby.wav.WavFile;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/// One run of [SoundPlayback]: a PC with a sound card, perhaps a disk, and what was heard.
final class SoundRun implements AutoCloseable {
    /// Busy code takes interrupts now and then.
    private static final long SLICE_PICOS = 100 * Time.MICROSECOND;

    private final RunContext context;
    private final WavFile wav;
    private final byte[] samples;
    private final Mode mode;
    private final long latePicos;
    private final @Nullable BackgroundDisk disk;
    private long diskAddress;
    private final int bufferBytes;
    private final BoardRun<IsaPc> run;
    private @Nullable SoundRecorder recorder;
    /// How many bytes of the samples are in the buffer or through it.
    private int filled;
    private int lateBlocks;

    /// @param latePicos how much longer the driver takes for each half of its buffer
    /// @param disk what else uses DMA, if anything
    SoundRun(String name, RunContext context, WavFile wav, Mode mode, long latePicos, @Nullable BackgroundDisk disk) {
        this.context = context;
        this.wav = wav;
        this.samples = wav.samples();
        this.mode = mode;
        this.latePicos = latePicos;
        this.disk = disk;
        this.bufferBytes = BoardBuffer.bytes(context.settings());
        this.run = new BoardRun<>(name, context, (simulation, _) -> pc(simulation));
    }

    RunResult run() {
        run.run(cpu -> {
            run.machine().isa().boot(cpu);
            if (disk != null) {
                disk.start(cpu);
            }
            boolean movesWords = wav.format().bits() == 16;
            var wiring = PcCards.soundWiring(movesWords, run.board().buffer(bufferBytes), bufferBytes);
            BoardKernel kernel = new BoardKernel(run.board(), cpu, bufferBytes + diskBytes());
            if (disk != null) {
                Dma dma = kernel.dma("disk", IsaBoard.ADDRESS_BITS);
                diskAddress = dma.mapSingle(
                        run.board().buffer(bufferBytes) + bufferBytes, diskBytes(), Direction.FROM_DEVICE);
                Check.that(dma.mappingError(diskAddress) == 0, "the disk's buffer cannot be mapped");
            }
            SoundDriver driver =
                    new SoundDriver(kernel.kernel(), kernel.dma("sound", IsaBoard.ADDRESS_BITS), wiring, mode, true);
            Check.that(driver.start(), "the sound card does not answer");
            Format format = new Format(wav.format().hertz(), wav.format().channels() == 2);
            lateBlocks = driver.play(format, samples.length, filler(cpu));
        });
        return result();
    }

    @Override
    public void close() {
        run.close();
    }

    private IsaPc pc(Simulation simulation) {
        Settings settings = context.settings();
        IsaPc pc = new IsaPc(simulation, PcCatalogue.pc(settings, false));
        SoundRecorder ears =
                new SoundRecorder(simulation::nowPicos, wav.format().hertz());
        recorder = ears;
        PcCards.plugSound(pc.isa(), ears, (int) settings.bytes(SoundPlayback.FIFO));
        if (disk != null) {
            disk.plugInto(pc);
        }
        return pc;
    }

    private BlockSource filler(Cpu cpu) {
        return (address, byteCount) -> {
            for (long left = latePicos; left > 0; left -= SLICE_PICOS) {
                cpu.delay(Math.min(left, SLICE_PICOS));
            }
            cpu.storeBytes(address, samples, filled, byteCount);
            filled += byteCount;
            context.progress().at(filled, samples.length);
            if (disk != null) {
                disk.transfer(cpu, diskAddress, diskBytes());
            }
        };
    }

    private int diskBytes() {
        return (int) context.settings().bytes(SoundPlayback.DISK_BLOCK);
    }

    private RunResult result() {
        SoundRecorder heard = recorder;
        if (heard == null) {
            throw Check.bug("nobody listened");
        }
        byte[] played = heard.samples();
        List<Finding> findings = new ArrayList<>();
        if (heard.gapCount() > 0) {
            findings.add(gaps(heard));
        }
        if (lateBlocks > 0) {
            findings.add(late(lateBlocks));
        }
        return run.result(
                played.length, Digest.of(file(wav, played)), Digest.of(wav.bytes()), findings, figures(heard, played));
    }

    /// The file that was heard: `wav` itself if all its samples were.
    static byte[] file(WavFile wav, byte[] played) {
        boolean isWhole = played.length == wav.samples().length;
        return (isWhole ? wav.withSamples(played) : WavFile.of(wav.format(), played)).bytes();
    }

    private List<Figure> figures(SoundRecorder heard, byte[] played) {
        long framePicos = heard.framePicos();
        long frames = played.length / wav.format().frameBytes();
        return List.of(
                BoardRun.figure("playedFrames", "frames played", frames, Unit.COUNT, true),
                BoardRun.figure("gapCount", "gaps", heard.gapCount(), Unit.COUNT, true),
                BoardRun.figure("missedFrames", "frames missed", heard.missedFrames(), Unit.COUNT, true),
                BoardRun.figure(
                        "longestGapPs", "longest gap", heard.longestGapFrames() * framePicos, Unit.PICOSECONDS, true),
                BoardRun.figure("lateBlockCount", "late blocks", (long) lateBlocks, Unit.COUNT, false));
    }

    static Finding gaps(SoundRecorder heard) {
        return new Finding(
                true,
                String.format(
                        Locale.ROOT,
                        "The sound stood still %,d %s, %,d frames in all",
                        heard.gapCount(),
                        heard.gapCount() == 1 ? "time" : "times",
                        heard.missedFrames()),
                "A frame was due and the card had none: its FIFO was empty and its DMA channel did not get the bus,"
                        + " or the driver had not yet started the next block. The output holds its level, which is"
                        + " heard as a click; the frames that follow come late, and none is lost.",
                "shorter bursts of others (single mode), a deeper FIFO, or a driver that fills its half in time",
                List.of());
    }

    static Finding late(int lateBlocks) {
        return new Finding(
                true,
                String.format(
                        Locale.ROOT, "The driver was late with %,d blocks: old sound was played again", lateBlocks),
                "In auto-initialize mode neither card nor DMA controller waits for the driver. What had not been"
                        + " filled when its turn came was played as it was: a piece from before.",
                "a larger buffer, a faster driver, or stopping the card when the driver sees that it is late",
                List.of());
    }
}
