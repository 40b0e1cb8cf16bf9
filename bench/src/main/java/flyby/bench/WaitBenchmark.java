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

/// One wait of a process: it leaves, others act, it is resumed. With one process pending nobody else acts, so the
/// clock just advances.
@State(Scope.Thread)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.NANOSECONDS)
@Warmup(iterations = 5, time = 1)
@Measurement(iterations = 5, time = 1)
public class WaitBenchmark {
    private static final int WAITS = 10_000;

    @Param({"1", "2", "1000"})
    int pending;

    private Hold hold;

    @Setup
    public void setUp() {
        Hold.warmUpProcesses(Delays.Kind.UNIFORM);
        hold = new Hold(pending, Delays.Kind.UNIFORM, true);
        hold.fire(2L * pending);
    }

    @Benchmark
    @OperationsPerInvocation(WAITS)
    @Fork(
            value = 2,
            jvmArgsAppend = {"-XX:+UseSerialGC", "--add-exports", "java.base/jdk.internal.vm=ALL-UNNAMED"})
    public long onContinuations() {
        hold.fire(WAITS);
        return hold.digest();
    }

    @Benchmark
    @OperationsPerInvocation(WAITS)
    @Fork(
            value = 2,
            jvmArgsAppend = {"-XX:+UseSerialGC"})
    public long onVirtualThreads() {
        hold.fire(WAITS);
        return hold.digest();
    }
}
