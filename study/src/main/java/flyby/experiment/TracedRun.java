package flyby.experiment;

import flyby.base.Check;
import flyby.base.LabException;
import flyby.bus.Cpu;
import flyby.sim.Event;
import flyby.sim.Simulation;
import flyby.sim.Time;
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
import java.util.function.Consumer;
import java.util.function.LongSupplier;
import java.util.function.Supplier;

/// A run of a program on the CPU of some machine: its simulation, its trace with hash and account, its end, and a
/// watchdog.
final class TracedRun {
    /// If nothing happens on a board for that long, nothing ever will: a byte of the slowest medium takes 10 ms.
    static final long BOARD_PATIENCE_PICOS = 60 * Time.SECOND;

    /// The same on a machine with PCI Express, where each request is answered or times out after 50 ms.
    static final long SERVER_PATIENCE_PICOS = 200 * Time.MILLISECOND;

    private final String name;
    private final long patiencePicos;
    private final HashSink hash = new HashSink();
    private final Ledger ledger = new Ledger();
    private final BusyTime busy = new BusyTime("cpu0");
    private final Simulation simulation;
    private final Event watchdog;
    private LongSupplier steps = () -> 0;
    private Supplier<List<String>> reasons = List::of;
    private long lastSteps = -1;
    private long beginPicos;
    private long endPicos = -1;

    /// @param patiencePicos how long nothing may happen before the run is given up
    TracedRun(String name, RunContext context, long patiencePicos) {
        this.name = name;
        this.patiencePicos = patiencePicos;
        List<TraceSink> sinks = new ArrayList<>(List.of(hash, ledger, busy));
        sinks.addAll(context.sinks());
        simulation = new Simulation(context.seed(), Trace.to(sinks));
        watchdog = simulation.event("watchdog", this::watch);
    }

    Simulation simulation() {
        return simulation;
    }

    Ledger ledger() {
        return ledger;
    }

    /// How long the first CPU has been busy until now.
    long busyPicos() {
        return busy.picos(simulation.nowPicos());
    }

    HashSink hash() {
        return hash;
    }

    /// Runs `program` to its end.
    ///
    /// @param starter starts a program on the machine's CPU
    /// @param newSteps changes whenever anything gets on
    /// @param newReasons why nothing does, one sentence each
    void run(
            Consumer<Consumer<Cpu>> starter,
            Consumer<Cpu> program,
            LongSupplier newSteps,
            Supplier<List<String>> newReasons) {
        steps = newSteps;
        reasons = newReasons;
        // Firmware may have taken time before.
        beginPicos = simulation.nowPicos();
        starter.accept(cpu -> {
            program.accept(cpu);
            endPicos = cpu.nowPicos();
            simulation.stop();
        });
        watch();
        simulation.run();
        Check.that(endPicos >= 0, "%s: the program did not end: %s", name, simulation.waiting());
    }

    private void watch() {
        long now = steps.getAsLong();
        if (now == lastSteps) {
            throw new LabException(
                    LabException.Kind.STUCK,
                    "%s gets nowhere: nothing has moved for %s of simulated time; %s"
                            .formatted(name, Time.text(patiencePicos), String.join("; ", reasons.get())));
        }
        lastSteps = now;
        watchdog.in(patiencePicos);
    }

    /// What came out of moving `byteCount` bytes.
    ///
    /// @param sha256 of the bytes as they arrived
    /// @param expectedSha256 of the bytes as they were sent
    RunResult result(
            long byteCount,
            String sha256,
            String expectedSha256,
            List<Finding> findings,
            List<Figure> figures,
            List<String> explanation) {
        return new RunResult(
                name,
                byteCount,
                elapsedPicos(),
                sha256,
                sha256.equals(expectedSha256),
                hash.text(),
                phases(),
                figures,
                findings,
                ledger.kept(),
                explanation);
    }

    private Map<String, Long> phases() {
        Map<String, Long> phases = new LinkedHashMap<>();
        // Before the first request, and between one and the next.
        long outside = elapsedPicos() - ledger.latencyPicos();
        if (outside > 0) {
            phases.put("outside transfers", outside);
        }
        phases.putAll(ledger.totalsPicos());
        return phases;
    }

    /// How much a second it was.
    Figure throughput(long byteCount) {
        long elapsed = elapsedPicos();
        double bytesPerSecond = elapsed == 0 ? 0 : byteCount * (Time.SECOND / (double) elapsed);
        return figure("throughputBytesPerSecond", "throughput", round(bytesPerSecond), Unit.BYTES_PER_SECOND, false);
    }

    /// What share of the run `picos` are.
    double percent(long picos) {
        return elapsedPicos() == 0 ? 0 : round(100.0 * picos / elapsedPicos());
    }

    /// From the program's start to its end.
    /// The run begins only now: what the program has done before was set-up.
    void beginNow() {
        beginPicos = simulation.nowPicos();
    }

    private long elapsedPicos() {
        return endPicos - beginPicos;
    }

    static Figure figure(String key, String title, Number value, Unit unit, boolean inTable) {
        return new Figure(key, title, value, unit, inTable);
    }

    /// Three decimals are more than anybody reads, and keep the JSON document short.
    private static double round(double value) {
        return Math.round(value * 1_000) / 1_000.0;
    }
}
