package flyby.sim;

import static org.assertj.core.api.Assertions.assertThat;

import flyby.trace.HashSink;
import flyby.trace.Trace;
import java.lang.management.ManagementFactory;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/// The steady state allocates nothing, counted by the JVM for this thread.
final class NoAllocationTest {
    /// Far less than one byte an event, and enough for what the JVM does beside us.
    private static final long NOISE_BYTES = 16_384;

    private static final long EVENT_COUNT = 1_000_000;

    private static final class Ticker extends Event {
        private final Prng prng;
        private final Simulation world;
        private final int track;
        private long left;

        Ticker(Simulation simulation, int index) {
            super(simulation, "ticker" + index);
            this.world = simulation;
            this.prng = simulation.prng().child("ticker" + index);
            this.track = simulation.trace().track("tickers", "ticker" + index);
        }

        @Override
        protected void fire() {
            world.trace().instant(world.nowPicos(), track, 0, 1, left);
            // Some set themselves twice and some run ahead, so that stale keys and open holes are part of it.
            if (prng.chance(1, 4)) {
                in(prng.below(1 << 20));
            }
            long horizon = world.horizonPicos();
            if (horizon > world.nowPicos() + 1 && horizon != Event.NEVER) {
                world.advanceTo(horizon - 1);
            }
            in(prng.below(1 << 24));
        }
    }

    @ParameterizedTest
    @ValueSource(ints = {1, 16, 1_000, 4_096, 4_097, 20_000})
    void firingEventsAllocatesNothing(int count) {
        Simulation simulation = new Simulation(3, Trace.to(List.of(new HashSink())));
        for (int i = 0; i < count; i++) {
            new Ticker(simulation, i).in(i);
        }
        long picosPerRound = EVENT_COUNT / 4 * (1 << 23) / count;
        simulation.runUntil(8 * picosPerRound);
        long before = allocatedBytes();
        simulation.runUntil(12 * picosPerRound);
        assertThat(allocatedBytes() - before).isLessThan(NOISE_BYTES);
    }

    @ParameterizedTest
    @ValueSource(ints = {1, 2, 100})
    void waitingOnContinuationsAllocatesLittle(int count) {
        Simulation simulation = new Simulation(3, Trace.off());
        for (int i = 0; i < count; i++) {
            Prng prng = simulation.prng().child("process" + i);
            simulation.coroutine(
                    "process" + i,
                    self -> {
                        while (true) {
                            self.waitFor(prng.below(2_000));
                        }
                    },
                    true);
        }
        simulation.runUntil(400_000_000L / count);
        long before = allocatedBytes();
        simulation.runUntil(800_000_000L / count);
        // The JDK makes a new stack chunk now and then; a wait itself allocates nothing.
        assertThat(allocatedBytes() - before).isLessThan(NOISE_BYTES * 4);
    }

    @Test
    void theCounterCounts() {
        long before = allocatedBytes();
        byte[][] kept = new byte[100][1_000];
        assertThat(allocatedBytes() - before).isGreaterThan(kept.length * 1_000L);
    }

    private static long allocatedBytes() {
        return ((com.sun.management.ThreadMXBean) ManagementFactory.getThreadMXBean()).getCurrentThreadAllocatedBytes();
    }
}
