package flyby.experiment;

import flyby.aperture.layout.ApertureRegisters;
import flyby.bus.Cpu;
import flyby.dma.Direction;
import flyby.driver.ApertureDriver;
import flyby.sim.Time;
import flyby.study.Figure;
import flyby.study.Figure.Unit;
import flyby.study.RunContext;
import flyby.study.RunResult;
import java.util.ArrayList;
import java.util.List;

/// One way of moving bytes between a CPU and a device's memory, measured by size. Each size is moved twice, and the
/// second time counts: caches are warm then, as they are in a program that does it all the time.
final class PioDmaRun {
    static final Curves.Plot WRITE_LATENCY = new Curves.Plot(
            "writeLatencyBySize",
            "To the device: time until the last byte is there",
            Curves.size("transfer size"),
            Curves.time("latency"));
    static final Curves.Plot WRITE_CPU = new Curves.Plot(
            "writeCpuBySize", "To the device: CPU time", Curves.size("transfer size"), Curves.time("CPU time"));
    static final Curves.Plot READ_LATENCY = new Curves.Plot(
            "readLatencyBySize",
            "From the device: time until the CPU has loaded the last byte",
            Curves.size("transfer size"),
            Curves.time("latency"));
    static final Curves.Plot READ_CPU = new Curves.Plot(
            "readCpuBySize", "From the device: CPU time", Curves.size("transfer size"), Curves.time("CPU time"));

    /// How often the study looks whether the device is done, when the program does not.
    private static final long LOOK_PICOS = 100 * Time.NANOSECOND;

    private final String name;
    private final ApertureBench bench;
    private final List<Integer> sizes;
    private final Bytes bytes;
    private final Curves curves = new Curves();
    private long latencyPicos;
    private long cpuPicos;

    PioDmaRun(String name, RunContext context, List<Integer> sizes) {
        this.name = name;
        this.sizes = sizes;
        bench = new ApertureBench(name, context);
        bytes = new Bytes(
                context.seed(), 2 * sizes.stream().mapToInt(Integer::intValue).sum());
        bench.run(lab -> {
            long total = 2L * sizes.stream().mapToInt(Integer::intValue).sum();
            Way way = way(lab);
            boolean isRead = name.startsWith("read");
            for (int size : sizes) {
                for (int i = 0; i < 2; i++) {
                    byte[] piece = bytes.next(size);
                    bytes.arrived(isRead ? read(way, piece) : write(lab, way, piece));
                    context.progress().at(bytes.count(), total);
                }
                curves.add(isRead ? READ_LATENCY : WRITE_LATENCY, size, (double) latencyPicos);
                curves.add(isRead ? READ_CPU : WRITE_CPU, size, (double) cpuPicos);
            }
        });
    }

    /// Moves bytes, and sets [#latencyPicos] and [#cpuPicos].
    private interface Way {
        /// @param piece what goes to the device, or has room for what comes from it
        void move(byte[] piece);
    }

    private Way way(ApertureBench.Lab lab) {
        return switch (name) {
            case PioDma.WRITE_WC -> stores(lab, true);
            case PioDma.WRITE_UC -> stores(lab, false);
            case PioDma.WRITE_DMA -> dmaPosted(lab);
            case PioDma.WRITE_DMA_POLL -> dmaTo(lab, false);
            case PioDma.WRITE_DMA_IRQ -> dmaTo(lab, true);
            case PioDma.READ_UC -> loads(lab, false);
            case PioDma.READ_WC -> loads(lab, true);
            case PioDma.READ_DMA_POLL -> dmaFrom(lab, false);
            default -> dmaFrom(lab, true);
        };
    }

    private byte[] write(ApertureBench.Lab lab, Way way, byte[] piece) {
        way.move(piece);
        // A read pushes the posted writes before it (PCI Express, section 2.4.1), so that all have arrived.
        lab.bar().read32(ApertureRegisters.DONE_COUNT);
        return bench.deviceBytes(piece.length);
    }

    private byte[] read(Way way, byte[] piece) {
        bench.putDeviceBytes(piece);
        byte[] into = new byte[piece.length];
        way.move(into);
        return into;
    }

    private Way stores(ApertureBench.Lab lab, boolean isCombining) {
        Cpu cpu = lab.cpu();
        if (isCombining) {
            lab.device().mapWriteCombining(ApertureRegisters.MEMORY);
        }
        return piece -> {
            long begin = cpu.nowPicos();
            long busy = lab.busyPicos();
            cpu.beginTransfer(piece.length);
            cpu.storeBytes(lab.memory(), piece, 0, piece.length);
            cpu.writeBarrier();
            cpu.endTransfer();
            cpuPicos = lab.busyPicos() - busy;
            lab.bar().read32(ApertureRegisters.DONE_COUNT);
            latencyPicos = bench.aperture().writtenPicos() - begin;
        };
    }

    private Way loads(ApertureBench.Lab lab, boolean isStreaming) {
        Cpu cpu = lab.cpu();
        if (isStreaming) {
            lab.device().mapWriteCombining(ApertureRegisters.MEMORY);
        }
        return piece -> {
            long begin = cpu.nowPicos();
            long busy = lab.busyPicos();
            cpu.beginTransfer(piece.length);
            cpu.loadBytes(lab.memory(), piece, 0, piece.length);
            cpu.endTransfer();
            cpuPicos = lab.busyPicos() - busy;
            latencyPicos = cpu.nowPicos() - begin;
        };
    }

    /// The CPU rings the doorbell, does something else, and finds the report when it comes back.
    private Way dmaPosted(ApertureBench.Lab lab) {
        Cpu cpu = lab.cpu();
        ApertureDriver driver = lab.driver(false);
        long buffer = lab.buffer(largest());
        return piece -> {
            cpu.storeBytes(buffer, piece, 0, piece.length);
            long begin = cpu.nowPicos();
            cpu.beginTransfer(piece.length);
            long mapped = lab.device().dma().mapSingle(buffer, piece.length, Direction.TO_DEVICE);
            long number = driver.post(mapped, 0, piece.length, false);
            long posting = cpu.nowPicos() - begin;
            while (bench.aperture().readRegister(0, ApertureRegisters.DONE_COUNT, 4) != number) {
                cpu.delay(LOOK_PICOS);
            }
            cpu.delay(Time.MICROSECOND);
            long back = cpu.nowPicos();
            driver.poll(number);
            lab.device().dma().unmapSingle(mapped, piece.length, Direction.TO_DEVICE);
            cpu.endTransfer();
            cpuPicos = posting + cpu.nowPicos() - back;
            latencyPicos = bench.aperture().writtenPicos() - begin;
        };
    }

    private Way dmaTo(ApertureBench.Lab lab, boolean usesInterrupts) {
        Cpu cpu = lab.cpu();
        ApertureDriver driver = lab.driver(usesInterrupts);
        long buffer = lab.buffer(largest());
        return piece -> {
            cpu.storeBytes(buffer, piece, 0, piece.length);
            long begin = cpu.nowPicos();
            long busy = lab.busyPicos();
            cpu.beginTransfer(piece.length);
            long mapped = lab.device().dma().mapSingle(buffer, piece.length, Direction.TO_DEVICE);
            finish(driver, driver.post(mapped, 0, piece.length, false), usesInterrupts);
            lab.device().dma().unmapSingle(mapped, piece.length, Direction.TO_DEVICE);
            cpu.endTransfer();
            cpuPicos = lab.busyPicos() - busy;
            latencyPicos = bench.aperture().writtenPicos() - begin;
        };
    }

    private Way dmaFrom(ApertureBench.Lab lab, boolean usesInterrupts) {
        Cpu cpu = lab.cpu();
        ApertureDriver driver = lab.driver(usesInterrupts);
        long buffer = lab.buffer(largest());
        return piece -> {
            long begin = cpu.nowPicos();
            long busy = lab.busyPicos();
            cpu.beginTransfer(piece.length);
            long mapped = lab.device().dma().mapSingle(buffer, piece.length, Direction.FROM_DEVICE);
            finish(driver, driver.post(mapped, 0, piece.length, true), usesInterrupts);
            lab.device().dma().unmapSingle(mapped, piece.length, Direction.FROM_DEVICE);
            cpu.loadBytes(buffer, piece, 0, piece.length);
            cpu.endTransfer();
            cpuPicos = lab.busyPicos() - busy;
            latencyPicos = cpu.nowPicos() - begin;
        };
    }

    private static void finish(ApertureDriver driver, long number, boolean usesInterrupts) {
        if (usesInterrupts) {
            driver.await(number);
        } else {
            driver.poll(number);
        }
    }

    private int largest() {
        return sizes.getLast();
    }

    RunResult result() {
        List<Figure> figures = new ArrayList<>();
        figures.add(TracedRun.figure("lastLatencyPs", "latency, largest", latencyPicos, Unit.PICOSECONDS, true));
        figures.add(TracedRun.figure("lastCpuPs", "CPU time, largest", cpuPicos, Unit.PICOSECONDS, true));
        figures.addAll(bench.figures().of(bench.traced(), bytes.count()));
        return bench.traced()
                .result(bytes.count(), bytes.arrivedDigest(), bytes.sentDigest(), List.of(), figures, List.of())
                .withSeries(curves.series());
    }
}
