package flyby.function;

import static org.assertj.core.api.Assertions.assertThat;

import flyby.bus.Transaction;
import flyby.bus.Transaction.Kind;
import flyby.bus.Transaction.Tenure;
import flyby.choice.Property;
import flyby.configuration.layout.HeaderRegisters;
import flyby.link.Link;
import flyby.link.LinkParameters;
import flyby.memory.PhysicalMemory;
import flyby.pcie.Generation;
import flyby.pcie.LinkRate;
import flyby.pcie.LinkWidth;
import flyby.pcie.PacketPool;
import flyby.sim.Simulation;
import flyby.trace.Trace;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

/// A card is pulled out of its slot while it works: on a real link, at any moment.
final class PulledCardTest {
    @Test
    void everyTransactionEndsOnceAndNoPacketIsLeft() {
        Property.check(100, choices -> {
            Simulation simulation = new Simulation(1, Trace.off());
            PacketPool pool = new PacketPool(4_096);
            LinkRate rate = new LinkRate(Generation.GEN3, LinkWidth.X4);
            Link link = new Link(simulation, pool, "link", LinkParameters.of(rate, 256, 50_000));
            new TestRoot(pool, link.upstream(), new PhysicalMemory(), 1 << 20);
            Endpoint endpoint = new Endpoint(
                    simulation,
                    pool,
                    "card",
                    link.downstream(),
                    new EndpointParameters(256, 100_000, 0, false),
                    (_, _) -> {});
            Function function = endpoint.add("card", FunctionDescription.of(1, 2, 3));
            function.configuration().write(HeaderRegisters.COMMAND, 2, 4);
            int count = (int) choices.between(1, 30);
            List<Integer> ended = new ArrayList<>();
            for (int i = 0; i < count; i++) {
                int number = i;
                int byteCount = (int) choices.between(1, 2_000);
                Transaction transaction = new Transaction((_, _) -> ended.add(number), byteCount);
                transaction.begin(
                        choices.pick(Kind.READ, Kind.WRITE), choices.below(1 << 19), byteCount, Tenure.RELEASE, 0);
                function.submit(transaction);
            }
            simulation.runUntil(choices.below(20_000_000));
            link.takeDown();
            simulation.run();
            assertThat(ended).hasSize(count).doesNotHaveDuplicates();
            assertThat(pool.takenCount()).isZero();
            assertThat(endpoint.waiting()).isEmpty();
        });
    }
}
