package flyby.experiment;

import flyby.base.Check;
import flyby.base.LabException;
import flyby.bus.Cpu;
import flyby.machine.Machine;
import flyby.machine.Mainboard;
import flyby.sim.Event;
import flyby.sim.Simulation;
import flyby.sim.Time;
import flyby.stream.Medium;
import flyby.study.Figure;
import flyby.study.Figure.Unit;
import flyby.study.Finding;
import flyby.study.RunContext;
import flyby.study.RunResult;
import flyby.trace.HashSink;
import flyby.trace.Ledger;
import flyby.trace.Trace;
import flyby.trace.TraceSink;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.BiFunction;
import java.util.function.Consumer;

/// One run on a machine with a mainboard: the machine, the program on its CPU, and the figures that every such run
/// has.
final class BoardRun<M extends Machine> implements AutoCloseable {
    /// What a reader of these runs could expect and the board leaves out.
    static final List<String> NOT_MODELLED = List.of(
            "One CPU, in order, one access at a time: no store buffer, no prefetch, no instruction cache.",
            "Instructions cost what a few parameters say; their fetches are part of that, not bus cycles.",
            "The CPU's other work is a pattern of bus cycles and internal clocks, not a program.",
            "Memory answers in a fixed number of clocks: no banks, and refresh only where the board has it.");

    /// If nothing happens for that long, nothing ever will: a byte of the slowest medium takes 10 ms.
    private static final long PATIENCE_PICOS = 60 * Time.SECOND;

    private final String name;
    private final RunContext context;
    private final HashSink hash = new HashSink();
    private final Ledger ledger = new Ledger();
    private final InputMedium medium;
    private final Simulation simulation;
    private final M machine;
    private final Mainboard board;
    private final Event watchdog;
    private long lastSteps = -1;
    private long endPicos = -1;

    /// @param maker makes the machine, whose streamer plays and records the medium
    BoardRun(String name, RunContext context, BiFunction<Simulation, Medium, M> maker) {
        this.name = name;
        this.context = context;
        List<TraceSink> sinks = new ArrayList<>(List.of(hash, ledger));
        sinks.addAll(context.sinks());
        medium = new InputMedium(context.input(), context.progress());
        simulation = new Simulation(context.seed(), Trace.to(sinks));
        machine = maker.apply(simulation, medium);
        board = machine.mainboard();
        watchdog = simulation.event("watchdog", this::watch);
    }

    M machine() {
        return machine;
    }

    Mainboard board() {
        return board;
    }

    InputMedium medium() {
        return medium;
    }

    /// Puts `byteCount` bytes at `address` as a load by the CPU would see them now into `into`. Takes no time.
    void asCpuSees(long address, byte[] into, int byteCount) {
        board.memory().read(address, into, 0, byteCount);
        var cache = board.cache();
        if (cache != null) {
            for (int i = 0; i < byteCount; i++) {
                if (cache.holds(address + i)) {
                    into[i] = cache.peek(address + i);
                }
            }
        }
    }

    /// Runs `program` to its end.
    void run(Consumer<Cpu> program) {
        board.cpu().run(cpu -> {
            program.accept(cpu);
            endPicos = cpu.nowPicos();
            simulation.stop();
        });
        watch();
        simulation.run();
        Check.that(endPicos >= 0, "%s: the program did not end: %s", name, simulation.waiting());
    }

    /// What came out.
    ///
    /// @param sha256 of the bytes as they arrived
    /// @param expectedSha256 of the bytes as they were sent
    RunResult result(String sha256, String expectedSha256, List<Finding> findings) {
        return result(context.input().length(), sha256, expectedSha256, findings, List.of());
    }

    /// What came out of moving `byteCount` bytes.
    ///
    /// @param own figures that only such runs have; shown before the others
    RunResult result(long byteCount, String sha256, String expectedSha256, List<Finding> findings, List<Figure> own) {
        List<Figure> figures = new ArrayList<>(own);
        figures.addAll(figures(byteCount));
        return new RunResult(
                name,
                byteCount,
                endPicos,
                sha256,
                sha256.equals(expectedSha256),
                hash.text(),
                phases(),
                figures,
                findings,
                ledger.kept(),
                machine.explain());
    }

    @Override
    public void close() {
        medium.close();
    }

    /// Stops a run that gets nowhere: the medium moved no byte, no transfer was made, and the driver had no bus
    /// cycle. Refresh does not count, as it goes on for ever.
    private void watch() {
        long steps = medium.movedBytes() + board.cpu().driverCycles() + machine.transferCount();
        if (steps == lastSteps) {
            List<String> reasons = new ArrayList<>(simulation.waiting());
            machine.explain().stream()
                    .filter(sentence -> !sentence.endsWith(" is masked"))
                    .forEach(reasons::add);
            throw new LabException(
                    LabException.Kind.STUCK,
                    "%s gets nowhere: nothing has moved for %s of simulated time; %s"
                            .formatted(name, Time.text(PATIENCE_PICOS), String.join("; ", reasons)));
        }
        lastSteps = steps;
        watchdog.in(PATIENCE_PICOS);
    }

    private Map<String, Long> phases() {
        Map<String, Long> phases = new LinkedHashMap<>();
        // Before the first request, and between one and the next.
        long outside = endPicos - ledger.latencyPicos();
        if (outside > 0) {
            phases.put("outside transfers", outside);
        }
        phases.putAll(ledger.totalsPicos());
        return phases;
    }

    private List<Figure> figures(long byteCount) {
        var cpu = board.cpu();
        var use = board.bus().use();
        var work = board.parameters().work();
        long unitPicos = board.parameters()
                .bus()
                .picos(work.unitClocks(board.parameters().bus().cpuCycleClocks()));
        List<Figure> figures = new ArrayList<>();
        double bytesPerSecond = endPicos == 0 ? 0 : byteCount * (Time.SECOND / (double) endPicos);
        figures.add(
                figure("throughputBytesPerSecond", "throughput", round(bytesPerSecond), Unit.BYTES_PER_SECOND, false));
        figures.add(figure("cpuWorkUnits", "work units", cpu.workUnits(), Unit.COUNT, true));
        figures.add(
                figure("cpuWorkPercentOfIdle", "CPU work", percent(cpu.workUnits() * unitPicos), Unit.PERCENT, true));
        figures.add(figure("cpuStallPs", "CPU stall", cpu.stallPicos(), Unit.PICOSECONDS, true));
        figures.add(
                figure("busBusyPercent", "bus busy", percent(use.cpuPicos() + use.masterPicos()), Unit.PERCENT, true));
        figures.add(figure("busCpuPercent", "bus, CPU cycles", percent(use.cpuPicos()), Unit.PERCENT, false));
        figures.add(figure("busDmaPercent", "bus, DMA cycles", percent(use.masterPicos()), Unit.PERCENT, false));
        figures.add(figure("busCpuPs", "CPU's bus cycles", use.cpuPicos(), Unit.PICOSECONDS, false));
        figures.add(figure("busDmaPs", "DMA's bus cycles", use.masterPicos(), Unit.PICOSECONDS, false));
        figures.add(figure("busHeldPs", "HLDA asserted", use.heldPicos(), Unit.PICOSECONDS, false));
        figures.add(figure("busHandoverPs", "bus idle in hand-over", use.handoverPicos(), Unit.PICOSECONDS, false));
        figures.add(figure("dmaCycleCount", "DMA cycles", use.masterCycles(), Unit.COUNT, false));
        figures.add(figure("interruptCount", "interrupts", cpu.interruptCount(), Unit.COUNT, true));
        figures.add(figure("transferCount", "transfers", ledger.transferCount(), Unit.COUNT, false));
        var cache = board.cache();
        if (cache != null) {
            figures.add(figure("cacheHitCount", "cache hits", cache.hits(), Unit.COUNT, false));
            figures.add(figure("cacheMissCount", "cache misses", cache.misses(), Unit.COUNT, false));
            figures.add(figure("cacheWriteBackCount", "lines written back", cache.writeBacks(), Unit.COUNT, false));
        }
        figures.add(figure("memoryResidentBytes", "memory used", board.memory().residentBytes(), Unit.BYTES, false));
        figures.add(figure("traceRecordCount", "trace records", hash.recordCount(), Unit.COUNT, false));
        return figures;
    }

    private double percent(long picos) {
        return endPicos == 0 ? 0 : round(100.0 * picos / endPicos);
    }

    /// Three decimals are more than anybody reads, and keep the JSON document short.
    private static double round(double value) {
        return Math.round(value * 1_000) / 1_000.0;
    }

    static Figure figure(String key, String title, Number value, Unit unit, boolean inTable) {
        return new Figure(key, title, value, unit, inTable);
    }
}
