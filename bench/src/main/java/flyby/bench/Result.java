package flyby.bench;

import com.sun.management.OperatingSystemMXBean;
import java.lang.management.ManagementFactory;
import java.util.Locale;

/// What the plain programs share: CPU time, and one RESULT line a run in the form of the SystemC programs.
final class Result {
    private Result() {}

    /// CPU time of the whole process, as the peers count it: the JIT compiler's and the collector's work included.
    static long cpuNanos() {
        return ((OperatingSystemMXBean) ManagementFactory.getOperatingSystemMXBean()).getProcessCpuTime();
    }

    /// @param what the workload and its parameters, `key=value`
    static void print(String what, long eventCount, long nanos, long simulatedPicos, long digest) {
        System.out.printf(
                Locale.ROOT,
                "RESULT %s events=%d sec=%.4f Mev/s=%.4f ns/ev=%.2f simdt=%.6fus digest=%016x%n",
                what,
                eventCount,
                nanos / 1e9,
                eventCount * 1e3 / nanos,
                nanos / (double) eventCount,
                simulatedPicos / 1e6,
                digest);
    }
}
