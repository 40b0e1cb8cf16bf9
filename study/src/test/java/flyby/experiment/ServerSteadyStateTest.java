package flyby.experiment;

import static org.assertj.core.api.Assertions.assertThat;

import com.sun.management.ThreadMXBean;
import flyby.machine.Bench;
import flyby.machine.BenchCatalogue;
import flyby.machine.ServerCatalogue;
import flyby.params.Given;
import flyby.params.Settings;
import flyby.sim.Simulation;
import flyby.trace.Trace;
import java.lang.management.ManagementFactory;
import java.util.List;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/// A whole machine, device, link, root port, IOMMU and caches, allocates nothing for an operation.
final class ServerSteadyStateTest {
    private static final ThreadMXBean THREADS = (ThreadMXBean) ManagementFactory.getThreadMXBean();
    private static final int WARM_UP = 400_000;
    private static final int OPERATIONS = 400_000;

    @ParameterizedTest
    @CsvSource({"rd, off", "wr, off", "rw, off", "rd, on", "wr, on"})
    void allocatesNothing(String operation, String iommu) {
        Settings settings = Settings.resolve(
                BenchCatalogue.PARAMETERS,
                ServerCatalogue.profiles(),
                List.of(),
                Given.fromCommandLine(List.of(
                        "bench.operation=" + operation,
                        "machine.iommu.mode=" + iommu,
                        "bench.window=1MiB",
                        "bench.operations=" + OPERATIONS,
                        "bench.warm-up=" + WARM_UP)));
        Bench bench = new Bench(new Simulation(1, Trace.off()), settings, 256);
        long[] first = new long[2];
        long[] last = new long[2];
        bench.run(done -> {
            long[] mark = done < WARM_UP ? first : last;
            mark[0] = done;
            mark[1] = THREADS.getCurrentThreadAllocatedBytes();
        });
        assertThat(last[0] - first[0]).isGreaterThan(OPERATIONS / 2);
        assertThat(last[1] - first[1]).isLessThan(100_000);
    }
}
