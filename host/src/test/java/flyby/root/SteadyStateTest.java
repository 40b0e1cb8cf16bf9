package flyby.root;

import static org.assertj.core.api.Assertions.assertThat;

import com.sun.management.ThreadMXBean;
import flyby.bus.Transaction;
import flyby.bus.Transaction.Kind;
import flyby.bus.Transaction.Status;
import flyby.bus.Transaction.Tenure;
import flyby.function.BaseAddress;
import flyby.function.FunctionDescription;
import flyby.link.ReceiveBuffer;
import java.lang.management.ManagementFactory;
import java.util.List;
import org.junit.jupiter.api.Test;

/// Nothing is allocated per packet on the ways to memory, to a peer, to a CPU and from it.
final class SteadyStateTest {
    private static final ThreadMXBean THREADS = (ThreadMXBean) ManagementFactory.getThreadMXBean();

    private static final byte VECTOR = 0x41;

    /// Finite, or what two devices write faster than the link above takes it would pile up in the switch.
    private static final ReceiveBuffer ROOM = new ReceiveBuffer(32, 512, 32, 32, 32, 512);

    private final Tree tree = new Tree(ROOM, true);
    private final byte[] doorbell = new byte[4];
    private final Runnable room = this::ring;
    private long completed;
    private long rung;

    @Test
    void allocatesNothing() {
        tree.delayKinds = 1;
        FunctionDescription description =
                FunctionDescription.of(0x1234, 0x5678, 0x018000).with(BaseAddress.memory32(0, 4_096));
        Switch crossing = tree.addSwitch(tree.rootPort());
        tree.endpoint(tree.port(crossing), List.of(description));
        tree.endpoint(tree.port(crossing), List.of(description));
        tree.endpoint(tree.rootPort(), List.of(description));
        tree.enumerate();
        for (Leaf leaf : tree.leaves) {
            leaf.keeps = false;
            Leaf peer = tree.leaves.get((leaf.index + 1) % tree.leaves.size());
            long register = tree.found(peer).bar(0).orElseThrow().address();
            for (long home : new long[] {0x1_0000, 0x2_0000, 0xfee0_0000L, register}) {
                new Again(leaf, home).begin();
            }
        }
        ring();
        tree.simulation.runUntil(tree.simulation.nowPicos() + 2_500_000_000L);
        long warm = completed;
        long warmRung = rung;
        long before = THREADS.getCurrentThreadAllocatedBytes();
        tree.simulation.runUntil(tree.simulation.nowPicos() + 1_000_000_000L);
        long bytes = THREADS.getCurrentThreadAllocatedBytes() - before;
        assertThat(completed - warm).isGreaterThan(50_000);
        assertThat(rung - warmRung).isGreaterThan(2_000);
        assertThat(tree.vectorCounts[VECTOR]).isGreaterThan(2_000);
        assertThat(bytes).isLessThan(50_000);
    }

    /// The CPU writes and reads a register for ever.
    private void ring() {
        long register = tree.found.getLast().bars().getFirst().address();
        boolean isRoom = true;
        while (isRoom) {
            rung++;
            isRoom = tree.cpu.write(register, doorbell, 0, 4, 0, room);
        }
    }

    /// Writes and reads 1 KiB of memory without end, or 4 bytes of something else.
    private final class Again implements Transaction.Owner {
        private final Leaf leaf;
        private final long home;
        private final int byteCount;
        private final Transaction transaction = new Transaction(this, 1_024);

        Again(Leaf leaf, long home) {
            this.leaf = leaf;
            this.home = home;
            this.byteCount = home < 1 << 30 ? 1_024 : 4;
        }

        void begin() {
            transaction.begin(Kind.WRITE, home, byteCount, Tenure.RELEASE, 0);
            transaction.data()[0] = VECTOR;
            leaf.function.submit(transaction);
        }

        @Override
        public void completed(Transaction done, Status status) {
            completed++;
            if (done.kind() == Kind.WRITE && home >>> 20 != 0xfee) {
                transaction.begin(Kind.READ, home, byteCount, Tenure.RELEASE, 0);
                leaf.function.submit(transaction);
            } else {
                begin();
            }
        }
    }
}
