package flyby.experiment;

import flyby.base.Check;
import flyby.dmac.layout.DmacRegisters;
import flyby.driver.BlockSink;
import flyby.driver.DmaStreamDriver;
import flyby.driver.DmaStreamDriver.CacheCare;
import flyby.driver.PioStreamDriver;
import flyby.machine.BoardCatalogue;
import flyby.machine.ClassicBoard;
import flyby.params.Catalogue;
import flyby.params.Profile;
import flyby.params.Settings;
import flyby.study.Experiment;
import flyby.study.RunContext;
import flyby.study.RunResult;
import java.util.List;

/// A device delivers the input into memory: by programmed I/O, and by DMA in each of its three bus modes, while the
/// CPU does other work.
public final class Delivery implements Experiment {
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
            .include(BoardBuffer.PARAMETERS)
            .rule(
                    "transparent transfers run only while the CPU leaves the bus alone: they need"
                            + " machine.work.internal-clocks of machine.bus.dma-cycle-clocks or more, or no other work",
                    Delivery::transparentFits,
                    "runs",
                    "machine.work.internal-clocks",
                    "machine.bus.dma-cycle-clocks")
            .build();

    public Delivery() {}

    @Override
    public String kind() {
        return "delivery";
    }

    @Override
    public String title() {
        return "A device delivers a file into memory, by programmed I/O and by DMA";
    }

    @Override
    public Catalogue parameters() {
        return PARAMETERS;
    }

    @Override
    public List<Profile> profiles() {
        return BoardCatalogue.profiles();
    }

    @Override
    public List<String> runNames(Settings settings) {
        return settings.choices("runs");
    }

    @Override
    public List<String> notModelled() {
        return BoardRun.NOT_MODELLED;
    }

    @Override
    public RunResult run(String runName, RunContext context) {
        try (BoardRun run = new BoardRun(runName, context)) {
            int bufferBytes = BoardBuffer.bytes(context.settings());
            boolean read = context.settings().choice("driver.process").equals("read");
            Digest arrived = new Digest();
            byte[] block = new byte[bufferBytes];
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
                if (runName.equals(PIO)) {
                    new PioStreamDriver(cpu, ClassicBoard.STREAMER_BASE, ClassicBoard.BUFFER, bufferBytes)
                            .receive(process);
                } else {
                    boolean came = new DmaStreamDriver(
                                    cpu, run.board().wiring(bufferBytes), tenure(runName), CacheCare.RIGHT)
                            .receive(process);
                    Check.that(came, "%s: the controller reported an error", runName);
                }
            });
            return run.result(arrived.text(), run.medium().playedSha256(), List.of());
        }
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
                || internal >= settings.count("machine.bus.dma-cycle-clocks")
                || !settings.choices("runs").contains(TRANSPARENT);
    }
}
