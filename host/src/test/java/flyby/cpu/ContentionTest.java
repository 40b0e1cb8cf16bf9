package flyby.cpu;

import static org.assertj.core.api.Assertions.assertThat;

import flyby.bus.Completion;
import flyby.bus.Transaction.Tenure;
import flyby.classic.AddressMap;
import flyby.classic.BusTiming;
import flyby.classic.ClassicBus;
import flyby.classic.TestMaster;
import flyby.memory.PhysicalMemory;
import flyby.sim.Simulation;
import flyby.trace.Trace;
import java.util.function.IntFunction;
import org.junit.jupiter.api.Test;

/// CPU and master on one bus, clock by clock. A unit of the CPU's work is one bus cycle of four clocks and
/// `internal` clocks without the bus; the master asks at clock 0. All expected times were worked out by hand.
final class ContentionTest {
    private static final long CLOCK = 1_000;

    private record Outcome(CpuCore cpu, TestMaster master) {}

    /// ```
    /// clock   0    4  5    8 9    13     17 18   22     26 27
    /// CPU     |bus |in|stall-|bus |in|stall-|bus |in|stall-|
    /// master       |word 1|       |word 2|       |word 3|
    /// ```
    /// HLDA comes when the CPU's cycle ends; the CPU wants the bus two clocks later and has it at clock 9.
    @Test
    void cycleStealingGivesTheCpuACycleAfterEachOfItsOwn() {
        Outcome seen = run(2, left -> Tenure.RELEASE, 3, 27 * CLOCK);

        assertThat(seen.master.endsPicos()).containsExactly(8_000L, 17_000L, 26_000L);
        assertThat(seen.cpu.stallPicos()).isEqualTo(3 * 3 * CLOCK);
        assertThat(seen.cpu.workUnits()).isEqualTo(3);
    }

    /// The CPU wants the bus at clock 6 and has it at clock 17, one clock after the third word.
    @Test
    void aBurstStallsTheCpuUntilItsEnd() {
        Outcome seen = run(2, TestMaster::burst, 3, 17 * CLOCK);

        assertThat(seen.master.endsPicos()).containsExactly(8_000L, 12_000L, 16_000L);
        assertThat(seen.cpu.stallPicos()).isEqualTo(11 * CLOCK);
        assertThat(seen.cpu.workUnits()).isEqualTo(1);
    }

    /// Units of 4 + 5 clocks: the words fit into the CPU's clocks 4 to 9, 13 to 18, 22 to 27.
    @Test
    void transparentTransfersCostTheCpuNothing() {
        Outcome seen = run(5, left -> Tenure.HIDDEN, 3, 27 * CLOCK);

        assertThat(seen.master.endsPicos()).containsExactly(8_000L, 17_000L, 26_000L);
        assertThat(seen.cpu.stallPicos()).isZero();
        assertThat(seen.cpu.workUnits()).isEqualTo(3);
    }

    /// Eight clocks without the bus hold two words of four each.
    @Test
    void twoWordsFitIntoALongIdleTime() {
        Outcome seen = run(8, left -> Tenure.HIDDEN, 3, 24 * CLOCK);

        assertThat(seen.master.endsPicos()).containsExactly(8_000L, 12_000L, 20_000L);
        assertThat(seen.cpu.stallPicos()).isZero();
    }

    @Test
    void withoutContentionTheCpuDoesAllItsWork() {
        Outcome seen = run(2, left -> Tenure.RELEASE, 0, 60 * CLOCK);

        assertThat(seen.cpu.workUnits()).isEqualTo(10);
        assertThat(seen.cpu.stallPicos()).isZero();
    }

    private static Outcome run(int internal, IntFunction<Tenure> tenures, int words, long untilPicos) {
        Simulation simulation = new Simulation(0, Trace.off());
        AddressMap map = new AddressMap(new PhysicalMemory(), 0x1000);
        InterruptLines lines = new InterruptLines();
        ClassicBus bus = new ClassicBus(simulation, new BusTiming(CLOCK, 2, 4, 4, 1, 1), map, lines);
        CpuTiming timing = new CpuTiming(0, 0, 0, 0, 0, 0, 0, 0);
        CpuCore cpu = new CpuCore(simulation, bus, lines, timing, new WorkPattern(1, internal));
        cpu.run(seam -> seam.await(new Completion("nothing")));
        TestMaster master = new TestMaster(bus.slot("master", 0), 0x100, tenures);
        if (words > 0) {
            simulation.event("start", () -> master.start(words)).at(0);
        }
        simulation.runUntil(untilPicos);
        return new Outcome(cpu, master);
    }
}
