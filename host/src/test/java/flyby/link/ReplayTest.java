package flyby.link;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import flyby.choice.Property;
import flyby.pcie.Generation;
import flyby.pcie.LinkRate;
import flyby.pcie.LinkWidth;
import flyby.pcie.Packet;
import flyby.pcie.PacketPool;
import flyby.sim.Prng;
import flyby.sim.Simulation;
import flyby.trace.Trace;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

/// Damaged packets come again: sections 3.6.2 and 3.6.3. On Gen1 x4 a byte takes 1 ns.
final class ReplayTest {
    private static final LinkRate RATE = new LinkRate(Generation.GEN1, LinkWidth.X4);
    private static final long RETRAIN_PICOS = 10_000_000;

    private static Packet write(PacketPool pool, int tag, int byteCount) {
        return pool.take().request(Packet.Kind.MEMORY_WRITE, 0x100, tag, 0x1000, byteCount);
    }

    private static LinkParameters parameters() {
        return LinkParameters.of(RATE, 128, 100_000).withDataLink(new DataLink(true, false, 0, 0));
    }

    @Test
    void aDamagedPacketAndThoseBehindItComeAgain() {
        Simulation simulation = new Simulation(1, Trace.off());
        PacketPool pool = new PacketPool(128);
        Link link = new Link(simulation, pool, "l", parameters());
        link.damage(LinkFaults.tlps(2), LinkFaults.tlps(), RETRAIN_PICOS);
        Arrivals root = new Arrivals(simulation, link.upstream(), 0);
        TransmitQueue queue = link.downstream().queue("function");
        for (int i = 1; i <= 3; i++) {
            queue.send(write(pool, i, 80));
        }
        simulation.run();
        assertThat(root.tags).containsExactly(1, 2, 3);
        assertThat(root.notes.get(1))
                .as("arrives damaged at 300.001; Nak due 1 ps later, 8 on the wire, 100; 1 ps; 100 and 100 again")
                .startsWith("608003 ");
        assertThat(link.upstreamTraffic().replays()).isEqualTo(1);
        assertThat(pool.takenCount()).isZero();
    }

    @Test
    void theFourthReplayInARowRetrainsTheLink() {
        Simulation simulation = new Simulation(1, Trace.off());
        PacketPool pool = new PacketPool(128);
        Link link = new Link(simulation, pool, "l", parameters());
        link.damage(LinkFaults.tlps(1, 2, 3, 4), LinkFaults.tlps(), RETRAIN_PICOS);
        Arrivals root = new Arrivals(simulation, link.upstream(), 0);
        link.downstream().queue("function").send(write(pool, 1, 80));
        simulation.run();
        assertThat(root.tags).containsExactly(1);
        assertThat(link.upstreamTraffic().replays()).isEqualTo(4);
        assertThat(simulation.nowPicos()).isGreaterThan(RETRAIN_PICOS);
    }

    @Test
    void everythingArrivesOnceAndInOrderWhateverIsDamaged() {
        Property.check(300, choices -> {
            Simulation simulation = new Simulation(1, Trace.off());
            PacketPool pool = new PacketPool(128);
            ReceiveBuffer buffer = choices.pick(ReceiveBuffer.UNLIMITED, new ReceiveBuffer(2, 16, 1, 1, 1, 8));
            LinkParameters parameters = parameters().withBuffers(buffer, buffer);
            if (choices.chance(1, 2)) {
                parameters = parameters.withDataLink(DataLink.standard(RATE, 128, 100_000));
            }
            Link link = new Link(simulation, pool, "l", parameters);
            Prng prng = new Prng(choices.below(1L << 32));
            long tlpErrors = choices.below(40);
            long dllpErrors = choices.below(40);
            link.damage(
                    LinkFaults.rate(prng.child("up"), tlpErrors, dllpErrors, 100),
                    LinkFaults.rate(prng.child("down"), tlpErrors, dllpErrors, 100),
                    RETRAIN_PICOS);
            Arrivals root = new Arrivals(simulation, link.upstream(), choices.pick(0L, 5_000L));
            Arrivals device = new Arrivals(simulation, link.downstream(), 0);
            List<Integer> expected = new ArrayList<>();
            TransmitQueue up = link.downstream().queue("function");
            TransmitQueue down = link.upstream().queue("root");
            int count = 1 + (int) choices.below(40);
            for (int i = 0; i < count; i++) {
                expected.add(i);
                up.send(write(pool, i, 1 + (int) choices.below(128)));
                down.send(write(pool, i, 1 + (int) choices.below(128)));
            }
            simulation.runUntil(20_000_000_000L);
            assertThat(root.tags).isEqualTo(expected);
            assertThat(device.tags).isEqualTo(expected);
            assertThat(pool.takenCount()).isZero();
        });
    }

    @Test
    void faultsThatHitNothingChangeNothing() {
        Property.check(100, choices -> {
            long seed = choices.below(1L << 32);
            assertThat(arrivals(seed, true)).isEqualTo(arrivals(seed, false));
        });
    }

    private static List<String> arrivals(long seed, boolean withReplay) {
        Simulation simulation = new Simulation(1, Trace.off());
        Prng prng = new Prng(seed);
        PacketPool pool = new PacketPool(128);
        ReceiveBuffer buffer = new ReceiveBuffer(3, 24, 1, 1, 1, 8);
        DataLink dataLink = DataLink.standard(RATE, 128, 100_000);
        Link link = new Link(
                simulation, pool, "l", parameters().withBuffers(buffer, buffer).withDataLink(dataLink));
        if (withReplay) {
            link.damage(LinkFaults.tlps(), LinkFaults.tlps(), RETRAIN_PICOS);
        }
        Arrivals root = new Arrivals(simulation, link.upstream(), 0);
        Arrivals device = new Arrivals(simulation, link.downstream(), 5_000);
        TransmitQueue up = link.downstream().queue("function");
        TransmitQueue down = link.upstream().queue("root");
        for (int i = 0; i < 50; i++) {
            up.send(write(pool, i, 1 + (int) prng.below(128)));
            if (prng.chance(1, 2)) {
                down.send(write(pool, i, 1 + (int) prng.below(128)));
            }
            simulation.runUntil(simulation.nowPicos() + prng.below(300_000));
        }
        simulation.run();
        root.notes.addAll(device.notes);
        return root.notes;
    }

    @Test
    void aLinkWithoutAcksCannotReplay() {
        Simulation simulation = new Simulation(1, Trace.off());
        Link link = new Link(simulation, new PacketPool(128), "l", parameters().withDataLink(DataLink.none(0)));
        assertThatThrownBy(() -> link.damage(LinkFaults.tlps(1), LinkFaults.tlps(), 0))
                .hasMessageContaining("cannot replay");
    }
}
