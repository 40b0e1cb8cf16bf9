package flyby.link;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import flyby.base.LabException;
import flyby.pcie.FlowClass;
import flyby.pcie.Generation;
import flyby.pcie.LinkRate;
import flyby.pcie.LinkWidth;
import flyby.pcie.Packet;
import flyby.pcie.PacketPool;
import flyby.pcie.Segmentation;
import flyby.pcie.WriteRun;
import flyby.sim.Simulation;
import flyby.trace.Trace;
import org.junit.jupiter.api.Test;

/// Worked examples on Gen1 x4, where a byte takes 1 ns exactly, with 100 ns of propagation.
final class LinkTest {
    private static final LinkRate RATE = new LinkRate(Generation.GEN1, LinkWidth.X4);
    private static final long NS = 1_000;

    private final Simulation simulation = new Simulation(1, Trace.off());
    private final PacketPool pool = new PacketPool(256);

    private static LinkParameters plain() {
        return LinkParameters.of(RATE, 256, 100 * NS).withDataLink(DataLink.none(0));
    }

    private Link link(LinkParameters parameters) {
        return new Link(simulation, pool, "nvme0", parameters);
    }

    private Packet write(int tag, int byteCount) {
        return pool.take().request(Packet.Kind.MEMORY_WRITE, 0x100, tag, 0x1000, byteCount);
    }

    @Test
    void aPacketTakesItsTimeOnTheWireAndThePropagation() {
        Link link = link(plain());
        Arrivals root = new Arrivals(simulation, link.upstream(), 0);
        link.downstream().queue("function").send(write(7, 64));
        simulation.run();
        assertThat(root.notes)
                .as("decided after 1 ps; 8 bytes of the link, 12 of header, 64 of payload; 100 ns")
                .containsExactly("184001 MEMORY_WRITE 100 tag 7 at 0x1000+64");
        assertThat(link.upstreamTraffic().busyPicos()).isEqualTo(84 * NS);
        assertThat(link.upstreamTraffic().payloadBytes()).isEqualTo(64);
        assertThat(pool.takenCount()).isZero();
    }

    @Test
    void sourcesTakeTurnsPacketByPacket() {
        Link link = link(plain());
        Arrivals root = new Arrivals(simulation, link.upstream(), 0);
        TransmitQueue one = link.downstream().queue("one");
        TransmitQueue two = link.downstream().queue("two");
        one.send(write(1, 4));
        one.send(write(2, 4));
        one.send(write(3, 4));
        two.send(write(11, 4));
        two.send(write(12, 4));
        simulation.run();
        assertThat(root.tags).containsExactly(1, 11, 2, 12, 3);
    }

    @Test
    void aRunIsCutAsSegmentationSays() {
        Link link = link(plain());
        Arrivals root = new Arrivals(simulation, link.upstream(), 0);
        StringBuilder sent = new StringBuilder();
        WriteRun run = new WriteRun(_ -> sent.append(simulation.nowPicos()));
        run.begin(new byte[600], 0, 600, 0x100, 0xff80, new Segmentation(256, 512, 64), 0);
        link.downstream().queue("function").send(run);
        simulation.run();
        assertThat(root.notes)
                .containsExactly(
                        "248001 MEMORY_WRITE 100 tag 0 at 0xff80+128",
                        "524001 MEMORY_WRITE 100 tag 0 at 0x10000+256",
                        "760001 MEMORY_WRITE 100 tag 0 at 0x10100+216");
        assertThat(sent).hasToString("660001");
    }

    @Test
    void creditsStopThePacketAndComeBack() {
        ReceiveBuffer two = ReceiveBuffer.endpoint(2, 16, 1, 1);
        Link link = link(plain().withBuffers(two, two).withDataLink(DataLink.none(50 * NS)));
        Arrivals root = new Arrivals(simulation, link.upstream(), 1_000 * NS);
        TransmitQueue queue = link.downstream().queue("function");
        for (int i = 0; i < 3; i++) {
            queue.send(write(i, 64));
        }
        simulation.runUntil(200 * NS);
        assertThat(link.waiting())
                .containsExactly("link nvme0 downstream: 1 posted packets of function wait for a header credit");
        simulation.run();
        assertThat(root.notes.getLast())
                .as("the first comes at 184.001, is freed at 1,184.001, known at 1,234.001, decided 1 ps later")
                .startsWith("1418002 ");
        assertThat(link.upstreamTraffic().stalledPicos(FlowClass.POSTED))
                .as("from the end of the second packet on")
                .isEqualTo(1_234_002 - 168_001);
        assertThat(link.waiting()).isEmpty();
    }

    @Test
    void dataCreditsCountInSixteenBytes() {
        ReceiveBuffer room = ReceiveBuffer.endpoint(8, 16, 1, 1);
        Link link = link(plain().withBuffers(room, room));
        Arrivals root = new Arrivals(simulation, link.upstream(), -1);
        TransmitQueue queue = link.downstream().queue("function");
        queue.send(write(0, 65));
        queue.send(write(1, 176));
        queue.send(write(2, 1));
        simulation.run();
        assertThat(root.tags).as("5 units and 11").containsExactly(0, 1);
        assertThat(link.waiting())
                .containsExactly("link nvme0 downstream: 1 posted packets of function wait for 1 data credits");
        root.freeOne();
        simulation.run();
        assertThat(root.tags).containsExactly(0, 1, 2);
    }

    @Test
    void updatesTakeTheOtherDirectionsWire() {
        ReceiveBuffer one = ReceiveBuffer.endpoint(1, 16, 1, 1);
        DataLink dataLink = new DataLink(true, false, 0, 20 * NS);
        Link link = link(plain().withBuffers(one, one).withDataLink(dataLink));
        Arrivals root = new Arrivals(simulation, link.upstream(), 0);
        TransmitQueue queue = link.downstream().queue("function");
        queue.send(write(0, 64));
        queue.send(write(1, 64));
        simulation.run();
        assertThat(root.notes.getLast())
                .as("freed at 184.001, UpdateFC due 20 later, 8 on the wire, 100 on the way, 1 ps, 84 and 100")
                .startsWith("496002 ");
        simulation.runUntil(1_000 * NS);
        assertThat(link.downstreamTraffic().dataLinkPackets())
                .as("an Ack and an UpdateFC of each")
                .isEqualTo(4);
    }

    @Test
    void whatIsSentOnALinkThatIsDownIsLost() {
        Link link = link(plain());
        Arrivals root = new Arrivals(simulation, link.upstream(), 0);
        TransmitQueue queue = link.downstream().queue("function");
        StringBuilder sent = new StringBuilder();
        WriteRun run = new WriteRun(done -> sent.append(done.leftBytes()));
        run.begin(new byte[1000], 0, 1000, 0x100, 0x10000, new Segmentation(256, 512, 64), 0);
        queue.send(write(0, 64));
        queue.send(write(1, 64));
        queue.send(run);
        simulation.runUntil(100 * NS);
        link.takeDown();
        assertThat(sent).as("abandoned").hasToString("0");
        queue.send(write(2, 64));
        simulation.runUntil(1_000 * NS);
        link.bringUp();
        queue.send(write(3, 64));
        simulation.run();
        assertThat(root.notes)
                .containsExactly("100000 down", "1000000 up", "1184001 MEMORY_WRITE 100 tag 3 at 0x1000+64");
        assertThat(pool.takenCount()).isZero();
    }

    @Test
    void roomForLessThanOnePacketIsRefused() {
        ReceiveBuffer small = ReceiveBuffer.endpoint(1, 15, 1, 1);
        assertThatThrownBy(() -> link(plain().withBuffers(small, small)))
                .isInstanceOf(LabException.class)
                .hasMessage("link nvme0 upstream: found 15 credits for posted data, expected 16 or more");
        ReceiveBuffer none = ReceiveBuffer.endpoint(0, 16, 1, 1);
        assertThatThrownBy(() -> link(plain().withBuffers(none, none))).hasMessageContaining("posted headers");
    }
}
