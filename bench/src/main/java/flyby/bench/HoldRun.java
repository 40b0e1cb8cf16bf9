package flyby.bench;

import com.sun.management.OperatingSystemMXBean;
import java.lang.management.ManagementFactory;
import java.util.Locale;

/// One run of the hold model, with a RESULT line as `systemc/hold` prints it.
///
/// usage: `HoldRun <pending> <events> [dist 0..2] [warm]`
final class HoldRun {
    private HoldRun() {}

    public static void main(String[] arguments) {
        int pendingCount = arguments.length > 0 ? Integer.parseInt(arguments[0]) : 1_000;
        long eventCount = arguments.length > 1 ? Long.parseLong(arguments[1]) : 5_000_000;
        int kind = arguments.length > 2 ? Integer.parseInt(arguments[2]) : 0;
        long warmCount = arguments.length > 3 ? Long.parseLong(arguments[3]) : 2L * pendingCount + 20_000_000;

        Hold hold = new Hold(pendingCount, Delays.Kind.values()[kind]);
        // In rounds, because the JIT compiler replaces the loop it is in only when that is entered anew.
        for (int round = 0; round < 10; round++) {
            hold.fire(warmCount / 10);
        }
        long startNanos = cpuNanos();
        long startPicos = hold.nowPicos();
        hold.fire(eventCount);
        long nanos = cpuNanos() - startNanos;
        System.out.printf(
                Locale.ROOT,
                "RESULT flyby-hold mode=event pending=%d dist=%d events=%d sec=%.4f Mev/s=%.4f ns/ev=%.2f simdt=%.6fus"
                        + " digest=%016x%n",
                pendingCount,
                kind,
                eventCount,
                nanos / 1e9,
                eventCount * 1e3 / nanos,
                nanos / (double) eventCount,
                (hold.nowPicos() - startPicos) / 1e6,
                hold.digest());
    }

    /// CPU time of the whole process, as the peer counts it: the JIT compiler's and the collector's work
    /// included.
    private static long cpuNanos() {
        return ((OperatingSystemMXBean) ManagementFactory.getOperatingSystemMXBean()).getProcessCpuTime();
    }
}
