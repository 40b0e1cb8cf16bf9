package flyby.coherence;

import static org.assertj.core.api.Assertions.assertThat;

import flyby.memory.MemoryAgent;
import flyby.memory.PhysicalMemory;
import flyby.sim.Simulation;
import flyby.trace.Trace;
import org.junit.jupiter.api.Test;

/// What an access costs, from where it finds its line. The times are those of [Shape], added up by hand.
final class LatencyTest {
    private static final long NS = 1_000;
    private static final long REMOTE = Shape.MEMORY_BYTES;

    private final Simulation simulation = new Simulation(0, Trace.off());
    private final byte[] buffer = new byte[4096];

    @Test
    void aCoreFindsItsLineInMemoryThenInItsOwnCache() {
        CoreCache core = machine(Shape.plain()).core(0, 0);

        assertThat(load(core, 0)).as("last level + memory").isEqualTo((20 + 70) * NS);
        assertThat(load(core, 8)).as("L1").isEqualTo(1 * NS);
        assertThat(load(core, 2 * 64)).as("another line of the same L1 set").isEqualTo((20 + 70) * NS);
        assertThat(load(core, 0)).as("L2").isEqualTo(5 * NS);
    }

    @Test
    void aModifiedLineComesFromTheCoreThatHasIt() {
        CoherentMemory memory = machine(Shape.plain());
        memory.core(0, 0).store(0, new byte[] {7}, 0, 1);
        pass();

        assertThat(load(memory.core(0, 1), 0)).as("last level + that core").isEqualTo((20 + 30) * NS);
        assertThat(buffer[0]).isEqualTo((byte) 7);
        assertThat(memory.core(0, 1).store(0, buffer, 0, 1))
                .as("the other one loses it")
                .isEqualTo((20 + 30) * NS);
        assertThat(memory.core(0, 0).holds(0)).isFalse();
    }

    @Test
    void anotherSocketsMemoryIsALinkAway() {
        CoherentMemory memory = machine(Shape.plain().sockets(2));

        assertThat(load(memory.core(0, 0), REMOTE))
                .as("there, memory, and back with a line")
                .isEqualTo((20 + 40 + 70 + 3 + 40) * NS);
    }

    @Test
    void anotherSocketsCacheIsALinkAwayToo() {
        CoherentMemory memory = machine(Shape.plain().sockets(2));
        memory.core(1, 0).store(REMOTE, new byte[] {7}, 0, 1);
        pass();

        assertThat(load(memory.core(0, 0), REMOTE))
                .as("there, last level, its core, and back with a line")
                .isEqualTo((20 + 40 + 20 + 30 + 3 + 40) * NS);
        assertThat(buffer[0]).isEqualTo((byte) 7);
        assertThat(memory.core(1, 0).holds(REMOTE)).as("both share it").isTrue();
        assertThat(memory.core(1, 0).holdsModified(REMOTE)).isFalse();
    }

    @Test
    void aDeviceReadsFromCachesOrMemoryAndLeavesNothingBehind() {
        CoherentMemory memory = machine(Shape.plain());
        MemoryAgent agent = memory.agent(0);

        assertThat(agent.read(0, buffer, 0, 64, true)).as("memory").isEqualTo((10 + 70) * NS);
        pass();
        assertThat(agent.read(0, buffer, 0, 64, true)).as("memory again").isEqualTo((10 + 70) * NS);
        load(memory.core(0, 0), 0);
        pass();
        assertThat(agent.read(0, buffer, 0, 64, true))
                .as("the core alone has it, and may have changed it")
                .isEqualTo((10 + 30) * NS);
        load(memory.core(0, 1), 0);
        pass();
        assertThat(agent.read(0, buffer, 0, 64, true)).as("last level").isEqualTo(10 * NS);
        assertThat(memory.counts(0).deviceReadHits()).isEqualTo(2);
        assertThat(memory.counts(0).deviceReadMisses()).isEqualTo(2);
    }

    @Test
    void linesOfOneAccessFollowEachOtherAndShareChannels() {
        MemoryAgent agent = machine(Shape.plain()).agent(0);

        // Lines 0 to 3 are on channels 0, 0, 1, 1; they start 0.5 ns apart and occupy a channel for 4 ns.
        assertThat(agent.read(0, buffer, 0, 256, true)).isEqualTo(10 * NS + 1_000 + 4 * NS + 70 * NS);
    }

    @Test
    void aDeviceWriteThatFindsRoomIsAsFastAsTheCache() {
        MemoryAgent agent = machine(Shape.plain()).agent(0);

        assertThat(agent.write(0, buffer, 0, 128, true)).isEqualTo(10 * NS + 500);
        pass();
        assertThat(agent.write(20, buffer, 0, 8, true))
                .as("part of a line that is there")
                .isEqualTo(10 * NS);
        assertThat(agent.write(256 + 20, buffer, 0, 8, true))
                .as("part of a line that is not: it is fetched first, after the line before")
                .isEqualTo(500 + (10 + 70) * NS);
    }

    @Test
    void devicesThatShareAPortWaitForEachOther() {
        MemoryAgent agent = machine(Shape.plain()).agent(0);
        agent.write(0, buffer, 0, 64 * 8, true);

        assertThat(agent.write(0, buffer, 0, 64, true)).isEqualTo(8 * 500 + 10 * NS);
    }

    private CoherentMemory machine(Shape shape) {
        return new CoherentMemory(simulation, new PhysicalMemory(), shape.parameters());
    }

    private long load(CoreCache core, long address) {
        long picos = core.load(address, buffer, 0, 8);
        pass();
        return picos;
    }

    private void pass() {
        simulation.runUntil(simulation.nowPicos() + 1_000 * NS);
    }
}
