package flyby.bench;

import static flyby.i8237.layout.I8237Registers.SERVICE_BLOCK;
import static flyby.i8237.layout.I8237Registers.SERVICE_SINGLE;

import flyby.machine.IsaBoard;
import flyby.machine.BoardKernel;
import flyby.dma.Dma;
import flyby.driver.IsaStreamDriver;
import flyby.machine.IsaPc;
import flyby.machine.Mainboard;
import flyby.machine.PcCatalogue;
import flyby.params.Given;
import flyby.params.Settings;
import flyby.sim.Simulation;
import flyby.trace.HashSink;
import java.lang.management.ManagementFactory;
import java.lang.management.ThreadMXBean;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;

/// The demo's transfer on a PC/XT: how many clocks of its 8237A are simulated in a second of CPU time.
///
/// Forms as in [TraceForm]; `vcd` has every pin traced. Prints one RESULT line, the median of the rounds after the
/// first two.
///
/// Usage: `PcRun [block|single] [form=off] [refresh=true] [mebibytes=4] [rounds=9]`.
public final class PcRun {
    private static final int BUFFER_BYTES = Loop.PERIOD_BYTES;
    private static final int WARM_UP_ROUNDS = 2;

    private PcRun() {}

    public static void main(String[] args) {
        String mode = args.length > 0 ? args[0] : "block";
        String form = args.length > 1 ? args[1] : "off";
        String refresh = args.length > 2 ? args[2] : "true";
        long byteCount = Long.parseLong(args.length > 3 ? args[3] : "4") << 20;
        int rounds = Integer.parseInt(args.length > 4 ? args[4] : "9");
        Settings settings = Settings.resolve(
                PcCatalogue.PARAMETERS,
                PcCatalogue.profiles(),
                List.of(),
                Given.fromCommandLine(List.of("machine.refresh.on=" + refresh)));
        ThreadMXBean threads = ManagementFactory.getThreadMXBean();
        double[] seconds = new double[rounds];
        long clocks = 0;
        for (int i = 0; i < rounds; i++) {
            long start = threads.getCurrentThreadCpuTime();
            long endPicos = run(settings, mode, form, byteCount);
            seconds[i] = (threads.getCurrentThreadCpuTime() - start) / 1e9;
            clocks = endPicos / settings.periodPicos("machine.clock");
        }
        double[] warm = Arrays.copyOfRange(seconds, Math.min(WARM_UP_ROUNDS, rounds - 1), rounds);
        Arrays.sort(warm);
        double median = warm[warm.length / 2];
        System.out.printf(
                Locale.ROOT,
                "RESULT mode=%s form=%s refresh=%s bytes=%d clocks=%d Mclocks/s=%.1f ns/byte=%.1f%n",
                mode,
                form,
                refresh,
                byteCount,
                clocks,
                clocks / median / 1e6,
                median * 1e9 / byteCount);
    }

    private static long run(Settings settings, String mode, String form, long byteCount) {
        Simulation simulation = new Simulation(1, TraceForm.trace(form, mode, new HashSink()));
        IsaPc pc = new IsaPc(simulation, PcCatalogue.pc(settings, false));
        PcCatalogue.plugStreamer(pc, settings, new Loop(byteCount));
        byte[] arrived = new byte[BUFFER_BYTES];
        byte[] expected = Loop.bytes();
        int service = mode.equals("block") ? SERVICE_BLOCK : SERVICE_SINGLE;
        long[] end = new long[1];
        pc.mainboard().cpu().run(cpu -> {
            pc.isa().boot(cpu);
            BoardKernel kernel = new BoardKernel(pc.mainboard(), cpu);
            Dma dma = kernel.dma("8237A", IsaBoard.ADDRESS_BITS);
            IsaStreamDriver.Wiring wiring = IsaBoard.streamerWiring(
                    kernel.kernel(), PcCatalogue.channel(settings), Mainboard.BUFFER, BUFFER_BYTES);
            new IsaStreamDriver(kernel.kernel(), dma, wiring, service).receive((address, count) -> {
                pc.mainboard().memory().read(address, arrived, 0, count);
                if (!Arrays.equals(arrived, expected)) {
                    throw new AssertionError("other bytes arrived than were sent");
                }
            });
            end[0] = cpu.nowPicos();
            simulation.stop();
        });
        simulation.run();
        return end[0];
    }
}
