package flyby.bench;

import flyby.machine.BoardKernel;
import flyby.dma.Dma;
import flyby.dma.Attributes;
import flyby.dmac.layout.DmacRegisters;
import flyby.driver.BlockSink;
import flyby.driver.DmaStreamDriver;
import flyby.driver.PioStreamDriver;
import flyby.machine.BoardCatalogue;
import flyby.machine.ClassicBoard;
import flyby.machine.Mainboard;
import flyby.params.Settings;
import flyby.sim.Simulation;
import flyby.trace.HashSink;
import java.lang.management.ManagementFactory;
import java.lang.management.ThreadMXBean;
import java.util.Arrays;
import java.util.Locale;

/// The demo's machine, driver and transfer without its files and digests, with the trace in one of several forms.
///
/// Forms as in [TraceForm]. With another `Trace` class in front on the class path, as `bench/compare trace` has it,
/// `off` has no trace points at all.
///
/// Prints one RESULT line: CPU time of the simulating thread per bus word of 2 bytes, the median of the rounds
/// after the first two.
///
/// Usage: `BoardRun [pio|burst|cycle-stealing|transparent] [form=off] [mebibytes=8] [rounds=9]`.
public final class BoardRun {
    private static final int BUFFER_BYTES = Loop.PERIOD_BYTES;
    private static final int WARM_UP_ROUNDS = 2;

    private final String mode;
    private final String form;
    private final long byteCount;
    private final HashSink hash = new HashSink();
    private long endPicos;

    private BoardRun(String mode, String form, long byteCount) {
        this.mode = mode;
        this.form = form;
        this.byteCount = byteCount;
    }

    public static void main(String[] args) {
        String mode = args.length > 0 ? args[0] : "burst";
        String form = args.length > 1 ? args[1] : "off";
        long byteCount = Long.parseLong(args.length > 2 ? args[2] : "8") << 20;
        int rounds = Integer.parseInt(args.length > 3 ? args[3] : "9");
        ThreadMXBean threads = ManagementFactory.getThreadMXBean();
        double[] nanos = new double[rounds];
        BoardRun run = new BoardRun(mode, form, byteCount);
        for (int i = 0; i < rounds; i++) {
            run = new BoardRun(mode, form, byteCount);
            long start = threads.getCurrentThreadCpuTime();
            run.run();
            nanos[i] = (threads.getCurrentThreadCpuTime() - start) / (byteCount / 2.0);
        }
        double[] warm = Arrays.copyOfRange(nanos, Math.min(WARM_UP_ROUNDS, rounds - 1), rounds);
        Arrays.sort(warm);
        System.out.printf(
                Locale.ROOT,
                "RESULT mode=%s form=%s words=%d simEnd_ps=%d thash=%s ns/word=%.2f%n",
                mode,
                form,
                byteCount / 2,
                run.endPicos,
                form.equals("off") ? "-" : run.hash.text(),
                warm[warm.length / 2]);
    }

    private void run() {
        Simulation simulation = new Simulation(1, TraceForm.trace(form, mode, hash));
        Settings settings = Settings.defaults(BoardCatalogue.PARAMETERS, BoardCatalogue.profiles());
        ClassicBoard board = new ClassicBoard(simulation, BoardCatalogue.board(settings), new Loop(byteCount));
        byte[] arrived = new byte[BUFFER_BYTES];
        byte[] expected = Loop.bytes();
        BlockSink check = (address, count) -> {
            board.mainboard().memory().read(address, arrived, 0, count);
            if (!Arrays.equals(arrived, expected)) {
                throw new AssertionError("other bytes arrived than were sent");
            }
        };
        board.mainboard().cpu().run(cpu -> {
            BoardKernel kernel = new BoardKernel(board.mainboard(), cpu);
            var wiring = board.wiring(kernel, BUFFER_BYTES);
            if (mode.equals("pio")) {
                new PioStreamDriver(kernel.kernel(), wiring.streamer(), wiring.buffer(), BUFFER_BYTES).receive(check);
            } else {
                Dma dma = kernel.dma("dmac", ClassicBoard.ADDRESS_BITS);
                new DmaStreamDriver(kernel.kernel(), dma, wiring, tenure(), Attributes.NONE).receive(check);
            }
            endPicos = cpu.nowPicos();
            simulation.stop();
        });
        simulation.run();
    }

    private int tenure() {
        return switch (mode) {
            case "burst" -> DmacRegisters.TENURE_BURST;
            case "cycle-stealing" -> DmacRegisters.TENURE_CYCLE_STEALING;
            case "transparent" -> DmacRegisters.TENURE_TRANSPARENT;
            default -> throw new IllegalArgumentException("no mode " + mode);
        };
    }
}
