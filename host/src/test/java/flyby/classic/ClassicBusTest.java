package flyby.classic;

import static org.assertj.core.api.Assertions.assertThat;

import flyby.bus.Transaction.Status;
import flyby.bus.Transaction.Tenure;
import flyby.memory.PhysicalMemory;
import flyby.sim.Simulation;
import flyby.trace.Trace;
import org.junit.jupiter.api.Test;

/// The handshake, clock by clock, on a bus that the CPU does not use. All expected times were worked out by hand:
/// HLDA one clock after HOLD, cycles of four clocks, the CPU drives the bus again one clock after the last.
final class ClassicBusTest {
    private static final long CLOCK = 1_000;

    private final Simulation simulation = new Simulation(0, Trace.off());
    private final PhysicalMemory memory = new PhysicalMemory();
    private final ClassicBus bus = new ClassicBus(
            simulation, new BusTiming(CLOCK, 2, 4, 4, 1, 1), new AddressMap(memory, 0x1000), (line, asserted) -> {});

    ClassicBusTest() {
        bus.cpuIdleUntil(Long.MAX_VALUE);
    }

    @Test
    void aBurstPaysForTheHandshakeOnce() {
        TestMaster master = master("m", TestMaster::burst);

        at(0, () -> master.start(3));
        simulation.run();

        assertThat(master.endsPicos()).containsExactly(5_000L, 9_000L, 13_000L);
        assertThat(bus.use().masterPicos()).isEqualTo(12_000);
        assertThat(bus.use().handoverPicos()).isEqualTo(2_000);
    }

    @Test
    void cycleStealingPaysForItEachTime() {
        TestMaster master = master("m", left -> Tenure.RELEASE);

        at(0, () -> master.start(3));
        simulation.run();

        assertThat(master.endsPicos()).containsExactly(5_000L, 11_000L, 17_000L);
        assertThat(bus.use().handoverPicos()).isEqualTo(6_000);
    }

    @Test
    void transparentAccessesNeedNoHandshake() {
        TestMaster master = master("m", left -> Tenure.HIDDEN);

        at(0, () -> master.start(3));
        simulation.run();

        assertThat(master.endsPicos()).containsExactly(4_000L, 8_000L, 12_000L);
        assertThat(bus.use().handoverPicos()).isZero();
    }

    @Test
    void transparentAccessesThatDoNotFitWaitForTheNextIdleTime() {
        TestMaster master = master("m", left -> Tenure.HIDDEN);

        at(0, () -> {
            bus.cpuIdleUntil(3 * CLOCK);
            master.start(1);
        });
        at(10 * CLOCK, () -> bus.cpuIdleUntil(14 * CLOCK));
        simulation.run();

        assertThat(master.endsPicos()).containsExactly(14_000L);
    }

    @Test
    void aRequestBetweenTwoEdgesIsSeenAtTheSecond() {
        TestMaster master = master("m", TestMaster::burst);

        at(300, () -> master.start(1));
        simulation.run();

        // Seen at 1 clock, acknowledged at 2, over at 6.
        assertThat(master.endsPicos()).containsExactly(6_000L);
    }

    @Test
    void theCpuFinishesItsCycleFirst() {
        TestMaster master = master("m", TestMaster::burst);

        at(0, () -> bus.cpuBegins(0, 4, false, true));
        at(CLOCK, () -> master.start(1));
        at(4 * CLOCK, () -> bus.cpuEnds(0));
        simulation.run();

        assertThat(master.endsPicos()).containsExactly(8_000L);
    }

    @Test
    void theCpuMayStartAtTheEdgeOfARequestAndNotAfterIt() {
        TestMaster master = master("m", TestMaster::burst);
        boolean[] may = new boolean[3];

        at(0, () -> {
            master.start(1);
            may[0] = bus.cpuMayStart();
        });
        at(500, () -> may[1] = bus.cpuMayStart());
        at(6 * CLOCK, () -> may[2] = bus.cpuMayStart());
        simulation.run();

        assertThat(may).containsExactly(true, false, true);
    }

    @Test
    void twoMastersTakeTurns() {
        TestMaster first = master("a", left -> Tenure.RELEASE);
        TestMaster second = master("b", left -> Tenure.RELEASE);

        at(0, () -> {
            first.start(2);
            second.start(2);
        });
        simulation.run();

        assertThat(first.endsPicos()).containsExactly(5_000L, 17_000L);
        assertThat(second.endsPicos()).containsExactly(11_000L, 23_000L);
    }

    @Test
    void bytesAppearAtTheEndOfTheCycle() {
        TestMaster master = master("m", TestMaster::burst);
        int[] seen = new int[2];

        at(0, () -> master.start(1));
        at(4_999, () -> seen[0] = memory.read8(0x100));
        at(5_001, () -> seen[1] = memory.read8(0x100));
        simulation.run();

        assertThat(seen).containsExactly(0, 1);
    }

    @Test
    void whereNothingAnswersTheAccessFails() {
        TestMaster master = new TestMaster(bus.slot("m", 0), 0x1000, TestMaster::burst);

        at(0, () -> master.start(1));
        simulation.run();

        assertThat(master.statuses()).containsExactly(Status.ADDRESS_ERROR);
        assertThat(memory.residentBytes()).isZero();
    }

    @Test
    void aBurstThatFailsGivesTheBusBack() {
        TestMaster master = new TestMaster(bus.slot("m", 0), 0x1000, left -> Tenure.HOLD);

        at(0, () -> master.start(1));
        simulation.run();

        assertThat(master.statuses()).containsExactly(Status.ADDRESS_ERROR);
        assertThat(bus.cpuMayStart()).isTrue();
    }

    /// The hidden access that runs when HOLD rises ends at 4; HLDA follows at once.
    @Test
    void unusedTimeIsNotUsedAgainstAMasterWhoHolds() {
        TestMaster hidden = master("hidden", left -> Tenure.HIDDEN);
        TestMaster holding = master("holding", TestMaster::burst);

        at(0, () -> hidden.start(10));
        at(2 * CLOCK, () -> holding.start(1));
        simulation.run();

        assertThat(holding.endsPicos()).containsExactly(8_000L);
        assertThat(hidden.endsPicos()).hasSize(10).startsWith(4_000L, 13_000L);
        // From the end of the hidden access to HLDA nothing, and a clock to give the bus back.
        assertThat(bus.use().handoverPicos()).isEqualTo(1_000);
    }

    @Test
    void twoMastersShareTheUnusedTime() {
        TestMaster first = master("a", left -> Tenure.HIDDEN);
        TestMaster second = master("b", left -> Tenure.HIDDEN);

        at(0, () -> {
            first.start(2);
            second.start(2);
        });
        simulation.run();

        assertThat(first.endsPicos()).containsExactly(4_000L, 12_000L);
        assertThat(second.endsPicos()).containsExactly(8_000L, 16_000L);
    }

    private TestMaster master(String name, java.util.function.IntFunction<Tenure> tenures) {
        return new TestMaster(bus.slot(name, 0), 0x100, tenures);
    }

    private void at(long timePicos, Runnable action) {
        simulation.event("test", action).at(timePicos);
    }
}
