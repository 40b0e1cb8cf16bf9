package flyby.experiment;

import flyby.bus.Cpu;
import flyby.machine.Machine;
import flyby.machine.Mainboard;
import flyby.sim.Simulation;
import flyby.stream.Medium;
import flyby.study.Figure;
import flyby.study.Figure.Unit;
import flyby.study.Finding;
import flyby.study.RunContext;
import flyby.study.RunResult;
import flyby.topology.Seams;
import java.util.ArrayList;
import java.util.List;
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

    private final RunContext context;
    private final InputMedium medium;
    private final TracedRun run;
    private final M machine;
    private final Mainboard board;

    /// @param maker makes the machine, whose streamer plays and records the medium
    BoardRun(String name, RunContext context, BiFunction<Simulation, Medium, M> maker) {
        this.context = context;
        run = new TracedRun(name, context, TracedRun.BOARD_PATIENCE_PICOS);
        medium = new InputMedium(context.input(), context.progress());
        machine = maker.apply(run.simulation(), medium);
        board = machine.mainboard();
        if (!context.seams().equals(Seams.DIRECT)) {
            board.seams(context.seams().in(run.simulation()));
        }
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
        run.run(board.cpu()::run, program, this::steps, this::reasons);
    }

    /// The medium moved a byte, a transfer was made, or the driver had a bus cycle. Refresh does not count, as it
    /// goes on for ever.
    private long steps() {
        return medium.movedBytes() + board.cpu().driverCycles() + machine.transferCount();
    }

    private List<String> reasons() {
        List<String> reasons = new ArrayList<>(run.simulation().waiting());
        machine.explain().stream()
                .filter(sentence -> !sentence.endsWith(" is masked"))
                .forEach(reasons::add);
        return reasons;
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
        return run.result(byteCount, sha256, expectedSha256, findings, figures, machine.explain());
    }

    @Override
    public void close() {
        medium.close();
    }

    private List<Figure> figures(long byteCount) {
        var cpu = board.cpu();
        var use = board.bus().use();
        var work = board.parameters().work();
        long unitPicos = board.parameters()
                .bus()
                .picos(work.unitClocks(board.parameters().bus().cpuCycleClocks()));
        List<Figure> figures = new ArrayList<>();
        figures.add(run.throughput(byteCount));
        figures.add(figure("cpuWorkUnits", "work units", cpu.workUnits(), Unit.COUNT, true));
        figures.add(figure(
                "cpuWorkPercentOfIdle", "CPU work", run.percent(cpu.workUnits() * unitPicos), Unit.PERCENT, true));
        figures.add(figure("cpuStallPs", "CPU stall", cpu.stallPicos(), Unit.PICOSECONDS, true));
        figures.add(figure(
                "busBusyPercent", "bus busy", run.percent(use.cpuPicos() + use.masterPicos()), Unit.PERCENT, true));
        figures.add(figure("busCpuPercent", "bus, CPU cycles", run.percent(use.cpuPicos()), Unit.PERCENT, false));
        figures.add(figure("busDmaPercent", "bus, DMA cycles", run.percent(use.masterPicos()), Unit.PERCENT, false));
        figures.add(figure("busCpuPs", "CPU's bus cycles", use.cpuPicos(), Unit.PICOSECONDS, false));
        figures.add(figure("busDmaPs", "DMA's bus cycles", use.masterPicos(), Unit.PICOSECONDS, false));
        figures.add(figure("busHeldPs", "HLDA asserted", use.heldPicos(), Unit.PICOSECONDS, false));
        figures.add(figure("busHandoverPs", "bus idle in hand-over", use.handoverPicos(), Unit.PICOSECONDS, false));
        figures.add(figure("dmaCycleCount", "DMA cycles", use.masterCycles(), Unit.COUNT, false));
        figures.add(figure("interruptCount", "interrupts", cpu.interruptCount(), Unit.COUNT, true));
        figures.add(figure("transferCount", "transfers", run.ledger().transferCount(), Unit.COUNT, false));
        var cache = board.cache();
        if (cache != null) {
            figures.add(figure("cacheHitCount", "cache hits", cache.hits(), Unit.COUNT, false));
            figures.add(figure("cacheMissCount", "cache misses", cache.misses(), Unit.COUNT, false));
            figures.add(figure("cacheWriteBackCount", "lines written back", cache.writeBacks(), Unit.COUNT, false));
        }
        figures.add(figure("memoryResidentBytes", "memory used", board.memory().residentBytes(), Unit.BYTES, false));
        figures.add(figure("traceRecordCount", "trace records", run.hash().recordCount(), Unit.COUNT, false));
        return figures;
    }

    static Figure figure(String key, String title, Number value, Unit unit, boolean inTable) {
        return TracedRun.figure(key, title, value, unit, inTable);
    }
}
