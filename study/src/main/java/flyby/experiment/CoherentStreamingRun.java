package flyby.experiment;

import static flyby.dma.Direction.FROM_DEVICE;
import static flyby.dma.Direction.TO_DEVICE;

import flyby.base.Check;
import flyby.bus.Cpu;
import flyby.dma.Attributes;
import flyby.dma.CoherentBuffer;
import flyby.dma.Dma;
import flyby.dma.DmaStatistics.Count;
import flyby.driver.CopyEngineDriver;
import flyby.kernel.KernelMemory;
import flyby.machine.KernelSetup;
import flyby.machine.PcieMachine;
import flyby.pci.PciDevice;
import flyby.sim.Time;
import flyby.study.Figure;
import flyby.study.Figure.Unit;
import flyby.study.RunContext;
import flyby.study.RunResult;
import flyby.study.Series;
import flyby.topology.MachineDescription;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;

/// One way of sharing memory with a device, measured by size. Each size is moved twice, and the second time counts.
final class CoherentStreamingRun {
    private static final Series.Axis SIZE = Curves.size("message size");

    static final Curves.Plot CPU = new Curves.Plot("cpuBySize", "CPU time of a message", SIZE, Curves.time("CPU time"));
    static final Curves.Plot TOTAL = new Curves.Plot(
            "timeBySize", "A message from the CPU's first store to its last load", SIZE, Curves.time("time"));
    static final Curves.Plot FILL =
            new Curves.Plot("fillBySize", "The CPU fills the buffer", SIZE, Curves.rate("bytes a second"));
    static final Curves.Plot READ =
            new Curves.Plot("readBySize", "The CPU reads the copy", SIZE, Curves.rate("bytes a second"));
    static final Curves.Plot ACCESS = new Curves.Plot(
            "accessBySize", "The CPU's stores and loads of a message", SIZE, Curves.time("fill and read"));
    static final Curves.Plot HAND_OVER = new Curves.Plot(
            "handOverBySize",
            "Maps, unmaps and syncs of a message",
            SIZE,
            new Series.Axis("time of the calls", Unit.PICOSECONDS, false));

    private final String name;
    private final TracedRun run;
    private final ServerFigures figures;
    private final Bytes bytes;
    private final List<Integer> sizes;
    private final Curves curves = new Curves();
    private final MaintenanceCalls calls = new MaintenanceCalls();
    private boolean isCoherent;

    CoherentStreamingRun(String name, RunContext context, List<Integer> sizes) {
        this.name = name;
        this.sizes = sizes;
        bytes = new Bytes(
                context.seed(), 2 * sizes.stream().mapToInt(Integer::intValue).sum());
        MachineDescription description = context.machine().orElseThrow();
        String engine = EngineCopy.engine(description);
        run = new TracedRun(name, context, TracedRun.SERVER_PATIENCE_PICOS);
        PcieMachine machine = new PcieMachine(run.simulation(), description);
        figures = new ServerFigures(machine);
        run.run(
                machine.cpu()::run,
                cpu -> {
                    KernelSetup setup = new KernelSetup(machine, cpu);
                    PciDevice device = setup.pci(machine.device(engine));
                    CopyEngineDriver driver = new CopyEngineDriver(
                            setup.kernel(),
                            device.dma(),
                            Objects.requireNonNull(device.map(0)),
                            device.vector(0),
                            Attributes.NONE);
                    isCoherent = device.dma().isCoherent();
                    Sharing sharing = sharing(setup, device.dma());
                    run.beginNow();
                    measure(cpu, driver, sharing, context);
                    sharing.end();
                },
                run.hash()::recordCount,
                machine::waiting);
    }

    /// Two buffers that CPU and device share.
    private interface Sharing {
        long filled();

        long copied();

        /// Hands both to the device, and says its addresses.
        long[] toDevice(int byteCount);

        void toCpu(long[] mapped, int byteCount);

        void end();
    }

    private Sharing sharing(KernelSetup setup, Dma dma) {
        return switch (name) {
            case CoherentStreaming.COHERENT -> coherent(dma, Attributes.NONE);
            case CoherentStreaming.COHERENT_WC -> coherent(dma, Attributes.WRITE_COMBINE);
            default -> streaming(setup, dma, name.equals(CoherentStreaming.STREAMING_MAP));
        };
    }

    private int largest() {
        return sizes.getLast();
    }

    private Sharing coherent(Dma dma, long attributes) {
        CoherentBuffer filled = Objects.requireNonNull(dma.allocCoherent(largest(), attributes));
        CoherentBuffer copied = Objects.requireNonNull(dma.allocCoherent(largest()));
        long[] both = {filled.dmaAddress(), copied.dmaAddress()};
        return new Sharing() {
            @Override
            public long filled() {
                return filled.cpuAddress();
            }

            @Override
            public long copied() {
                return copied.cpuAddress();
            }

            @Override
            public long[] toDevice(int byteCount) {
                return both;
            }

            @Override
            public void toCpu(long[] mapped, int byteCount) {
                // The CPU sees it already.
            }

            @Override
            public void end() {
                dma.freeCoherent(largest(), copied.cpuAddress(), copied.dmaAddress());
                dma.freeCoherent(largest(), filled.cpuAddress(), filled.dmaAddress(), attributes);
            }
        };
    }

    private static void check(Dma dma, long[] mapped) {
        for (long each : mapped) {
            Check.that(dma.mappingError(each) == 0, "a map has failed");
        }
    }

    private Sharing streaming(KernelSetup setup, Dma dma, boolean mapsEach) {
        int order = KernelMemory.order(largest());
        KernelMemory memory = setup.kernel().memory();
        long filled = memory.allocatePages(order, KernelMemory.Zone.NORMAL, "filled");
        long copied = memory.allocatePages(order, KernelMemory.Zone.NORMAL, "copied");
        long[] kept = mapsEach
                ? new long[0]
                : new long[] {dma.mapSingle(filled, largest(), TO_DEVICE), dma.mapSingle(copied, largest(), FROM_DEVICE)
                };
        check(dma, kept);
        return new Sharing() {
            @Override
            public long filled() {
                return filled;
            }

            @Override
            public long copied() {
                return copied;
            }

            @Override
            public long[] toDevice(int byteCount) {
                if (mapsEach) {
                    long[] mapped = new long[2];
                    calls.of(
                            dma,
                            "dma_map_single",
                            TO_DEVICE,
                            () -> mapped[0] = dma.mapSingle(filled, byteCount, TO_DEVICE));
                    calls.of(
                            dma,
                            "dma_map_single",
                            FROM_DEVICE,
                            () -> mapped[1] = dma.mapSingle(copied, byteCount, FROM_DEVICE));
                    check(dma, mapped);
                    return mapped;
                }
                String call = "dma_sync_single_for_device";
                calls.of(dma, call, TO_DEVICE, () -> dma.syncSingleForDevice(kept[0], byteCount, TO_DEVICE));
                calls.of(dma, call, FROM_DEVICE, () -> dma.syncSingleForDevice(kept[1], byteCount, FROM_DEVICE));
                return kept;
            }

            @Override
            public void toCpu(long[] mapped, int byteCount) {
                if (mapsEach) {
                    String call = "dma_unmap_single";
                    calls.of(dma, call, TO_DEVICE, () -> dma.unmapSingle(mapped[0], byteCount, TO_DEVICE));
                    calls.of(dma, call, FROM_DEVICE, () -> dma.unmapSingle(mapped[1], byteCount, FROM_DEVICE));
                    return;
                }
                String call = "dma_sync_single_for_cpu";
                calls.of(dma, call, TO_DEVICE, () -> dma.syncSingleForCpu(mapped[0], byteCount, TO_DEVICE));
                calls.of(dma, call, FROM_DEVICE, () -> dma.syncSingleForCpu(mapped[1], byteCount, FROM_DEVICE));
            }

            @Override
            public void end() {
                if (!mapsEach) {
                    dma.unmapSingle(kept[0], largest(), TO_DEVICE);
                    dma.unmapSingle(kept[1], largest(), FROM_DEVICE);
                }
            }
        };
    }

    private void measure(Cpu cpu, CopyEngineDriver driver, Sharing sharing, RunContext context) {
        long total = 2L * sizes.stream().mapToInt(Integer::intValue).sum();
        for (int size : sizes) {
            message(cpu, driver, sharing, size, false);
            message(cpu, driver, sharing, size, true);
            context.progress().at(bytes.count(), total);
        }
    }

    private void message(Cpu cpu, CopyEngineDriver driver, Sharing sharing, int size, boolean counts) {
        byte[] piece = bytes.next(size);
        byte[] seen = new byte[size];
        calls.begin();
        cpu.beginTransfer(size);
        long begin = cpu.nowPicos();
        long busy = run.busyPicos();
        cpu.storeBytes(sharing.filled(), piece, 0, size);
        cpu.writeBarrier();
        long filled = cpu.nowPicos();
        long[] mapped = sharing.toDevice(size);
        long handed = cpu.nowPicos();
        Check.that(driver.move(mapped[0], mapped[1], size) == 0, "the engine reported an error");
        long moved = cpu.nowPicos();
        sharing.toCpu(mapped, size);
        long back = cpu.nowPicos();
        cpu.loadBytes(sharing.copied(), seen, 0, size);
        long end = cpu.nowPicos();
        cpu.endTransfer();
        bytes.arrived(seen);
        if (counts) {
            curves.add(CPU, size, (double) (run.busyPicos() - busy));
            curves.add(TOTAL, size, (double) (end - begin));
            curves.add(FILL, size, rate(size, filled - begin));
            curves.add(READ, size, rate(size, end - back));
            curves.add(ACCESS, size, (double) (filled - begin + end - back));
            curves.add(HAND_OVER, size, (double) (handed - filled + back - moved));
        }
    }

    private static double rate(int byteCount, long picos) {
        return Math.round(byteCount * (Time.SECOND / (double) picos));
    }

    RunResult result() {
        List<Figure> all = new ArrayList<>();
        all.add(TracedRun.figure("cleanCount", "cleans, last message", calls.sum(Count.CLEANS), Unit.COUNT, true));
        all.add(TracedRun.figure(
                "invalidationCount", "invalidations, last message", calls.sum(Count.INVALIDATIONS), Unit.COUNT, true));
        all.addAll(figures.of(run, bytes.count()));
        RunResult result = run.result(
                        bytes.count(), bytes.arrivedDigest(), bytes.sentDigest(), List.of(), all, List.of())
                .withSeries(curves.series());
        return calls.isEmpty() ? result : result.withTables(List.of(calls.table(isCoherent)));
    }
}
