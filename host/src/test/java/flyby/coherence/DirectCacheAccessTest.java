package flyby.coherence;

import static org.assertj.core.api.Assertions.assertThat;

import flyby.memory.MemoryAgent;
import flyby.memory.PhysicalMemory;
import flyby.sim.Simulation;
import flyby.trace.Trace;
import java.util.Arrays;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/// DDIO: device writes into the last-level cache, and how far they may spread there. A set is every fourth line.
final class DirectCacheAccessTest {
    private static final int SET_STRIDE = Shape.SETS * Shape.LINE;

    private final Simulation simulation = new Simulation(0, Trace.off());
    private final PhysicalMemory bytes = new PhysicalMemory();
    private final byte[] sevens = new byte[4096];
    private final byte[] buffer = new byte[64];

    DirectCacheAccessTest() {
        Arrays.fill(sevens, (byte) 7);
    }

    @Test
    void aWriteStaysInTheCacheUntilItsLineHasToGo() {
        CoherentMemory memory = machine(Shape.plain());
        memory.agent(0).write(0, sevens, 0, 64, true);

        assertThat(bytes.read8(0)).isZero();
        assertThat(memory.lastLevelHolds(0, 0)).isTrue();
        assertThat(memory.peek(0)).isEqualTo((byte) 7);
        memory.flush();
        assertThat(bytes.read8(0)).isEqualTo(7);
    }

    /// Four ways, of which device writes may take as many as the mask says: the third and later of two push dirty
    /// lines out to memory, though cores' ways are empty.
    @ParameterizedTest
    @ValueSource(ints = {0b1000, 0b1100, 0b0111, 0b1111})
    void writesThatMissTakeTheirWaysOnly(int mask) {
        CoherentMemory memory = machine(Shape.plain().writeWays(mask));
        int ways = Integer.bitCount(mask);
        for (int i = 0; i < 10; i++) {
            memory.agent(0).write((long) i * SET_STRIDE, sevens, 0, 64, true);
        }

        assertThat(memory.counts(0).deviceAllocations()).isEqualTo(10);
        assertThat(memory.counts(0).writeBacks()).isEqualTo(10 - ways);
        int cached = 0;
        for (int i = 0; i < 10; i++) {
            cached += memory.lastLevelHolds(0, (long) i * SET_STRIDE) ? 1 : 0;
        }
        assertThat(cached).isEqualTo(ways);
        assertThat(memory.channelBytes(0, 0) + memory.channelBytes(0, 1)).isEqualTo((10 - ways) * 64L);
    }

    /// What cores have brought in is updated wherever it is, and takes no further way.
    @Test
    void writesThatHitUpdateInPlace() {
        CoherentMemory memory = machine(Shape.plain());
        for (int i = 0; i < 4; i++) {
            memory.core(0, 0).load((long) i * SET_STRIDE, buffer, 0, 8);
        }
        for (int i = 0; i < 4; i++) {
            memory.agent(0).write((long) i * SET_STRIDE, sevens, 0, 64, true);
        }

        assertThat(memory.counts(0).deviceWriteHits()).isEqualTo(4);
        assertThat(memory.counts(0).deviceAllocations()).isZero();
        assertThat(memory.counts(0).writeBacks()).isZero();
        memory.core(0, 0).load(0, buffer, 0, 8);
        assertThat(buffer[0]).isEqualTo((byte) 7);
    }

    @Test
    void withoutWaysWritesGoToMemoryAndOutOfCaches() {
        CoherentMemory memory = machine(Shape.plain().writeWays(0));
        memory.core(0, 0).store(0, new byte[] {1, 2, 3}, 0, 3);
        memory.agent(0).write(1, sevens, 0, 1, true);

        assertThat(memory.core(0, 0).holds(0)).isFalse();
        assertThat(memory.lastLevelHolds(0, 0)).isFalse();
        assertThat(bytes.read32(0))
                .as("what the core had stored beside it is not lost")
                .isEqualTo(0x03_07_01);
    }

    @Test
    void writesToAnotherSocketsMemoryFillNoCache() {
        CoherentMemory memory = machine(Shape.plain().sockets(2));
        memory.core(0, 0).load(Shape.MEMORY_BYTES, buffer, 0, 8);
        memory.agent(0).write(Shape.MEMORY_BYTES, sevens, 0, 64, true);

        assertThat(memory.core(0, 0).holds(Shape.MEMORY_BYTES)).isFalse();
        assertThat(memory.counts(0).deviceMemoryWrites()).isEqualTo(1);
        assertThat(bytes.read8(Shape.MEMORY_BYTES)).isEqualTo(7);
    }

    /// Rewriting a window that fits the device's ways costs no memory traffic; one line more in a set, and every
    /// line is written to memory: the limit of write-allocation.
    @Test
    void aWindowLargerThanTheDevicesWaysRunsAtTheSpeedOfMemory() {
        int fits = 2 * Shape.SETS * Shape.LINE;

        assertThat(picosPerRound(fits)).isEqualTo(fits / 64 * 500L);
        // Two channels, 4 ns a line: 2 ns for each of twelve lines.
        assertThat(picosPerRound(fits + SET_STRIDE)).isEqualTo((fits + SET_STRIDE) / 64 * 2_000L);
    }

    /// In the steady state, with the next write as soon as the last is taken.
    private long picosPerRound(int windowBytes) {
        Simulation world = new Simulation(0, Trace.off());
        MemoryAgent agent =
                new CoherentMemory(world, new PhysicalMemory(), Shape.plain().parameters()).agent(0);
        long then = 0;
        for (int round = 0; round < 20; round++) {
            then = round == 10 ? world.nowPicos() : then;
            long picos = agent.write(0, sevens, 0, windowBytes, true);
            world.runUntil(world.nowPicos() + picos - 10_000 + 500);
        }
        return (world.nowPicos() - then) / 10;
    }

    @Test
    void noSnoopSeesAndLeavesStaleBytes() {
        CoherentMemory memory = machine(Shape.plain());
        memory.core(0, 0).store(0, new byte[] {1}, 0, 1);
        memory.agent(0).read(0, buffer, 0, 8, false);
        assertThat(buffer[0]).as("memory does not know yet").isZero();

        memory.agent(0).write(8, sevens, 0, 8, false);
        memory.core(0, 0).load(8, buffer, 0, 8);
        assertThat(buffer[0]).as("the core's line is stale").isZero();
        assertThat(bytes.read8(8)).isEqualTo(7);
    }

    private CoherentMemory machine(Shape shape) {
        return new CoherentMemory(simulation, bytes, shape.parameters());
    }
}
