package flyby.link;

import static org.assertj.core.api.Assertions.assertThat;

import flyby.choice.Property;
import flyby.memory.PhysicalMemory;
import flyby.pcie.PacketPool;
import flyby.sim.Prng;
import flyby.sim.Simulation;
import flyby.trace.Trace;
import java.util.List;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Test;

/// Trains against packets, which are the oracle: whatever anybody can observe is equal.
final class TrainsTest {
    /// Everything that a run showed.
    private record Seen(List<String> notes, long trainBytes) {}

    @Test
    void trainsAreSeenAsPacketsAre() {
        AtomicLong trainBytes = new AtomicLong();
        Property.check(600, choices -> {
            long seed = choices.below(1L << 32);
            LinkParameters parameters = TrainTraffic.parameters(choices);
            long holdPicos = choices.pick(0L, 1L, 1_000L, 70_123L);
            Seen packets = run(seed, parameters.withPace(Pace.PACKETS), holdPicos);
            Seen trains = run(seed, parameters.withPace(Pace.TRAINS), holdPicos);
            for (int i = 0; i < packets.notes.size(); i++) {
                assertThat(trains.notes.get(i)).isEqualTo(packets.notes.get(i));
            }
            assertThat(packets.trainBytes).isZero();
            trainBytes.addAndGet(trains.trainBytes);
        });
        assertThat(trainBytes).as("there were trains at all").hasValueGreaterThan(1_000_000);
    }

    /// A device that writes runs, a contender beside it, traffic the other way, and observers of memory.
    private static Seen run(long seed, LinkParameters parameters, long holdPicos) {
        Simulation simulation = new Simulation(seed, Trace.off());
        PacketPool pool = new PacketPool(256);
        TrainTraffic traffic = new TrainTraffic(simulation, new Prng(seed), pool);
        PhysicalMemory memory = new PhysicalMemory();
        Link[] made = new Link[1];
        // Observers of lower and of higher rank than the link's events.
        traffic.observe(made, memory, "early");
        Link link = new Link(simulation, pool, "l", parameters);
        made[0] = link;
        traffic.observe(made, memory, "late");
        MemorySink root = new MemorySink(simulation, link.upstream(), memory, holdPicos);
        MemorySink device = new MemorySink(simulation, link.downstream(), new PhysicalMemory(), holdPicos);
        traffic.write(link.downstream().queue("runs"));
        traffic.contend(link.downstream().queue("contender"), "contender");
        traffic.contend(link.upstream().queue("root"), "root");
        traffic.disturb(link);
        simulation.runUntil(100_000_000);
        traffic.noteEnd(link, memory);
        traffic.notes.addAll(root.notes);
        traffic.notes.addAll(device.notes);
        return new Seen(traffic.notes, root.trainBytes);
    }
}
