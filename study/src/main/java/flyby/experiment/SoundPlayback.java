package flyby.experiment;

import flyby.base.LabException;
import flyby.driver.SoundDriver.Mode;
import flyby.i8237.layout.I8237Registers;
import flyby.machine.PcCatalogue;
import flyby.params.Catalogue;
import flyby.params.Source;
import flyby.study.RunContext;
import flyby.study.RunResult;
import flyby.wav.WavFile;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// A WAV file is played on a sound card over DMA, from a buffer of two halves, with and without something in its
/// way.
public final class SoundPlayback extends BoardExperiment {
    static final String FIFO = "machine.sound.fifo";
    static final String DISK_BLOCK = "driver.disk-block";
    private static final String FILL_TIME = "driver.fill-time";
    private static final String UNDISTURBED = "undisturbed";
    private static final String DISK_SINGLE = "disk-single";
    private static final String DISK_BURST = "disk-burst";
    private static final String LATE_AUTO = "late-auto";
    private static final String LATE_SINGLE = "late-single";

    /// What Creative's guide gives for command 41h.
    private static final int HERTZ_MIN = 5_000;

    private static final int HERTZ_MAX = 45_000;

    /// More than 10 minutes of the finest sound.
    static final int FILE_BYTES_MAX = 1 << 27;

    private static final Catalogue PARAMETERS = Catalogue.titled("A WAV file on a sound card")
            .choices(
                    "runs",
                    List.of(UNDISTURBED, DISK_SINGLE),
                    List.of(UNDISTURBED, DISK_SINGLE, DISK_BURST, LATE_AUTO, LATE_SINGLE),
                    "What is in its way: nothing; a disk on channel 3 in single or in block mode, which moves"
                            + " driver.disk-block whenever a half of the buffer has been filled; or a driver that takes"
                            + " driver.fill-time longer for each half, with the DSP in auto-initialize or in"
                            + " single-cycle mode.")
            .bytes(
                    FIFO,
                    "16 B",
                    "4 B",
                    "4 KiB",
                    Source.assumed("Creative's guide has a FIFO and not its size"),
                    "The FIFO of each of the card's channels.")
            .bytes(
                    DISK_BLOCK,
                    "4 KiB",
                    "1 B",
                    "16 KiB",
                    Source.assumed("some sectors"),
                    "How much the disk moves at a time.")
            .duration(
                    FILL_TIME,
                    "250 ms",
                    "0 ns",
                    "10 s",
                    Source.assumed("more than half the buffer lasts at 11,025 bytes a second"),
                    "How much longer a late driver takes for each half of its buffer.")
            .include(BoardBuffer.with(PcCatalogue.PARAMETERS))
            .rule(
                    "driver.buffer must be a multiple of 8 B up to 32 KiB: two halves of whole frames, and room for the"
                            + " disk's behind it",
                    settings -> BoardBuffer.bytes(settings) % 8 == 0 && BoardBuffer.bytes(settings) <= 1 << 15,
                    "driver.buffer")
            .build();

    public SoundPlayback() {
        super(
                "sound",
                "A WAV file is played by DMA on a sound card",
                PARAMETERS,
                PcCatalogue.profiles(),
                "The sound card's DSP takes a command at once; there is no mixer, and no recording.",
                "The disk of the other channel has no driver that waits for it, and no seek.");
    }

    @Override
    public RunResult run(String runName, RunContext context) {
        byte[] file = WholeInput.bytes(context.input(), FILE_BYTES_MAX, "what is played is held in memory");
        WavFile wav = WavFile.read(context.input().name(), file);
        refuseWhatCannotBePlayed(
                wav, context, PcCatalogue.movesWords(context.settings()), "machine.profile=pc-at-1984");
        Mode mode = runName.equals(LATE_SINGLE) ? Mode.SINGLE_CYCLE : Mode.AUTO_INITIALIZE;
        boolean isLate = runName.equals(LATE_AUTO) || runName.equals(LATE_SINGLE);
        long latePicos = isLate ? context.settings().picos(FILL_TIME) : 0;
        try (SoundRun run = new SoundRun(runName, context, wav, mode, latePicos, disk(runName))) {
            return run.run();
        }
    }

    private static @Nullable BackgroundDisk disk(String runName) {
        return switch (runName) {
            case DISK_SINGLE -> new BackgroundDisk(I8237Registers.SERVICE_SINGLE);
            case DISK_BURST -> new BackgroundDisk(I8237Registers.SERVICE_BLOCK);
            default -> null;
        };
    }

    /// @param movesWords whether there is a DMA channel for 16 bits
    /// @param remedy the setting that gives one
    static void refuseWhatCannotBePlayed(WavFile wav, RunContext context, boolean movesWords, String remedy) {
        int hertz = wav.format().hertz();
        if (hertz < HERTZ_MIN || hertz > HERTZ_MAX) {
            throw new LabException(
                    LabException.Kind.BAD_FILE,
                    context.input().name(),
                    hertz + " frames a second",
                    HERTZ_MIN + " to " + HERTZ_MAX + ", which the sound card can play");
        }
        if (wav.format().bits() == 16 && !movesWords) {
            throw new LabException(
                    LabException.Kind.BAD_FILE,
                    context.input().name(),
                    "samples of 16 bits",
                    "8 bits, as this PC has no 16-bit DMA channel; or a PC/AT: --set " + remedy);
        }
    }
}
