package flyby.bench;

import flyby.sim.Event;
import flyby.sim.Simulation;
import flyby.trace.HashSink;
import flyby.trace.Trace;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Fork;
import org.openjdk.jmh.annotations.Measurement;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OperationsPerInvocation;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.Warmup;

/// What trace points cost: 100 events that each do a little and tell of it three times, per event.
///
/// `absent` has no trace points, `off` has them and nobody listens, `hashed` feeds the hash of the run.
@State(Scope.Thread)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.NANOSECONDS)
@Fork(
        value = 5,
        jvmArgsAppend = {"-XX:+UseSerialGC"})
@Warmup(iterations = 5, time = 1)
@Measurement(iterations = 5, time = 1)
public class TraceBenchmark {
    private static final int EVENTS = 100_000;
    private static final int COMPONENTS = 100;

    private final Simulation absent = world(Trace.off(), false);
    private final Simulation off = world(Trace.off(), true);
    private final Simulation hashed = world(Trace.to(List.of(new HashSink())), true);
    private static final int PERIOD_PICOS = 1_000;

    private static Simulation world(Trace trace, boolean tracing) {
        Simulation simulation = new Simulation(1, trace);
        for (int i = 0; i < COMPONENTS; i++) {
            Component component = tracing ? new Traced(simulation, i) : new Plain(simulation, i);
            component.in(i);
        }
        return simulation;
    }

    @Benchmark
    @OperationsPerInvocation(EVENTS)
    public long absent() {
        return run(absent);
    }

    @Benchmark
    @OperationsPerInvocation(EVENTS)
    public long off() {
        return run(off);
    }

    @Benchmark
    @OperationsPerInvocation(EVENTS)
    public long hashed() {
        return run(hashed);
    }

    private static long run(Simulation simulation) {
        simulation.runUntil(simulation.nowPicos() + (long) EVENTS / COMPONENTS * PERIOD_PICOS);
        return simulation.nowPicos();
    }

    private abstract static class Component extends Event {
        final Simulation world;
        /// A small memory of its own, so that an event has something to do.
        final long[] words = new long[64];

        long state;

        Component(Simulation simulation, int index) {
            super(simulation, "component" + index);
            world = simulation;
            state = index;
        }

        long work() {
            for (int i = 0; i < 8; i++) {
                state = state * 6_364_136_223_846_793_005L + 1_442_695_040_888_963_407L;
                words[(int) (state >>> 58)] ^= state;
            }
            return state;
        }
    }

    private static final class Plain extends Component {
        Plain(Simulation simulation, int index) {
            super(simulation, index);
        }

        @Override
        protected void fire() {
            work();
            in(PERIOD_PICOS);
        }
    }

    private static final class Traced extends Component {
        private final Trace trace;
        private final int track;
        private final int name;

        Traced(Simulation simulation, int index) {
            super(simulation, index);
            trace = simulation.trace();
            track = trace.track("component", "component" + index);
            name = trace.name("work");
        }

        @Override
        protected void fire() {
            if (trace.isOn()) {
                trace.begin(world.nowPicos(), track, name, 1, state);
            }
            long result = work();
            if (trace.isOn()) {
                trace.counter(world.nowPicos(), track, name, result);
            }
            in(PERIOD_PICOS);
            if (trace.isOn()) {
                trace.end(world.nowPicos(), track);
            }
        }
    }
}
