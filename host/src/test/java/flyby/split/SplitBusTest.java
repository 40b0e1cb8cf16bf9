package flyby.split;

import static org.assertj.core.api.Assertions.assertThat;

import flyby.bus.Transaction;
import flyby.bus.Transaction.Kind;
import flyby.bus.Transaction.Status;
import flyby.bus.Transaction.Tenure;
import flyby.memory.PhysicalMemory;
import flyby.sim.Simulation;
import flyby.split.SplitBus.Mode;
import flyby.split.SplitBus.Timing;
import flyby.trace.Trace;
import flyby.trace.TraceSink;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/// Worked examples of the bus, all figures by hand: 16 bytes and 1 ns a beat, 60.25 ns to read, 30.5 ns to write.
final class SplitBusTest {
    private static final long MEMORY_BYTES = 1 << 16;

    private final List<String> told = new ArrayList<>();
    private final PhysicalMemory memory = new PhysicalMemory();
    private final Simulation simulation = new Simulation(1, Trace.off());

    private SplitBus bus(Mode mode) {
        return new SplitBus(simulation, "bus", Timing.PEER, memory, MEMORY_BYTES, mode);
    }

    private BusPort port(SplitBus bus, String name) {
        return bus.attach(name, (vector, asserted) -> told.add(name + " interrupt " + vector + " " + asserted));
    }

    private Transaction transaction(String name, Kind kind, long address, int byteCount) {
        Transaction transaction =
                new Transaction((it, status) -> told.add(simulation.nowPicos() + " " + name + " " + status), byteCount);
        transaction.begin(kind, address, byteCount, Tenure.RELEASE, 0);
        return transaction;
    }

    private void submitAt(long timePicos, BusPort port, Transaction transaction) {
        simulation.event("submit", () -> port.submit(transaction)).at(timePicos);
    }

    @ParameterizedTest
    @EnumSource
    void aReadTakesGrantRequestLatencyAndFourBeats(Mode mode) {
        // Granted at 1,000; request 1 beat; 60,250 of latency; 64 bytes are 4 beats.
        Transaction read = transaction("read", Kind.READ, 0x100, 64);
        memory.write64(0x138, 0x1122_3344_5566_7788L);
        port(bus(mode), "a").submit(read);
        simulation.run();
        assertThat(told).containsExactly("66250 read SUCCESS");
        assertThat(read.data()[0x38]).isEqualTo((byte) 0x88);
    }

    @ParameterizedTest
    @EnumSource
    void aWriteTakesFourBeatsLatencyAndAnAcknowledgement(Mode mode) {
        // Granted at 1,000; request 4 beats, to 5,000; in memory at 35,500; 1 beat of acknowledgement.
        Transaction write = transaction("write", Kind.WRITE, 0x100, 64);
        write.data()[63] = 0x55;
        port(bus(mode), "a").submit(write);
        simulation.runUntil(35_499);
        assertThat(memory.read8(0x13f)).as("not there a picosecond early").isZero();
        simulation.runUntil(35_500);
        assertThat(memory.read8(0x13f)).isEqualTo(0x55);
        simulation.run();
        assertThat(told).containsExactly("36500 write SUCCESS");
    }

    @ParameterizedTest
    @EnumSource
    void beatsAreWholeOnes(Mode mode) {
        // 1 byte is 1 beat, 17 are 2: requests 1,000-2,000 and, begun at 2,000, 3,000-5,000; ready at 32,500 and
        // 35,500; 1 beat of acknowledgement each.
        BusPort port = port(bus(mode), "a");
        port.submit(transaction("one", Kind.WRITE, 0, 1));
        port.submit(transaction("seventeen", Kind.WRITE, 0x20, 17));
        simulation.run();
        assertThat(told).containsExactly("33500 one SUCCESS", "36500 seventeen SUCCESS");
    }

    @ParameterizedTest
    @EnumSource
    void twoPortsShareBothChannels(Mode mode) {
        // Requests 1,000-2,000 and 2,000-3,000; ready 62,250 and 63,250; responses one behind the other.
        SplitBus bus = bus(mode);
        BusPort a = port(bus, "a");
        BusPort b = port(bus, "b");
        b.submit(transaction("b", Kind.READ, 0, 64));
        a.submit(transaction("a", Kind.READ, 64, 64));
        simulation.run();
        assertThat(told).containsExactly("66250 a SUCCESS", "70250 b SUCCESS");

        SplitBus.Statistics statistics = bus.statistics();
        assertThat(statistics.transactionCount()).isEqualTo(2);
        assertThat(statistics.requestBusyPicos()).isEqualTo(2_000);
        assertThat(statistics.responseBusyPicos()).isEqualTo(8_000);
        // h = 66250 + 0, then 31 h + 70250 + 1.
        assertThat(statistics.orderHash()).isEqualTo(2_124_001);
        assertThat(statistics.ports())
                .containsExactly(
                        new SplitBus.PortStatistics("a", 1, 64, 1_000, 1_000),
                        new SplitBus.PortStatistics("b", 1, 64, 2_000, 2_000));
    }

    @ParameterizedTest
    @EnumSource
    void aWriteOvertakesARead(Mode mode) {
        // Read: request 1,000-2,000, ready 62,250. Write: begun at 2,000, request 3,000-7,000, ready 37,500.
        BusPort port = port(bus(mode), "a");
        port.submit(transaction("read", Kind.READ, 0, 64));
        port.submit(transaction("write", Kind.WRITE, 0, 64));
        simulation.run();
        assertThat(told).containsExactly("38500 write SUCCESS", "66250 read SUCCESS");
    }

    @ParameterizedTest
    @EnumSource
    void arrivingOnAnEdgeMeansTheNextOne(Mode mode) {
        // Port a comes a picosecond before the edge at 1,000 and is granted on it; b comes on it and waits for the
        // channel; c comes on the edge at 9,000 with the channel free and is granted at 10,000.
        SplitBus bus = bus(mode);
        submitAt(999, port(bus, "a"), transaction("a", Kind.READ, 0, 16));
        submitAt(1_000, port(bus, "b"), transaction("b", Kind.READ, 0, 16));
        submitAt(9_000, port(bus, "c"), transaction("c", Kind.READ, 0, 16));
        simulation.run();
        assertThat(told).containsExactly("63250 a SUCCESS", "64250 b SUCCESS", "72250 c SUCCESS");
    }

    @ParameterizedTest
    @EnumSource
    void aRequestThatBeginsAsTheChannelFreesLosesAClock(Mode mode) {
        // One port, two reads: the second begins at 2,000, when the first ends, and is granted on the next edge.
        BusPort port = port(bus(mode), "a");
        port.submit(transaction("first", Kind.READ, 0, 16));
        port.submit(transaction("second", Kind.READ, 0, 16));
        simulation.run();
        assertThat(told).containsExactly("63250 first SUCCESS", "65250 second SUCCESS");
    }

    @ParameterizedTest
    @EnumSource
    void grantsGoRound(Mode mode) {
        SplitBus bus = bus(mode);
        for (String name : List.of("a", "b", "c")) {
            BusPort port = port(bus, name);
            for (int i = 0; i < 3; i++) {
                port.submit(transaction(name + i, Kind.READ, 0, 16));
            }
        }
        simulation.run();
        // The requests follow each other without a gap, each 1 beat, and so do the responses.
        assertThat(told)
                .containsExactly(
                        "63250 a0 SUCCESS",
                        "64250 b0 SUCCESS",
                        "65250 c0 SUCCESS", //
                        "66250 a1 SUCCESS",
                        "67250 b1 SUCCESS",
                        "68250 c1 SUCCESS", //
                        "69250 a2 SUCCESS",
                        "70250 b2 SUCCESS",
                        "71250 c2 SUCCESS");
    }

    @ParameterizedTest
    @EnumSource
    void theLastOfManyPortsGoesRoundToTheFirst(Mode mode) {
        SplitBus bus = bus(mode);
        List<BusPort> ports = new ArrayList<>();
        for (int i = 0; i < SplitBus.PORTS_MAX; i++) {
            ports.add(port(bus, "p" + i));
        }
        submitAt(0, ports.get(63), transaction("last", Kind.READ, 0, 16));
        submitAt(500, ports.get(62), transaction("before", Kind.READ, 0, 16));
        submitAt(1_500, ports.get(0), transaction("first", Kind.READ, 0, 16));
        submitAt(1_500, ports.get(63), transaction("again", Kind.READ, 0, 16));
        simulation.run();
        assertThat(told)
                .containsExactly(
                        "63250 before SUCCESS", "64250 last SUCCESS", "65250 first SUCCESS", "66250 again SUCCESS");
    }

    @ParameterizedTest
    @EnumSource
    void nothingAnswersBeyondTheMemory(Mode mode) {
        // An error carries no data: granted at 1,000, ready at 62,250, 1 beat.
        BusPort port = port(bus(mode), "a");
        port.submit(transaction("beyond", Kind.READ, MEMORY_BYTES, 64));
        simulation.run();
        assertThat(told).containsExactly("63250 beyond ADDRESS_ERROR");
    }

    @ParameterizedTest
    @EnumSource
    void anAccessOverTheEndMovesNothing(Mode mode) {
        // The write: request 1,000-5,000, ready 35,500. The read: request 6,000-7,000, ready 67,250. 1 beat each.
        BusPort port = port(bus(mode), "a");
        Transaction write = transaction("over", Kind.WRITE, MEMORY_BYTES - 63, 64);
        write.data()[0] = 1;
        port.submit(write);
        port.submit(transaction("top", Kind.READ, -64, 64));
        simulation.run();
        assertThat(told).containsExactly("36500 over ADDRESS_ERROR", "68250 top ADDRESS_ERROR");
        assertThat(memory.residentBytes()).isZero();
    }

    @ParameterizedTest
    @EnumSource
    void aPortIsAHost(Mode mode) {
        BusPort port = port(bus(mode), "a");
        port.interrupt(3, true);
        port.setCurrentTransfer(7);
        port.alarm("alarm", () -> told.add("alarm at " + port.nowPicos())).in(5);
        simulation.run();
        assertThat(told).containsExactly("a interrupt 3 true", "alarm at 5");
        assertThat(port.currentTransfer()).isEqualTo(7);
        assertThat(port.trace()).isSameAs(simulation.trace());
    }

    @ParameterizedTest
    @EnumSource
    void tracesShowBothChannels(Mode mode) {
        TraceSink sink = new TraceSink() {
            @Override
            public void defineTrack(int track, String group, String name) {
                told.add("track " + track + " " + group + "." + name);
            }

            @Override
            public void begin(long timePicos, int track, int name, long transfer, long argument) {
                told.add(timePicos + " begin " + track + " for " + transfer + " at " + argument);
            }

            @Override
            public void end(long timePicos, int track) {
                told.add(timePicos + " end " + track);
            }
        };
        Simulation traced = new Simulation(1, Trace.to(List.of(sink)));
        SplitBus bus = new SplitBus(traced, "bus", Timing.PEER, memory, MEMORY_BYTES, mode);
        Transaction read = new Transaction((it, status) -> told.add("told " + status), 64);
        read.begin(Kind.READ, 256, 64, Tenure.RELEASE, 9);
        port(bus, "a").submit(read);
        traced.run();
        assertThat(told)
                .containsExactly(
                        "track 0 bus.request",
                        "track 1 bus.response",
                        "1000 begin 0 for 9 at 256",
                        "2000 end 0",
                        "62250 begin 1 for 9 at 256",
                        "66250 end 1",
                        "told " + Status.SUCCESS);
    }
}
