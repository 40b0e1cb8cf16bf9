package flyby.cpu;

import static org.assertj.core.api.Assertions.assertThat;

import flyby.bus.Completion;
import flyby.classic.AddressMap;
import flyby.classic.BusTiming;
import flyby.classic.ClassicBus;
import flyby.classic.Slot;
import flyby.classic.TestMaster;
import flyby.memory.PhysicalMemory;
import flyby.sim.Simulation;
import flyby.trace.Ledger;
import flyby.trace.Trace;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/// Interrupts at awkward moments. One clock is 1,000 ps; a bus cycle takes four, the way into a handler 3, out of
/// it 2.
final class InterruptTest {
    private static final long CLOCK = 1_000;

    private final Ledger ledger = new Ledger();
    private final Simulation simulation = new Simulation(0, Trace.to(List.of(ledger)));
    private final InterruptLines lines = new InterruptLines();
    private final ClassicBus bus = new ClassicBus(
            simulation, new BusTiming(CLOCK, 2, 4, 4, 1, 1), new AddressMap(new PhysicalMemory(), 0x1000), lines);
    private final Slot slot = bus.slot("device", 3);

    /// Eight bytes are four loads of four clocks; the interrupt comes within the second.
    @Test
    void aCopyGoesOnAsACopyAfterAnInterrupt() {
        CpuCore cpu = cpu(WorkPattern.NONE);
        cpu.run(seam -> {
            seam.requestInterrupt(3, () -> slot.interrupt(0, false));
            seam.beginTransfer(8);
            seam.loadBytes(0, new byte[8], 0, 8);
            seam.endTransfer();
        });
        simulation.event("raise", () -> slot.interrupt(0, true)).at(6 * CLOCK);
        simulation.run();

        assertThat(ledger.totalsPicos())
                .containsExactlyInAnyOrderEntriesOf(Map.of("copy", 16 * CLOCK + 3 * CLOCK, "wake-up", 2 * CLOCK));
        assertThat(cpu.interruptCount()).isEqualTo(1);
    }

    /// Wherever the interrupt falls into the other work and a burst beside it, the waiter goes on.
    @ParameterizedTest
    @ValueSource(ints = {0, 1})
    void noInterruptIsLost(int busCycles) {
        for (long at = 0; at < 60 * CLOCK; at += 250) {
            InterruptTest fresh = new InterruptTest();
            Completion done = new Completion("the interrupt");
            boolean[] finished = new boolean[1];
            fresh.cpu(new WorkPattern(busCycles, 6)).run(seam -> {
                seam.requestInterrupt(3, () -> {
                    fresh.slot.interrupt(0, false);
                    done.complete();
                });
                seam.await(done);
                finished[0] = true;
                fresh.simulation.stop();
            });
            TestMaster master = new TestMaster(fresh.bus.slot("master", 4), 0x100, TestMaster::burst);
            fresh.simulation.event("burst", () -> master.start(5)).at(7 * CLOCK);
            fresh.simulation.event("raise", () -> fresh.slot.interrupt(0, true)).at(at);
            fresh.simulation.runUntil(200 * CLOCK);

            assertThat(finished[0]).as("raised at %d ps", at).isTrue();
        }
    }

    @Test
    void anInterruptThatIsTakenBackInTimeIsNotTaken() {
        CpuCore cpu = cpu(new WorkPattern(1, 6));
        cpu.run(seam -> {
            seam.requestInterrupt(3, () -> {});
            seam.await(new Completion("nothing"));
        });
        simulation.event("raise", () -> slot.interrupt(0, true)).at(CLOCK);
        simulation.event("take back", () -> slot.interrupt(0, false)).at(2 * CLOCK);
        simulation.runUntil(100 * CLOCK);

        assertThat(cpu.interruptCount()).isZero();
        assertThat(cpu.workUnits()).isEqualTo(10);
    }

    private CpuCore cpu(WorkPattern pattern) {
        return new CpuCore(simulation, bus, lines, new CpuTiming(0, 0, 0, 0, 0, 3, 2, 5), pattern);
    }
}
