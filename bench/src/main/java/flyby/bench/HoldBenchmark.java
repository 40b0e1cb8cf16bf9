package flyby.bench;

import java.util.concurrent.TimeUnit;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Fork;
import org.openjdk.jmh.annotations.Measurement;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OperationsPerInvocation;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.Warmup;

/// The agenda under the hold model, per event.
@State(Scope.Thread)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.NANOSECONDS)
@Fork(
        value = 2,
        jvmArgsAppend = {"-Xms1g", "-XX:+UseSerialGC"})
@Warmup(iterations = 5, time = 1)
@Measurement(iterations = 5, time = 1)
public class HoldBenchmark {
    private static final int EVENTS = 100_000;

    @Param({"16", "100", "1000", "10000", "100000", "1000000"})
    int pending;

    @Param({"UNIFORM", "BIMODAL", "CLOCKED"})
    Delays.Kind delays;

    private Hold hold;

    @Setup
    public void setUp() {
        hold = new Hold(pending, delays, false);
        hold.fire(2L * pending);
    }

    @Benchmark
    @OperationsPerInvocation(EVENTS)
    public long event() {
        hold.fire(EVENTS);
        return hold.digest();
    }
}
