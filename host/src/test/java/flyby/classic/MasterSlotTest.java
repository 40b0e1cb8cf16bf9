package flyby.classic;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import flyby.bus.Transaction.Tenure;
import flyby.memory.PhysicalMemory;
import flyby.sim.Simulation;
import flyby.trace.Trace;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/// HOLD and HLDA for a master that runs its own cycles. All expected times were worked out by hand: HLDA two clocks
/// after HOLD, the CPU drives the bus again three clocks after the last, the master's cycles take five clocks.
final class MasterSlotTest {
    private static final long CLOCK = 1_000;

    private final Simulation simulation = new Simulation(0, Trace.off());
    private final PhysicalMemory memory = new PhysicalMemory();
    private final ClassicBus bus = new ClassicBus(
            simulation, new BusTiming(CLOCK, 2, 4, 4, 2, 3), new AddressMap(memory, 0x1000), (line, asserted) -> {});

    MasterSlotTest() {
        bus.cpuIdleUntil(Long.MAX_VALUE);
    }

    /// Whether the master goes from alarm to alarm or runs ahead makes no difference.
    @ParameterizedTest
    @ValueSource(booleans = {false, true})
    void itKeepsTheBusUntilItDropsHold(boolean runsAhead) {
        OwnCycleMaster master = master("m", false, runsAhead);

        at(0, () -> master.start(1, 3));
        simulation.run();

        assertThat(master.heard())
                .containsExactly("HLDA 2000", "cycle 7000", "cycle 12000", "cycle 17000", "free 17000");
        assertThat(memory.read32(0x100)).isEqualTo(0x030201);
        assertThat(bus.use().masterPicos()).isEqualTo(15_000);
        assertThat(bus.use().masterBytes()).isEqualTo(3);
        assertThat(bus.use().heldPicos()).isEqualTo(15_000);
        assertThat(bus.use().handoverPicos()).isEqualTo(5_000);
    }

    /// HOLD rises again at 7, within the release; the CPU has the bus back at 10 and does not want it; HLDA at 12.
    @ParameterizedTest
    @ValueSource(booleans = {false, true})
    void holdMayRiseAgainWithinTheRelease(boolean runsAhead) {
        OwnCycleMaster master = master("m", false, runsAhead);

        at(0, () -> master.start(2, 1));
        simulation.run();

        assertThat(master.heard())
                .containsExactly("HLDA 2000", "cycle 7000", "free 7000", "HLDA 12000", "cycle 17000", "free 17000");
    }

    @ParameterizedTest
    @ValueSource(booleans = {false, true})
    void afterAReleaseTheCpuHasACycleFirst(boolean runsAhead) {
        OwnCycleMaster master = master("m", false, runsAhead);
        long[] began = new long[1];

        at(0, () -> master.start(2, 1));
        at(
                3 * CLOCK,
                () -> bus.cpuWaits(() -> {
                    began[0] = simulation.nowPicos();
                    bus.cpuBegins(0, 4, false, true);
                }));
        at(14 * CLOCK, () -> bus.cpuEnds(0));
        simulation.run();

        assertThat(began[0]).isEqualTo(10_000);
        assertThat(master.heard()).contains("HLDA 14000", "free 19000");
    }

    /// The cycle of the CPU from 0 to 4 ends after the two clocks that HLDA takes. What it does at its end comes
    /// before HLDA, or a device would not hear the CPU any more.
    @Test
    void theCpuFinishesItsCycleFirst() {
        OwnCycleMaster master = master("m", false, false);

        at(0, () -> bus.cpuBegins(0, 4, false, true));
        at(CLOCK, () -> master.start(1, 1));
        at(4 * CLOCK, () -> {
            bus.cpuEnds(0);
            assertThat(master.heard()).isEmpty();
        });
        simulation.run();

        assertThat(master.heard()).startsWith("HLDA 4000");
    }

    @Test
    void aHoldThatFallsBetweenTwoEdgesGivesTheBusBackAfterTheSecond() {
        OwnCycleMaster master = new OwnCycleMaster(bus.masterSlot("m", 0), 4_500, false, false);
        boolean[] may = new boolean[2];

        at(0, () -> master.start(1, 1));
        at(9_999, () -> may[0] = bus.cpuMayStart());
        at(10_000, () -> may[1] = bus.cpuMayStart());
        simulation.run();

        // HOLD falls at 6.5, is seen at 7, and the CPU drives the bus at 10.
        assertThat(master.heard()).endsWith("free 6500");
        assertThat(may).containsExactly(false, true);
    }

    @Test
    void twoMastersTakeTurns() {
        OwnCycleMaster first = master("a", false, false);
        OwnCycleMaster second = master("b", false, true);
        TestMaster third = new TestMaster(bus.slot("c", 0), 0x200, left -> Tenure.RELEASE);

        at(0, () -> {
            first.start(2, 1);
            second.start(1, 1);
            third.start(1);
        });
        simulation.run();

        assertThat(first.heard()).contains("cycle 7000", "cycle 36000");
        assertThat(second.heard()).contains("HLDA 12000", "cycle 17000");
        assertThat(third.endsPicos()).containsExactly(26_000L);
    }

    @Test
    void aHoldThatIsWithdrawnLeavesTheBusToTheCpu() {
        OwnCycleMaster master = master("m", false, false);
        boolean[] may = new boolean[2];

        at(0, () -> master.start(1, 1));
        at(CLOCK, () -> may[0] = bus.cpuMayStart());
        at(CLOCK + 1, master::withdraw);
        at(CLOCK + 2, () -> may[1] = bus.cpuMayStart());
        simulation.run();

        assertThat(master.heard()).isEmpty();
        assertThat(may).containsExactly(false, true);
    }

    /// Hidden: no handshake, at once if the CPU will be idle for long enough.
    @ParameterizedTest
    @ValueSource(booleans = {false, true})
    void aHiddenHoldUsesOnlyIdleTime(boolean runsAhead) {
        OwnCycleMaster master = master("m", true, runsAhead);

        at(0, () -> {
            bus.cpuIdleUntil(9 * CLOCK);
            master.start(1, 2);
        });
        at(20 * CLOCK, () -> bus.cpuIdleUntil(30 * CLOCK));
        simulation.run();

        assertThat(master.heard()).containsExactly("HLDA 20000", "cycle 25000", "cycle 30000", "free 30000");
        assertThat(bus.use().handoverPicos()).isZero();
    }

    @Test
    void theCpuMayStartAsAHiddenHoldEndsWhicheverEventComesFirst() {
        boolean[] may = new boolean[2];
        at(5 * CLOCK, () -> may[0] = bus.cpuMayStart());
        OwnCycleMaster master = master("m", true, false);
        at(0, () -> {
            bus.cpuIdleUntil(5 * CLOCK);
            master.start(1, 1);
        });
        at(5 * CLOCK, () -> may[1] = bus.cpuMayStart());
        simulation.run();

        assertThat(may).containsExactly(true, true);
    }

    /// HOLD at 2 finds a hidden hold that ends at 10; HLDA follows at once.
    @Test
    void whoeverHoldsWaitsForTheEndOfAHiddenHold() {
        OwnCycleMaster hidden = master("hidden", true, false);
        TestMaster holding = new TestMaster(bus.slot("holding", 0), 0x200, TestMaster::burst);

        at(0, () -> hidden.start(1, 2));
        at(2 * CLOCK, () -> holding.start(1));
        simulation.run();

        assertThat(hidden.heard()).endsWith("free 10000");
        assertThat(holding.endsPicos()).containsExactly(14_000L);
    }

    @Test
    void aHiddenHoldThatIsWithdrawnLeavesRoomForAnother() {
        OwnCycleMaster first = master("a", true, false);
        OwnCycleMaster second = master("b", true, false);

        at(500, () -> {
            first.start(1, 1);
            second.start(1, 1);
            first.withdraw();
        });
        simulation.run();

        assertThat(first.heard()).isEmpty();
        assertThat(second.heard()).startsWith("HLDA 1000");
    }

    @Test
    void whereNothingAnswersAllLinesAreHigh() {
        MasterSlot slot = bus.masterSlot("m", 0);
        int[] read = new int[2];
        slot.connect(asserted -> {
            if (asserted) {
                slot.writeMemory(0x1000, 2, 0x1234);
                slot.writeMemory(0x300, 2, 0x1234);
                read[0] = slot.readMemory(0x1000, 2);
                read[1] = slot.readMemory(0x300, 2);
            }
        });
        at(0, () -> slot.hold(true, false, 0));
        simulation.run();

        assertThat(read).containsExactly(0xffff, 0x1234);
    }

    @Test
    void withoutHldaThereAreNoCycles() {
        MasterSlot slot = bus.masterSlot("m", 0);

        assertThatThrownBy(() -> slot.readMemory(0, 1)).hasMessageContaining("without HLDA");
    }

    @Test
    void aHiddenHoldThatLastsTooLongIsABug() {
        MasterSlot slot = bus.masterSlot("m", 0);
        at(0, () -> slot.hold(true, true, 3 * CLOCK));
        at(3 * CLOCK + 1, () -> slot.hold(false, true, 0));

        assertThatThrownBy(simulation::run).hasMessageContaining("longer than it said");
    }

    private OwnCycleMaster master(String name, boolean hidden, boolean runsAhead) {
        return new OwnCycleMaster(bus.masterSlot(name, 0), 5 * CLOCK, hidden, runsAhead);
    }

    private void at(long timePicos, Runnable action) {
        simulation.event("test", action).at(timePicos);
    }
}
