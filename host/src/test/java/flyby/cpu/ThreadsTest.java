package flyby.cpu;

import static org.assertj.core.api.Assertions.assertThat;

import flyby.bus.Completion;
import flyby.bus.MemoryType;
import flyby.cache.Cache;
import flyby.classic.AddressMap;
import flyby.classic.BusTiming;
import flyby.classic.ClassicBus;
import flyby.memory.PhysicalMemory;
import flyby.sim.Simulation;
import flyby.trace.Trace;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

/// Threads, timers and memory types of a classic CPU. One clock is 1,000 ps; the way into a handler takes 3, out of it
/// 2, a context switch 5.
final class ThreadsTest {
    private static final long CLOCK = 1_000;

    private final Simulation simulation = new Simulation(0, Trace.off());
    private final InterruptLines lines = new InterruptLines();
    private final PhysicalMemory memory = new PhysicalMemory();
    private final ClassicBus bus =
            new ClassicBus(simulation, new BusTiming(CLOCK, 2, 4, 4, 1, 1), new AddressMap(memory, 0x1000), lines);
    private final CpuCore cpu =
            new CpuCore(simulation, bus, lines, new CpuTiming(0, 0, 0, 0, 0, 3, 2, 5), new WorkPattern(1, 6));
    private final List<String> seen = new ArrayList<>();

    @Test
    void threadsTakeTurnsAndOtherWorkFillsTheRest() {
        Completion first = new Completion("the timer");
        Completion second = new Completion("the thread");
        cpu.run(seam -> {
            seam.spawn("worker", () -> {
                seam.await(first);
                see("worker");
                seam.delay(3 * CLOCK);
                second.complete();
            });
            seam.timer("tick", first::complete).at(100 * CLOCK);
            seam.await(second);
            see("main");
            simulation.stop();
        });
        simulation.run();

        // Idle from 5 on, on the worker's stack; units of 10 clocks; the bus cycle that begins at 95 ends at 99, the
        // clocks without the bus at 105: then the handler, the worker, and a switch.
        assertThat(seen).containsExactly("110 worker", "118 main");
        assertThat(cpu.workUnits()).isEqualTo(10);
    }

    @Test
    void aWaitEndsWhenItsTimeIsOut() {
        boolean[] complete = {true};
        cpu.run(seam -> {
            complete[0] = seam.await(new Completion("nothing"), 42 * CLOCK);
            see("main");
            simulation.stop();
        });
        simulation.run();

        assertThat(complete[0]).isFalse();
        assertThat(seen).containsExactly("49 main");
    }

    @Test
    void whatIsUncachedGoesAroundTheCache() {
        Cache cache = new Cache(64, 1, 16, cpu.backing());
        cpu.cache(cache);
        int[] got = new int[2];
        cpu.run(seam -> {
            seam.store8(0x100, 1);
            assertThat(memory.read8(0x100)).as("in the cache alone").isZero();
            seam.setMemoryType(0x100, 16, MemoryType.UNCACHED);
            assertThat(memory.read8(0x100)).as("written back").isEqualTo(1);
            seam.store8(0x101, 2);
            assertThat(memory.read8(0x101)).isEqualTo(2);
            memory.write8(0x102, 3);
            got[0] = seam.load8(0x102);
            assertThat(cache.holds(0x100)).isFalse();
            seam.setMemoryType(0x100, 16, MemoryType.WRITE_BACK);
            got[1] = seam.load8(0x101);
            assertThat(cache.holds(0x100)).isTrue();
            simulation.stop();
        });
        simulation.run();

        assertThat(got).containsExactly(3, 2);
    }

    private void see(String what) {
        seen.add(simulation.nowPicos() / CLOCK + " " + what);
    }
}
