package flyby.experiment;

import flyby.aperture.layout.ApertureRegisters;
import flyby.bus.Cpu;
import flyby.dma.Direction;
import flyby.driver.ApertureDriver;
import flyby.params.Settings;
import flyby.sim.Time;
import flyby.study.Figure;
import flyby.study.Figure.Unit;
import flyby.study.RunContext;
import flyby.study.RunResult;
import flyby.study.Series;
import java.util.ArrayList;
import java.util.List;

/// One way of learning that a device is done. The device writes a line of its memory to the host for each operation.
final class InterruptPollingRun {
    private static final Series.Axis WORK = Curves.time("the device's work on an operation");

    static final Curves.Plot ALONE_LATENCY = new Curves.Plot(
            "aloneLatencyByWork",
            "One operation at a time: from its hand-over until the CPU knows",
            WORK,
            Curves.time("latency"));
    static final Curves.Plot ALONE_CPU = new Curves.Plot(
            "aloneCpuByWork", "One operation at a time: CPU time", WORK, Curves.time("CPU time an operation"));
    static final Curves.Plot DEEP_CPU =
            new Curves.Plot("deepCpuByWork", "Many together: CPU time", WORK, Curves.time("CPU time an operation"));
    static final Curves.Plot DEEP_TIME = new Curves.Plot(
            "deepTimeByWork", "Many together: time until all are seen", WORK, Curves.time("time an operation"));
    static final Curves.Plot INTERRUPTS = new Curves.Plot(
            "interruptsByWork",
            "Many together: interrupts",
            WORK,
            new Series.Axis("interrupts an operation", Unit.COUNT, false));

    private static final int LINE = 64;
    private static final int ALONE = 4;

    private final String name;
    private final RunContext context;
    private final ApertureBench bench;
    private final int depth;
    private final List<Long> works = new ArrayList<>();
    private final Bytes bytes;
    private final Curves curves = new Curves();
    private long interrupts;
    private long operations;

    InterruptPollingRun(String name, RunContext context) {
        this.name = name;
        this.context = context;
        Settings settings = context.settings();
        depth = Math.toIntExact(settings.count(InterruptPolling.DEPTH));
        for (long work = settings.picos(InterruptPolling.SHORTEST);
                work <= settings.picos(InterruptPolling.LONGEST);
                work *= 2) {
            works.add(work);
        }
        bytes = new Bytes(context.seed(), works.size() * (ALONE + 2 * depth) * LINE);
        bench = new ApertureBench(name, context);
        bench.run(this::measure);
    }

    private void measure(ApertureBench.Lab lab) {
        ApertureDriver driver = lab.driver(!name.equals(InterruptPolling.POLL));
        if (name.equals(InterruptPolling.COALESCE)) {
            driver.coalesce(
                    Math.toIntExact(context.settings().count(InterruptPolling.COUNT)),
                    context.settings().picos(InterruptPolling.PATIENCE) / Time.NANOSECOND);
        }
        int bufferBytes = Math.max(depth, 1) * LINE;
        long buffer = lab.buffer(bufferBytes);
        long mapped = lab.device().dma().mapSingle(buffer, bufferBytes, Direction.FROM_DEVICE);
        for (int i = 0; i < works.size(); i++) {
            long work = works.get(i);
            driver.work(work / Time.NANOSECOND);
            alone(lab, driver, work, buffer, mapped);
            together(lab, driver, work, buffer, mapped);
            context.progress().at(i + 1, works.size());
        }
        interrupts = driver.interruptCount();
    }

    /// The first is for the caches; of the others the mean counts.
    private void alone(ApertureBench.Lab lab, ApertureDriver driver, long work, long buffer, long mapped) {
        Cpu cpu = lab.cpu();
        long latency = 0;
        long busy = 0;
        for (int i = 0; i < ALONE; i++) {
            byte[] line = bytes.next(LINE);
            bench.putDeviceBytes(line);
            long begin = cpu.nowPicos();
            long busyBefore = lab.busyPicos();
            cpu.beginTransfer(LINE);
            finish(driver, driver.post(mapped, 0, LINE, true));
            cpu.endTransfer();
            latency += i == 0 ? 0 : cpu.nowPicos() - begin;
            busy += i == 0 ? 0 : lab.busyPicos() - busyBefore;
            look(lab, buffer, mapped, LINE);
        }
        operations += ALONE;
        curves.add(ALONE_LATENCY, (double) work, latency / (double) (ALONE - 1));
        curves.add(ALONE_CPU, (double) work, busy / (double) (ALONE - 1));
    }

    private void together(ApertureBench.Lab lab, ApertureDriver driver, long work, long buffer, long mapped) {
        Cpu cpu = lab.cpu();
        long took = 0;
        long busy = 0;
        long interruptsBefore = 0;
        for (int pass = 0; pass < 2; pass++) {
            byte[] lines = bytes.next(depth * LINE);
            bench.putDeviceBytes(lines);
            interruptsBefore = driver.interruptCount();
            long begin = cpu.nowPicos();
            long busyBefore = lab.busyPicos();
            cpu.beginTransfer(lines.length);
            long first = 0;
            for (int i = 0; i < depth; i++) {
                long number = driver.post(mapped + (long) i * LINE, i * LINE, LINE, true);
                first = i == 0 ? number : first;
            }
            // The driver hands each operation on as soon as it knows of it.
            for (int i = 0; i < depth; i++) {
                finish(driver, first + i);
            }
            cpu.endTransfer();
            took = cpu.nowPicos() - begin;
            busy = lab.busyPicos() - busyBefore;
            look(lab, buffer, mapped, lines.length);
        }
        operations += 2L * depth;
        curves.add(DEEP_TIME, (double) work, took / (double) depth);
        curves.add(DEEP_CPU, (double) work, busy / (double) depth);
        curves.add(INTERRUPTS, (double) work, (driver.interruptCount() - interruptsBefore) / (double) depth);
    }

    private void finish(ApertureDriver driver, long number) {
        if (name.equals(InterruptPolling.POLL)) {
            driver.poll(number);
        } else {
            driver.await(number);
        }
    }

    private void look(ApertureBench.Lab lab, long buffer, long mapped, int byteCount) {
        byte[] seen = new byte[byteCount];
        lab.device().dma().syncSingleForCpu(mapped, byteCount, Direction.FROM_DEVICE);
        lab.cpu().loadBytes(buffer, seen, 0, byteCount);
        lab.device().dma().syncSingleForDevice(mapped, byteCount, Direction.FROM_DEVICE);
        bytes.arrived(seen);
        // The interrupt of what polling has seen, and the write that takes it back, are over before the next begins.
        lab.bar().read32(ApertureRegisters.STATUS);
    }

    RunResult result() {
        List<Figure> figures = new ArrayList<>();
        figures.add(TracedRun.figure("operationCount", "operations", operations, Unit.COUNT, true));
        figures.add(TracedRun.figure("interruptCount", "interrupts", interrupts, Unit.COUNT, true));
        figures.addAll(bench.figures().of(bench.traced(), bytes.count()));
        return bench.traced()
                .result(bytes.count(), bytes.arrivedDigest(), bytes.sentDigest(), List.of(), figures, List.of())
                .withSeries(curves.series());
    }
}
