package flyby.split;

import static org.assertj.core.api.Assertions.assertThat;

import com.sun.management.ThreadMXBean;
import flyby.bus.Transaction;
import flyby.bus.Transaction.Kind;
import flyby.bus.Transaction.Status;
import flyby.bus.Transaction.Tenure;
import flyby.memory.PhysicalMemory;
import flyby.sim.Simulation;
import flyby.split.SplitBus.Mode;
import flyby.trace.Trace;
import java.lang.management.ManagementFactory;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/// Nothing is allocated per transaction once as many have been under way as ever will be.
final class SteadyStateTest {
    private static final ThreadMXBean THREADS = (ThreadMXBean) ManagementFactory.getThreadMXBean();

    private long completed;

    @ParameterizedTest
    @EnumSource
    void allocatesNothing(Mode mode) {
        Simulation simulation = new Simulation(1, Trace.off());
        SplitBus bus = new SplitBus(simulation, "bus", SplitBus.Timing.PEER, new PhysicalMemory(), 1 << 20, mode);
        for (int i = 0; i < 4; i++) {
            BusPort port = bus.attach("p" + i, (vector, asserted) -> {});
            for (int j = 0; j < 8; j++) {
                new Again(port).begin();
            }
        }
        simulation.runUntil(1_000_000_000);
        long warm = completed;
        long before = THREADS.getCurrentThreadAllocatedBytes();
        simulation.runUntil(4_000_000_000L);
        long bytes = THREADS.getCurrentThreadAllocatedBytes() - before;
        assertThat(completed - warm).isGreaterThan(900_000);
        // Not zero, because the count itself and the JIT's way in may allocate; nothing near one byte each.
        assertThat(bytes).isLessThan(50_000);
    }

    /// Writes and reads without end.
    private final class Again implements Transaction.Owner {
        private final BusPort port;
        private final Transaction transaction = new Transaction(this, 64);

        Again(BusPort port) {
            this.port = port;
        }

        void begin() {
            transaction.begin(Kind.WRITE, completed % 1_000 * 64, 64, Tenure.RELEASE, 0);
            port.submit(transaction);
        }

        @Override
        public void completed(Transaction transaction, Status status) {
            completed++;
            if (transaction.kind() == Kind.WRITE) {
                transaction.begin(Kind.READ, transaction.iova(), 64, Tenure.RELEASE, 0);
                port.submit(transaction);
            } else {
                begin();
            }
        }
    }
}
