package flyby.coherence;

import static org.assertj.core.api.Assertions.assertThat;

import flyby.choice.Decisions;
import flyby.choice.Footprint;
import flyby.coherence.CoherenceParameters.Disturbances;
import flyby.coherence.CoherenceParameters.InputOutput;
import flyby.coherence.CoherenceParameters.Level;
import flyby.coherence.CoherenceParameters.Memory;
import flyby.coherence.CoherenceParameters.SocketLink;
import flyby.memory.PhysicalMemory;
import flyby.sim.Simulation;
import flyby.trace.Trace;
import java.util.ArrayList;
import java.util.List;
import java.util.function.LongFunction;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/// A cache that gives up and fetches what it is told to.
final class LineChoicesTest {
    private static final long FIRST = 0x1000;
    private static final long SECOND = 0x2000;
    private static final Disturbances ANY = new Disturbances(1, 1);

    private final PhysicalMemory bytes = new PhysicalMemory();
    private final byte[] one = {1};

    private CoherentMemory memory(Disturbances disturbances, int directoryWays) {
        return new CoherentMemory(
                new Simulation(1, Trace.off()),
                bytes,
                new CoherenceParameters(
                        1,
                        1,
                        64,
                        64,
                        new Level(1024, 2, 1),
                        new Level(4096, 4, 5),
                        new Level(8192, 4, 20),
                        directoryWays,
                        30,
                        2,
                        new InputOutput(false, 0, 10, 0),
                        new Memory(1 << 20, 0, 1, 64, 80, 0, 0),
                        new SocketLink(0, 0),
                        disturbances));
    }

    /// Says yes to what concerns the line at `address`.
    private static Decisions choosing(Decisions.Point wanted, long address) {
        return new Decisions() {
            @Override
            public long below(Decisions.Point point, long bound) {
                throw new AssertionError("lines are known");
            }

            @Override
            public long below(Decisions.Point point, long bound, LongFunction<Footprint> about) {
                for (long value = 1; point == wanted && value < bound; value++) {
                    if (about.apply(value).address() == address) {
                        return value;
                    }
                }
                return 0;
            }
        };
    }

    @ParameterizedTest
    @ValueSource(ints = {0, 2})
    void aLineIsEvicted(int directoryWays) {
        CoherentMemory memory = memory(ANY, directoryWays);
        CoreCache core = memory.core(0, 0);
        core.store(FIRST, one, 0, 1);
        core.decide(choosing(Decisions.Point.EVICTION, FIRST), "cpu0");
        core.store(SECOND, one, 0, 1);
        assertThat(core.holdsModified(FIRST)).as("used before anybody decided").isTrue();
        core.load(FIRST, one, 0, 1);

        assertThat(core.holds(FIRST)).isFalse();
        assertThat(memory.lastLevelHolds(0, FIRST)).isFalse();
        assertThat(bytes.read8(FIRST)).as("written back").isEqualTo(1);
        assertThat(core.holdsModified(SECOND)).isTrue();
    }

    @Test
    void aLineThatWasInvalidatedIsFetchedAgain() {
        CoreCache core = memory(ANY, 0).core(0, 0);
        core.decide(choosing(Decisions.Point.PREFETCH, FIRST), "cpu0");
        core.load(FIRST, one, 0, 1);
        core.invalidate(FIRST, 64);
        core.load(SECOND, one, 0, 1);

        assertThat(core.holds(FIRST)).isTrue();
    }

    @Test
    void theNextLineIsFetchedWhenALoadMisses() {
        CoreCache core = memory(ANY, 0).core(0, 0);
        core.decide(choosing(Decisions.Point.PREFETCH, FIRST + 64), "cpu0");
        core.load(FIRST, one, 0, 1);

        assertThat(core.holds(FIRST + 64)).isTrue();
    }

    @Test
    void nobodyIsAskedWhereCachesDoNothingByThemselves() {
        CoreCache core = memory(Disturbances.NONE, 0).core(0, 0);
        List<Decisions.Point> asked = new ArrayList<>();
        core.decide(
                (point, _) -> {
                    asked.add(point);
                    return 0;
                },
                "cpu0");
        core.load(FIRST, one, 0, 1);
        core.store(SECOND, one, 0, 1);

        assertThat(asked).isEmpty();
    }

    /// Whatever is decided, a core loads what it has stored.
    @Test
    void dataStayRight() {
        CoreCache core = memory(ANY, 0).core(0, 0);
        long[] count = new long[1];
        core.decide((_, bound) -> count[0]++ % bound, "cpu0");
        for (int round = 0; round < 20; round++) {
            for (int i = 0; i < 100; i++) {
                core.store(FIRST + 64L * i, new byte[] {(byte) (i + round)}, 0, 1);
            }
            for (int i = 0; i < 100; i++) {
                core.load(FIRST + 64L * i, one, 0, 1);
                assertThat(one[0]).isEqualTo((byte) (i + round));
            }
        }
        assertThat(count[0]).isGreaterThan(1_000);
    }
}
