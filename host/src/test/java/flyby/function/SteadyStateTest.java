package flyby.function;

import static org.assertj.core.api.Assertions.assertThat;

import com.sun.management.ThreadMXBean;
import flyby.bus.Transaction;
import flyby.bus.Transaction.Kind;
import flyby.bus.Transaction.Status;
import flyby.bus.Transaction.Tenure;
import flyby.configuration.layout.AtsRegisters;
import flyby.configuration.layout.HeaderRegisters;
import flyby.configuration.layout.MsiRegisters;
import flyby.link.Link;
import flyby.link.LinkEnd;
import flyby.link.LinkParameters;
import flyby.link.PacketReceiver;
import flyby.link.TransmitQueue;
import flyby.pcie.CompletionStatus;
import flyby.pcie.Generation;
import flyby.pcie.LinkRate;
import flyby.pcie.LinkWidth;
import flyby.pcie.Packet;
import flyby.pcie.PacketPool;
import flyby.pcie.PageRange;
import flyby.pcie.TagWidth;
import flyby.sim.Simulation;
import flyby.trace.Trace;
import java.lang.management.ManagementFactory;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/// Nothing is allocated per transaction or packet once as many have been under way as ever will be.
final class SteadyStateTest {
    private static final ThreadMXBean THREADS = (ThreadMXBean) ManagementFactory.getThreadMXBean();

    private long completed;

    @ParameterizedTest
    @ValueSource(booleans = {false, true})
    void allocatesNothing(boolean translates) {
        Simulation simulation = new Simulation(1, Trace.off());
        PacketPool pool = new PacketPool(256);
        LinkRate rate = new LinkRate(Generation.GEN4, LinkWidth.X4);
        Link link = new Link(simulation, pool, "link", LinkParameters.of(rate, 256, 100_000));
        new Answerer(pool, link.upstream());
        Endpoint endpoint = new Endpoint(
                simulation, pool, "card", link.downstream(), new EndpointParameters(256, 0, 0, false), (_, _) -> {});
        Function function = endpoint.add(
                "card",
                FunctionDescription.of(1, 2, 3)
                        .with(BaseAddress.memory32(0, 4_096))
                        .withMsi(1)
                        .withTranslationCache(8)
                        .with(new RequesterLimits(
                                TagWidth.FIVE_BITS,
                                32,
                                4_096,
                                4_096,
                                new RequesterLimits.Pace(1_000, 100),
                                new RequesterLimits.Pace(1_000, 100))));
        function.configuration().write(HeaderRegisters.COMMAND, 2, 7);
        function.configuration().write(msi(function) + MsiRegisters.CONTROL, 2, 1);
        function.configuration().write(ats(function) + AtsRegisters.CONTROL, 2, translates ? 0x8000 : 0);
        for (int i = 0; i < 16; i++) {
            new Again(function, i).begin();
        }
        simulation.runUntil(3_000_000_000L);
        long warm = completed;
        long before = THREADS.getCurrentThreadAllocatedBytes();
        simulation.runUntil(10_000_000_000L);
        long bytes = THREADS.getCurrentThreadAllocatedBytes() - before;
        assertThat(completed - warm).isGreaterThan(translates ? 10_000 : 60_000);
        // Not zero, because the count itself and the JIT's way in may allocate; nothing near one byte each.
        assertThat(bytes).isLessThan(30_000);
        assertThat(function.statistics().translationRequests()).isGreaterThanOrEqualTo(translates ? 1_000 : 0);
    }

    private static int msi(Function function) {
        int at = (int) function.configuration().get(HeaderRegisters.CAPABILITIES_POINTER, 1);
        while (function.configuration().get(at, 1) != 5) {
            at = (int) function.configuration().get(at + 1, 1);
        }
        return at;
    }

    private static int ats(Function function) {
        int at = 0x100;
        while (function.configuration().get(at, 2) != 0xf) {
            at = (int) (function.configuration().get(at, 4) >>> 20);
        }
        return at;
    }

    /// Writes and reads without end, with an interrupt now and then.
    private final class Again implements Transaction.Owner {
        private final Function function;
        private final int index;
        private final Transaction transaction = new Transaction(this, 1_024);
        private int round;

        Again(Function function, int index) {
            this.function = function;
            this.index = index;
        }

        void begin() {
            round++;
            Kind kind = index % 2 == 0 ? Kind.READ : Kind.WRITE;
            transaction.begin(kind, ((long) index << 20) + (round % 64) * 1_000L, 1_000, Tenure.RELEASE, 0);
            function.submit(transaction);
            if (round % 8 == 0) {
                function.interrupt(0, round % 16 == 0);
            }
        }

        @Override
        public void completed(Transaction ended, Status status) {
            if (status == Status.SUCCESS) {
                completed++;
            }
            begin();
        }
    }

    /// Answers reads with whatever is in the packet, and translates nothing to itself.
    private static final class Answerer implements PacketReceiver {
        private final PacketPool pool;
        private final LinkEnd end;
        private final TransmitQueue transmit;

        Answerer(PacketPool pool, LinkEnd end) {
            this.pool = pool;
            this.end = end;
            transmit = end.queue("answers");
            end.receiver(this);
        }

        @Override
        public void received(Packet packet) {
            if (packet.kind() == Packet.Kind.MEMORY_READ) {
                answer(packet);
            }
            end.free(packet);
            packet.recycle();
        }

        private void answer(Packet packet) {
            int done = 0;
            while (done < packet.byteCount()) {
                int left = packet.byteCount() - done;
                long at = packet.address() + done;
                int count = Math.min(left, 128 - (int) (at & 127));
                Packet answer = pool.take()
                        .completion(
                                CompletionStatus.SUCCESSFUL, 0, packet.requesterId(), packet.tag(), at, count, left);
                PageRange.put(PageRange.of(at, 12, true, true), answer.data(), 0);
                transmit.send(answer);
                done += count;
            }
        }

        @Override
        public void linkChanged(boolean up) {}
    }
}
