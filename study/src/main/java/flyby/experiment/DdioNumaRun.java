package flyby.experiment;

import flyby.bus.Cpu;
import flyby.dma.Direction;
import flyby.driver.ApertureDriver;
import flyby.sim.Time;
import flyby.study.Figure;
import flyby.study.RunContext;
import flyby.study.RunResult;
import flyby.study.Series;
import flyby.topology.MachineDescription;
import java.util.ArrayList;
import java.util.List;

/// One combination of caching and place, measured by the size of the window.
final class DdioNumaRun {
    private static final Series.Axis WINDOW = Curves.size("window");

    static final Curves.Plot CPU_LOAD = new Curves.Plot(
            "cpuLoadByWindow",
            "The device has written the window: a load of the CPU",
            WINDOW,
            new Series.Axis("mean latency of a load", Figure.Unit.PICOSECONDS, false));
    static final Curves.Plot CPU_READ = new Curves.Plot(
            "cpuReadByWindow",
            "The device has written the window: the CPU reads all of it",
            WINDOW,
            Curves.rate("bytes a second"));
    static final Curves.Plot DEVICE_WRITE = new Curves.Plot(
            "deviceWriteByWindow", "The device writes the window", WINDOW, Curves.rate("bytes a second"));
    static final Curves.Plot DEVICE_LATENCY = new Curves.Plot(
            "deviceLatencyByWindow",
            "The CPU has written the window: doorbell, descriptor and 64 B to the device",
            WINDOW,
            new Series.Axis("mean latency", Figure.Unit.PICOSECONDS, false));
    static final Curves.Plot DEVICE_READ = new Curves.Plot(
            "deviceReadByWindow",
            "The CPU has written the window: the device reads all of it",
            WINDOW,
            Curves.rate("bytes a second"));

    private static final int LINE = 64;
    private static final int LOADS = 512;
    private static final int READS = 64;
    private static final int STEP = 797;

    private final boolean isCached;
    private final ApertureBench bench;
    private final List<Integer> windows;
    private final Bytes bytes;
    private final Curves curves = new Curves();
    private long cpuLoadPicos;

    DdioNumaRun(String name, RunContext context, List<Integer> windows) {
        this.windows = windows;
        isCached = name.startsWith("ddio");
        MachineDescription given = context.machine().orElseThrow();
        MachineDescription machine = isCached ? given : ApertureBench.with(given, "ddio.ways", "0");
        bench = new ApertureBench(name, context, machine, name.endsWith("remote") ? 1 : 0);
        int total = windows.stream().mapToInt(window -> 2 * piece(window)).sum();
        bytes = new Bytes(context.seed(), total);
        bench.run(lab -> measure(lab, context));
    }

    private static int piece(int window) {
        return Math.min(window, DdioNuma.pieceBytes());
    }

    private void measure(ApertureBench.Lab lab, RunContext context) {
        ApertureDriver driver = lab.driver(false);
        for (int i = 0; i < windows.size(); i++) {
            int window = windows.get(i);
            long buffer = lab.buffer(window);
            byDevice(lab, driver, buffer, window);
            byCpu(lab, driver, buffer, window);
            context.progress().at(i + 1, windows.size());
        }
    }

    /// The device writes, and the CPU reads.
    private void byDevice(ApertureBench.Lab lab, ApertureDriver driver, long buffer, int window) {
        Cpu cpu = lab.cpu();
        long mapped = lab.device().dma().mapSingle(buffer, window, Direction.FROM_DEVICE);
        byte[] piece = bytes.next(piece(window));
        bench.putDeviceBytes(piece);
        move(driver, mapped, window, true);
        long begin = cpu.nowPicos();
        int lines = window / LINE;
        int loads = Math.min(LOADS, lines);
        for (int i = 0; i < loads; i++) {
            // An odd step through a power of two: no line comes twice.
            cpu.load64(buffer + LINE * ((long) i * STEP % lines));
        }
        cpuLoadPicos = (cpu.nowPicos() - begin) / loads;
        curves.add(CPU_LOAD, window, (double) cpuLoadPicos);
        begin = cpu.nowPicos();
        move(driver, mapped, window, true);
        curves.add(DEVICE_WRITE, window, rate(window, cpu.nowPicos() - begin));
        byte[] seen = new byte[window];
        begin = cpu.nowPicos();
        cpu.loadBytes(buffer, seen, 0, window);
        curves.add(CPU_READ, window, rate(window, cpu.nowPicos() - begin));
        lab.device().dma().unmapSingle(mapped, window, Direction.FROM_DEVICE);
        byte[] last = new byte[piece.length];
        System.arraycopy(seen, window - piece.length, last, 0, piece.length);
        bytes.arrived(last);
    }

    /// The CPU writes, and the device reads.
    private void byCpu(ApertureBench.Lab lab, ApertureDriver driver, long buffer, int window) {
        Cpu cpu = lab.cpu();
        byte[] piece = bytes.next(piece(window));
        for (int done = 0; done < window; done += piece.length) {
            cpu.storeBytes(buffer + done, piece, 0, piece.length);
        }
        if (!isCached) {
            cpu.cleanAndInvalidateCache(buffer, window);
        }
        long mapped = lab.device().dma().mapSingle(buffer, window, Direction.TO_DEVICE);
        long latency = 0;
        for (int i = 0; i < READS; i++) {
            // Each line once: a read leaves none in the cache, but the store of a descriptor may evict one.
            long at = (long) window / READS * i / LINE * LINE;
            long begin = cpu.nowPicos();
            driver.poll(driver.post(mapped + at, 0, LINE, false));
            latency += bench.aperture().writtenPicos() - begin;
        }
        curves.add(DEVICE_LATENCY, window, latency / (double) READS);
        long begin = cpu.nowPicos();
        move(driver, mapped, window, false);
        curves.add(DEVICE_READ, window, rate(window, cpu.nowPicos() - begin));
        lab.device().dma().unmapSingle(mapped, window, Direction.TO_DEVICE);
        bytes.arrived(bench.deviceBytes(piece.length));
    }

    private static void move(ApertureDriver driver, long mapped, int window, boolean isToHost) {
        long number = 0;
        int piece = piece(window);
        for (int done = 0; done < window; done += piece) {
            number = driver.post(mapped + done, 0, piece, isToHost);
        }
        driver.poll(number);
    }

    private static double rate(int byteCount, long picos) {
        return Math.round(byteCount * (Time.SECOND / (double) picos));
    }

    RunResult result() {
        List<Figure> figures = new ArrayList<>();
        figures.add(
                TracedRun.figure("lastCpuLoadPs", "load, largest window", cpuLoadPicos, Figure.Unit.PICOSECONDS, true));
        figures.addAll(bench.figures().of(bench.traced(), bytes.count()));
        return bench.traced()
                .result(bytes.count(), bytes.arrivedDigest(), bytes.sentDigest(), List.of(), figures, List.of())
                .withSeries(curves.series());
    }
}
