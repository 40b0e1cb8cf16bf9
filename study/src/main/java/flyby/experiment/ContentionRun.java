package flyby.experiment;

import static flyby.copy.layout.CopyEngineRegisters.CONTROL;
import static flyby.copy.layout.CopyEngineRegisters.CONTROL_INTERRUPT;
import static flyby.copy.layout.CopyEngineRegisters.CONTROL_START;
import static flyby.copy.layout.CopyEngineRegisters.DST;
import static flyby.copy.layout.CopyEngineRegisters.LENGTH;
import static flyby.copy.layout.CopyEngineRegisters.SRC;
import static flyby.copy.layout.CopyEngineRegisters.STATUS;
import static flyby.copy.layout.CopyEngineRegisters.STATUS_END;

import flyby.base.Check;
import flyby.bus.Device;
import flyby.machine.CopyBoard;
import flyby.sim.Event;
import flyby.sim.Simulation;
import flyby.sim.Time;
import flyby.split.SplitBus;
import flyby.study.ByteSource;
import flyby.study.Figure;
import flyby.study.Figure.Unit;
import flyby.study.RunContext;
import flyby.study.RunResult;
import flyby.trace.HashSink;
import flyby.trace.Trace;
import flyby.trace.TraceSink;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/// One run on a [CopyBoard]: every engine copies the whole input, block by block.
final class ContentionRun implements AutoCloseable {
    /// What one engine has to do: the next block whenever it has done one.
    private final class Job {
        private final int number;
        private final Device engine;
        private final ByteSource source = context.input().open();
        private final Digest sent = new Digest();
        private final Digest arrived = new Digest();
        private final Event next;
        private int blockBytes;
        private long doneBytes;
        private long blockCount;

        Job(int number) {
            this.number = number;
            this.engine = board.engine(number);
            this.next = simulation.event("hand-over " + number, this::next);
        }

        private void next() {
            if (blockBytes > 0) {
                board.memory().read(board.destination(number), block, 0, blockBytes);
                arrived.add(block, 0, blockBytes);
                doneBytes += blockBytes;
                engine.writeRegister(0, STATUS, 4, STATUS_END.mask());
            }
            blockBytes = fill();
            if (blockBytes == 0) {
                finish();
                return;
            }
            sent.add(block, 0, blockBytes);
            board.memory().write(board.source(number), block, 0, blockBytes);
            engine.writeRegister(0, SRC, 8, board.source(number));
            engine.writeRegister(0, DST, 8, board.destination(number));
            engine.writeRegister(0, LENGTH, 8, blockBytes);
            engine.writeRegister(0, CONTROL, 4, CONTROL_START.mask() | CONTROL_INTERRUPT.mask());
            blockCount++;
            context.progress().at(doneBytes, context.input().length());
        }

        private int fill() {
            int filled = 0;
            while (filled < block.length) {
                int count = source.read(block, filled, block.length - filled);
                if (count < 0) {
                    break;
                }
                filled += count;
            }
            return filled;
        }
    }

    private final String name;
    private final RunContext context;
    private final CopyBoard.Parameters parameters;
    private final HashSink hash = new HashSink();
    private final Simulation simulation;
    private final CopyBoard board;
    private final byte[] block;
    private final List<Job> jobs = new ArrayList<>();
    private int finished;
    private long lastBlockCount;

    ContentionRun(String name, CopyBoard.Parameters parameters, RunContext context) {
        this.name = name;
        this.context = context;
        this.parameters = parameters;
        List<TraceSink> sinks = new ArrayList<>(List.of(hash));
        sinks.addAll(context.sinks());
        simulation = new Simulation(context.seed(), Trace.to(sinks));
        board = new CopyBoard(simulation, parameters, this::interrupt);
        block = new byte[(int) parameters.blockBytesMax()];
        for (int i = 0; i < parameters.engineCount(); i++) {
            jobs.add(new Job(i));
        }
    }

    RunResult run() {
        for (Job job : jobs) {
            job.next.at(0);
        }
        simulation.run();
        Check.that(finished == jobs.size(), "%s: %d of %d engines are done", name, finished, jobs.size());
        long elapsedPicos = simulation.nowPicos();
        String sent = jobs.getFirst().sent.text();
        String arrived = sent;
        for (Job job : jobs) {
            String theirs = job.arrived.text();
            arrived = theirs.equals(sent) ? arrived : theirs;
        }
        return new RunResult(
                name,
                context.input().length(),
                elapsedPicos,
                arrived,
                arrived.equals(sent),
                hash.text(),
                phases(elapsedPicos),
                figures(elapsedPicos),
                List.of(),
                List.of());
    }

    @Override
    public void close() {
        for (Job job : jobs) {
            job.source.close();
        }
    }

    private void interrupt(int engine, boolean asserted) {
        if (asserted) {
            jobs.get(engine).next.in(0);
        }
    }

    private void finish() {
        finished++;
        lastBlockCount = jobs.stream().mapToLong(job -> job.blockCount).max().orElse(0);
    }

    /// Of an engine that was busy to the end: all of them copy as much.
    private Map<String, Long> phases(long elapsedPicos) {
        Map<String, Long> phases = new LinkedHashMap<>();
        long setup = lastBlockCount * parameters.engine().blockSetupPicos();
        phases.put("block set-up", setup);
        phases.put("copy", elapsedPicos - setup);
        return phases;
    }

    private List<Figure> figures(long elapsedPicos) {
        SplitBus.Statistics bus = board.bus().statistics();
        double perEngine = elapsedPicos == 0 ? 0 : context.input().length() * (Time.SECOND / (double) elapsedPicos);
        long waitPicos = 0;
        long waitMaxPicos = 0;
        for (SplitBus.PortStatistics port : bus.ports()) {
            waitPicos += port.waitPicos();
            waitMaxPicos = Math.max(waitMaxPicos, port.waitMaxPicos());
        }
        long meanWaitPicos = bus.transactionCount() == 0 ? 0 : waitPicos / bus.transactionCount();
        return List.of(
                new Figure("engineCount", "engines", (long) jobs.size(), Unit.COUNT, true),
                new Figure(
                        "allEnginesBytesPerSecond", "all", round(perEngine * jobs.size()), Unit.BYTES_PER_SECOND, true),
                new Figure(
                        "requestBusyPercent",
                        "requests",
                        percent(bus.requestBusyPicos(), elapsedPicos),
                        Unit.PERCENT,
                        true),
                new Figure(
                        "responseBusyPercent",
                        "responses",
                        percent(bus.responseBusyPicos(), elapsedPicos),
                        Unit.PERCENT,
                        true),
                new Figure("meanArbiterWaitPs", "mean wait", meanWaitPicos, Unit.PICOSECONDS, true),
                new Figure("maxArbiterWaitPs", "longest wait", waitMaxPicos, Unit.PICOSECONDS, true),
                new Figure("transactionCount", "transactions", bus.transactionCount(), Unit.COUNT, false),
                new Figure("memoryResidentBytes", "memory used", board.memory().residentBytes(), Unit.BYTES, false),
                new Figure("traceRecordCount", "trace records", hash.recordCount(), Unit.COUNT, false));
    }

    private static double percent(long picos, long elapsedPicos) {
        return elapsedPicos == 0 ? 0 : round(100.0 * picos / elapsedPicos);
    }

    private static double round(double value) {
        return Math.round(value * 1_000) / 1_000.0;
    }
}
