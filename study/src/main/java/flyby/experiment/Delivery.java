package flyby.experiment;

import flyby.base.Check;
import flyby.bus.Cpu;
import flyby.dma.Attributes;
import flyby.dma.Dma;
import flyby.dmac.layout.DmacRegisters;
import flyby.driver.BlockSink;
import flyby.driver.DmaStreamDriver;
import flyby.driver.IsaStreamDriver;
import flyby.driver.PioStreamDriver;
import flyby.i8237.layout.I8237Registers;
import flyby.machine.BoardCatalogue;
import flyby.machine.BoardKernel;
import flyby.machine.ClassicBoard;
import flyby.machine.IsaBoard;
import flyby.machine.IsaPc;
import flyby.machine.Machine;
import flyby.machine.Mainboard;
import flyby.machine.PcCatalogue;
import flyby.params.Catalogue;
import flyby.params.Settings;
import flyby.study.RunContext;
import flyby.study.RunResult;
import java.util.List;
import java.util.function.BiConsumer;

/// A device delivers the input into memory: by programmed I/O, and by DMA in each of its three bus modes, while the
/// CPU does other work.
///
/// On a PC the bus modes are those of the 8237A: a burst is its block mode, cycle stealing its single mode. For
/// transparent transfers HRQ has to pass a gate that opens when the CPU leaves the bus unused; no PC has one.
public final class Delivery extends BoardExperiment {
    private static final String PIO = "pio";
    private static final String BURST = "burst";
    private static final String CYCLE_STEALING = "cycle-stealing";
    private static final String TRANSPARENT = "transparent";
    private static final List<String> RUNS = List.of(PIO, BURST, CYCLE_STEALING, TRANSPARENT);

    private static final Catalogue PARAMETERS = Catalogue.titled("A device delivers a file into memory")
            .choices("runs", RUNS, RUNS, "Which ways to compare.")
            .choice(
                    "driver.process",
                    "hand-over",
                    List.of("hand-over", "read"),
                    "What happens to a full buffer: it is handed over as it is, or the CPU reads every word of it.")
            .include(BoardBuffer.with(PcCatalogue.PARAMETERS_OF_ANY))
            .rule(
                    "transparent transfers run only while the CPU leaves the bus alone: they need"
                            + " machine.work.internal-clocks of machine.bus.dma-cycle-clocks or more (on a PC, of (6 +"
                            + " machine.dma.wait-states) * machine.dma.clock-divider, on a pc-at 2 clocks more), or"
                            + " no other work",
                    Delivery::transparentFits,
                    "runs",
                    "machine.work.internal-clocks",
                    "machine.bus.dma-cycle-clocks")
            .rule(
                    "an 8237A in block mode does not wait for its device: a burst on a PC needs a"
                            + " machine.device.byte-time that the transfers leave it",
                    Delivery::blockFits,
                    "runs",
                    "machine.device.byte-time",
                    "machine.dma.controller")
            .rule(
                    "driver.buffer must be even where machine.dma.channel moves words",
                    Delivery::wordsFit,
                    "driver.buffer",
                    "machine.dma.channel")
            .build();

    public Delivery() {
        super(
                "delivery",
                "A device delivers a file into memory, by programmed I/O and by DMA",
                PARAMETERS,
                PcCatalogue.profilesOfAny(),
                "No PC has the gate that keeps HRQ from the CPU in transparent mode: it is there to compare.",
                "A PC's interrupt controller and the other counters of its timer are left out; so is what memory"
                        + " forgets when a burst keeps refresh from it.");
    }

    @Override
    public RunResult run(String runName, RunContext context) {
        return PcCatalogue.isPc(context.settings()) ? onPc(runName, context) : onBoard(runName, context);
    }

    private static RunResult onBoard(String runName, RunContext context) {
        int bufferBytes = BoardBuffer.bytes(context.settings());
        var parameters = BoardCatalogue.board(context.settings());
        try (BoardRun<ClassicBoard> run = new BoardRun<>(
                runName, context, (simulation, medium) -> new ClassicBoard(simulation, parameters, medium))) {
            return deliver(run, context, (cpu, sink) -> {
                BoardKernel kernel = new BoardKernel(run.board(), cpu, bufferBytes);
                var wiring = run.machine().wiring(kernel, bufferBytes);
                if (runName.equals(PIO)) {
                    new PioStreamDriver(kernel.kernel(), wiring.streamer(), Mainboard.BUFFER, bufferBytes)
                            .receive(sink);
                } else {
                    Dma dma = kernel.dma("dmac", ClassicBoard.ADDRESS_BITS);
                    boolean came = new DmaStreamDriver(kernel.kernel(), dma, wiring, tenure(runName), Attributes.NONE)
                            .receive(sink);
                    Check.that(came, "%s: the controller reported an error", runName);
                }
            });
        }
    }

    private static RunResult onPc(String runName, RunContext context) {
        Settings settings = context.settings();
        int bufferBytes = BoardBuffer.bytes(settings);
        var parameters = PcCatalogue.pc(settings, runName.equals(TRANSPARENT));
        try (BoardRun<IsaPc> run = new BoardRun<>(runName, context, (simulation, medium) -> {
            IsaPc pc = new IsaPc(simulation, parameters);
            PcCatalogue.plugStreamer(pc, settings, medium);
            return pc;
        })) {
            return deliver(run, context, (cpu, sink) -> {
                run.machine().isa().boot(cpu);
                BoardKernel kernel = new BoardKernel(run.board(), cpu, bufferBytes);
                var wiring = IsaBoard.streamerWiring(
                        kernel.kernel(),
                        PcCatalogue.channel(settings),
                        run.board().buffer(bufferBytes),
                        bufferBytes);
                if (runName.equals(PIO)) {
                    new PioStreamDriver(kernel.kernel(), wiring.streamer(), wiring.buffer(), bufferBytes).receive(sink);
                } else {
                    int service = runName.equals(BURST) ? I8237Registers.SERVICE_BLOCK : I8237Registers.SERVICE_SINGLE;
                    Dma dma = kernel.dma("8237A", IsaBoard.ADDRESS_BITS);
                    int error = new IsaStreamDriver(kernel.kernel(), dma, wiring, service).receive(sink);
                    Check.that(error == 0, "%s: the driver returned %d", runName, error);
                }
            });
        }
    }

    /// Runs `driver` on the machine of `run` and sees what it receives.
    private static <M extends Machine> RunResult deliver(
            BoardRun<M> run, RunContext context, BiConsumer<Cpu, BlockSink> driver) {
        boolean read = context.settings().choice("driver.process").equals("read");
        Digest arrived = new Digest();
        byte[] block = new byte[BoardBuffer.bytes(context.settings())];
        run.run(cpu -> {
            // Handing over costs nothing; the digest is the simulator's, not the machine's.
            BlockSink process = (address, byteCount) -> {
                if (read) {
                    cpu.loadBytes(address, block, 0, byteCount);
                } else {
                    run.asCpuSees(address, block, byteCount);
                }
                arrived.add(block, 0, byteCount);
            };
            driver.accept(cpu, process);
        });
        return run.result(arrived.text(), run.medium().playedSha256(), List.of());
    }

    private static int tenure(String runName) {
        return switch (runName) {
            case BURST -> DmacRegisters.TENURE_BURST;
            case CYCLE_STEALING -> DmacRegisters.TENURE_CYCLE_STEALING;
            default -> DmacRegisters.TENURE_TRANSPARENT;
        };
    }

    private static boolean transparentFits(Settings settings) {
        long internal = settings.count("machine.work.internal-clocks");
        boolean idle = internal == 0 && settings.count("machine.work.bus-cycles") == 0;
        return idle
                || internal >= hiddenClocks(settings)
                || !settings.choices("runs").contains(TRANSPARENT);
    }

    private static long hiddenClocks(Settings settings) {
        return PcCatalogue.isPc(settings)
                ? PcCatalogue.hiddenClocks(settings)
                : settings.count("machine.bus.dma-cycle-clocks");
    }

    private static boolean blockFits(Settings settings) {
        return !PcCatalogue.isPc(settings)
                || !settings.choices("runs").contains(BURST)
                || settings.picos("machine.device.byte-time") <= PcCatalogue.leastBytePicos(settings);
    }

    private static boolean wordsFit(Settings settings) {
        return !PcCatalogue.isPc(settings) || PcCatalogue.channel(settings) < 4 || BoardBuffer.bytes(settings) % 2 == 0;
    }
}
