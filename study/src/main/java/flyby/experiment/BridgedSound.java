package flyby.experiment;

import flyby.base.Check;
import flyby.bus.Cpu;
import flyby.dma.Dma;
import flyby.driver.SoundDriver;
import flyby.driver.SoundDriver.Format;
import flyby.kernel.Kernel;
import flyby.machine.BoardKernel;
import flyby.machine.IsaBoard;
import flyby.machine.IsaPc;
import flyby.machine.KernelSetup;
import flyby.machine.Mainboard;
import flyby.machine.PcCards;
import flyby.machine.PcCatalogue;
import flyby.machine.PcieMachine;
import flyby.params.Catalogue;
import flyby.params.Settings;
import flyby.params.Source;
import flyby.study.Figure;
import flyby.study.Figure.Unit;
import flyby.study.Finding;
import flyby.study.RunContext;
import flyby.study.RunResult;
import flyby.topology.CardKind;
import flyby.topology.IsaCatalogue;
import flyby.topology.MachineDescription;
import flyby.wav.WavFile;
import java.util.ArrayList;
import java.util.List;

/// A WAV file is played by one sound card and one driver in a PC, and in a machine with PCI Express that has the
/// bus of that PC behind a bridge.
public final class BridgedSound extends MachineExperiment {
    private static final String PC = "pc";
    private static final String BRIDGE = "bridge";
    private static final List<String> RUNS = List.of(PC, BRIDGE);
    private static final String BUFFER = "driver.buffer";

    private static final Catalogue PARAMETERS = Catalogue.titled("A sound card in two machines")
            .choices("runs", RUNS, RUNS, "Where the card is: in a PC, or behind a bridge to the same bus.")
            .bytes(
                    BUFFER,
                    "4 KiB",
                    "8 B",
                    "32 KiB",
                    Source.assumed("a fifth of a second of speech in each half"),
                    "The driver's buffer, of two halves of whole frames.")
            .rule(
                    "driver.buffer must be a multiple of 8 B: two halves of whole frames",
                    settings -> settings.bytes(BUFFER) % 8 == 0,
                    BUFFER)
            .build();

    public BridgedSound() {
        super(
                "bridged-sound",
                "One sound card and one driver, in a PC and behind a bridge to an ISA bus",
                PARAMETERS,
                "desktop-isa",
                "The bridge is beside the root complex: what lies between chip set and LPC takes no time.",
                "Accesses of ISA masters do not go through the IOMMU.",
                "The sound card's DSP takes a command at once; there is no mixer, and no recording.");
    }

    @Override
    public RunResult run(String runName, RunContext context) {
        byte[] file =
                WholeInput.bytes(context.input(), SoundPlayback.FILE_BYTES_MAX, "what is played is held in memory");
        WavFile wav = WavFile.read(context.input().name(), file);
        MachineDescription description = context.machine().orElseThrow();
        String path = "machine." + description.isaBridge().path() + ".bus";
        Settings bus =
                PcCatalogue.settings(IsaCatalogue.bus(description.isaBridge().settings()));
        SoundPlayback.refuseWhatCannotBePlayed(wav, context, PcCatalogue.movesWords(bus), path + "=pc-at-1984");
        TracedRun run = new TracedRun(runName, context, TracedRun.BOARD_PATIENCE_PICOS);
        SoundRecorder ears =
                new SoundRecorder(run.simulation()::nowPicos, wav.format().hertz());
        int[] lateBlocks = new int[1];
        if (runName.equals(PC)) {
            IsaPc pc = new IsaPc(run.simulation(), PcCatalogue.pc(bus, false));
            int fifoBytes = Math.toIntExact(description.card(CardKind.SOUND).bytes("sound.fifo"));
            PcCards.plugSound(pc.isa(), ears, fifoBytes);
            run.run(
                    pc.mainboard().cpu()::run,
                    cpu -> {
                        BoardKernel kernel = new BoardKernel(pc.mainboard(), cpu);
                        Dma dma = kernel.dma("sound", IsaBoard.ADDRESS_BITS);
                        lateBlocks[0] = play(kernel.kernel(), dma, pc.isa(), wav, context);
                    },
                    ears::byteCount,
                    run.simulation()::waiting);
        } else {
            PcieMachine machine = new PcieMachine(run.simulation(), description);
            machine.plugSound(ears);
            run.run(
                    machine.cpu()::run,
                    cpu -> {
                        KernelSetup setup = new KernelSetup(machine, cpu);
                        Dma dma = setup.isaDma("sound");
                        lateBlocks[0] = play(setup.kernel(), dma, machine.isa(), wav, context);
                    },
                    ears::byteCount,
                    machine::waiting);
        }
        return result(run, wav, ears, lateBlocks[0]);
    }

    /// Plays all of `wav`.
    ///
    /// @return the blocks that the driver was late with
    private static int play(Kernel kernel, Dma dma, IsaBoard isa, WavFile wav, RunContext context) {
        Cpu cpu = kernel.cpu();
        isa.boot(cpu);
        int bufferBytes = Math.toIntExact(context.settings().bytes(BUFFER));
        kernel.memory().reserve(Mainboard.BUFFER, bufferBytes, "buffer");
        var wiring = PcCards.soundWiring(wav.format().bits() == 16, Mainboard.BUFFER, bufferBytes);
        SoundDriver driver = new SoundDriver(kernel, dma, wiring, SoundDriver.Mode.AUTO_INITIALIZE, true);
        Check.that(driver.start(), "the sound card does not answer");
        byte[] samples = wav.samples();
        int[] filled = new int[1];
        Format format = new Format(wav.format().hertz(), wav.format().channels() == 2);
        return driver.play(format, samples.length, (address, byteCount) -> {
            cpu.storeBytes(address, samples, filled[0], byteCount);
            filled[0] += byteCount;
            context.progress().at(filled[0], samples.length);
        });
    }

    private static RunResult result(TracedRun run, WavFile wav, SoundRecorder heard, int lateBlocks) {
        List<Finding> findings = new ArrayList<>();
        if (heard.gapCount() > 0) {
            findings.add(SoundRun.gaps(heard));
        }
        if (lateBlocks > 0) {
            findings.add(SoundRun.late(lateBlocks));
        }
        byte[] played = heard.samples();
        long frames = played.length / wav.format().frameBytes();
        List<Figure> figures = List.of(
                run.throughput(played.length),
                TracedRun.figure("playedFrames", "frames played", frames, Unit.COUNT, true),
                TracedRun.figure("gapCount", "gaps", heard.gapCount(), Unit.COUNT, true));
        return run.result(
                played.length,
                Digest.of(SoundRun.file(wav, played)),
                Digest.of(wav.bytes()),
                findings,
                figures,
                List.of());
    }
}
