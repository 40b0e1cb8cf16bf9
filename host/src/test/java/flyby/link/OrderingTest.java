package flyby.link;

import static org.assertj.core.api.Assertions.assertThat;

import flyby.pcie.CompletionStatus;
import flyby.pcie.FlowClass;
import flyby.pcie.Generation;
import flyby.pcie.LinkRate;
import flyby.pcie.LinkWidth;
import flyby.pcie.Packet;
import flyby.pcie.PacketPool;
import flyby.sim.Simulation;
import flyby.trace.Trace;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

/// All sequences of a few packets from one source, with each flow out of credits or not, judged by table 2-40 of
/// section 2.4.1, typed in here and not taken from the model.
final class OrderingTest {
    private enum Entry {
        YES,
        MAY,
        NO
    }

    /// A row and a column of the table. Those with ID-based ordering come from another function than the others.
    private enum Sort {
        POSTED(FlowClass.POSTED, false, false),
        POSTED_RELAXED(FlowClass.POSTED, true, false),
        POSTED_BY_ID(FlowClass.POSTED, false, true),
        READ(FlowClass.NON_POSTED, false, false),
        READ_BY_ID(FlowClass.NON_POSTED, false, true),
        WITH_DATA(FlowClass.NON_POSTED, false, false),
        COMPLETION(FlowClass.COMPLETION, false, false),
        COMPLETION_RELAXED(FlowClass.COMPLETION, true, false),
        COMPLETION_BY_ID(FlowClass.COMPLETION, false, true);

        private final FlowClass flow;
        private final boolean relaxed;
        private final boolean byId;

        Sort(FlowClass flow, boolean relaxed, boolean byId) {
            this.flow = flow;
            this.relaxed = relaxed;
            this.byId = byId;
        }

        private int id() {
            return byId ? 0x201 : 0x100;
        }

        /// Whether this, the row, may pass `column`, which came before it.
        private Entry passes(Sort column) {
            boolean otherId = byId && column.id() != id();
            return switch (flow) {
                case POSTED ->
                    switch (column.flow) {
                        case POSTED -> relaxed || otherId ? Entry.MAY : Entry.NO;
                        case NON_POSTED -> Entry.YES;
                        // A5: required of bridges, permitted to others. Flyby's own: always.
                        case COMPLETION -> Entry.YES;
                    };
                case NON_POSTED -> column.flow == FlowClass.POSTED && !otherId ? Entry.NO : Entry.MAY;
                case COMPLETION ->
                    switch (column.flow) {
                        case POSTED -> relaxed || otherId ? Entry.MAY : Entry.NO;
                        case NON_POSTED -> Entry.YES;
                        // D5b: all are completions of one request.
                        case COMPLETION -> Entry.NO;
                    };
            };
        }

        private Packet make(PacketPool pool) {
            Packet packet = pool.take();
            switch (this) {
                case POSTED, POSTED_RELAXED, POSTED_BY_ID ->
                    packet.request(Packet.Kind.MEMORY_WRITE, id(), 0, 0x1000, 4);
                case READ, READ_BY_ID -> packet.request(Packet.Kind.MEMORY_READ, id(), 0, 0x1000, 4);
                case WITH_DATA -> packet.request(Packet.Kind.IO_WRITE, id(), 0, 0x1000, 4);
                case COMPLETION, COMPLETION_RELAXED, COMPLETION_BY_ID ->
                    packet.completion(CompletionStatus.SUCCESSFUL, id(), 0x300, 0, 0, 4, 4);
            }
            packet.attributes(relaxed, false, byId);
            return packet;
        }
    }

    @Test
    void everySequenceOfThreeFollowsTheTable() {
        for (Sort first : Sort.values()) {
            for (Sort second : Sort.values()) {
                for (Sort third : Sort.values()) {
                    checkStarvations(List.of(first, second, third));
                }
            }
        }
    }

    @Test
    void everySequenceOfFourOfThePlainSortsFollowsTheTable() {
        List<Sort> plain =
                List.of(Sort.POSTED, Sort.POSTED_RELAXED, Sort.READ, Sort.COMPLETION, Sort.COMPLETION_RELAXED);
        for (Sort first : plain) {
            for (Sort second : plain) {
                for (Sort third : plain) {
                    for (Sort fourth : plain) {
                        checkStarvations(List.of(first, second, third, fourth));
                    }
                }
            }
        }
    }

    private static void checkStarvations(List<Sort> sorts) {
        for (int starved = 0; starved < 8; starved++) {
            judge(sorts, starved, delivered(sorts, starved));
        }
    }

    private static boolean isStarved(FlowClass flow, int starved) {
        return switch (flow) {
            case POSTED -> (starved & 1) != 0;
            case NON_POSTED -> (starved & 2) != 0;
            case COMPLETION -> (starved & 4) != 0;
        };
    }

    /// The numbers of those that arrive, in their order, when a packet that is never freed has taken the only
    /// credit of each starved flow.
    private static List<Integer> delivered(List<Sort> sorts, int starved) {
        Simulation simulation = new Simulation(0, Trace.off());
        PacketPool pool = new PacketPool(16);
        int posted = isStarved(FlowClass.POSTED, starved) ? 1 : 8;
        int nonPosted = isStarved(FlowClass.NON_POSTED, starved) ? 1 : 8;
        int completion = isStarved(FlowClass.COMPLETION, starved) ? 1 : 8;
        ReceiveBuffer buffer = new ReceiveBuffer(posted, 8, nonPosted, 8, completion, 8);
        LinkRate rate = new LinkRate(Generation.GEN1, LinkWidth.X1);
        Link link = new Link(
                simulation, pool, "l", LinkParameters.of(rate, 16, 1_000).withBuffers(buffer, buffer));
        List<Integer> order = new ArrayList<>();
        link.upstream().receiver(new PacketReceiver() {
            @Override
            public void received(Packet packet) {
                order.add((int) packet.transfer());
            }

            @Override
            public void linkChanged(boolean up) {
                throw new IllegalStateException("nobody takes it down");
            }
        });
        TransmitQueue queue = link.downstream().queue("function");
        for (Sort plug : List.of(Sort.POSTED, Sort.READ, Sort.COMPLETION)) {
            if (isStarved(plug.flow, starved)) {
                queue.send(plug.make(pool));
            }
        }
        simulation.run();
        order.clear();
        for (int i = 0; i < sorts.size(); i++) {
            Packet packet = sorts.get(i).make(pool);
            packet.transfer(i);
            queue.send(packet);
        }
        simulation.run();
        return order;
    }

    private static void judge(List<Sort> sorts, int starved, List<Integer> order) {
        for (int young = 0; young < sorts.size(); young++) {
            boolean excused = isStarved(sorts.get(young).flow, starved);
            int at = order.indexOf(young);
            assertThat(at < 0 || !excused).as("goes without credits").isTrue();
            for (int old = 0; old < young; old++) {
                int oldAt = order.indexOf(old);
                Entry entry = sorts.get(young).passes(sorts.get(old));
                boolean passed = at >= 0 && (oldAt < 0 || at < oldAt);
                assertThat(passed && entry == Entry.NO)
                        .as("%s, %d starved, arrive as %s: %d passes %d", sorts, starved, order, young, old)
                        .isFalse();
                excused |= oldAt < 0 && entry != Entry.YES;
            }
            assertThat(at >= 0 || excused)
                    .as("%s, %d starved, arrive as %s: %d is stuck", sorts, starved, order, young)
                    .isTrue();
        }
    }
}
