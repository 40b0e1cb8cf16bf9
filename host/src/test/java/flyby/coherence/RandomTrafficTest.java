package flyby.coherence;

import static org.assertj.core.api.Assertions.assertThat;

import flyby.choice.Choices;
import flyby.choice.Property;
import flyby.coherence.CoherenceParameters.Disturbances;
import flyby.memory.PhysicalMemory;
import flyby.sim.Simulation;
import flyby.trace.Trace;
import org.junit.jupiter.api.Test;

/// Cores and devices of several sockets at once, against an array of bytes that every write changes.
final class RandomTrafficTest {
    /// Enough lines for every set to overflow, few enough to meet again.
    private static final int LINES_PER_SOCKET = 24;

    @Test
    void everyReadReturnsTheLastWriteAndNoWriteIsLost() {
        Property.check(400, RandomTrafficTest::coherent);
    }

    private static void coherent(Choices choices) {
        int sockets = (int) choices.between(1, 3);
        Shape shape = new Shape(
                sockets,
                (int) choices.between(1, 3),
                (int) choices.between(1, 4),
                (int) choices.below(4),
                true,
                choices.pick(0, 1),
                choices.pick(0L, 256L),
                new Disturbances((int) choices.below(3), (int) choices.below(9)));
        PhysicalMemory bytes = new PhysicalMemory();
        Simulation simulation = new Simulation(choices.below(1 << 20), Trace.off());
        CoherentMemory memory = new CoherentMemory(simulation, bytes, shape.parameters());
        Invariants invariants = new Invariants(memory);
        byte[] oracle = new byte[(int) memory.parameters().memoryBytes()];
        byte[] buffer = new byte[512];
        while (choices.chance(199, 200)) {
            simulation.runUntil(simulation.nowPicos() + choices.below(100_000));
            int socket = (int) choices.below(sockets);
            long line = choices.below(sockets) * (shape.nodeInterleaveBytes() == 0 ? Shape.MEMORY_BYTES / 64 : 4)
                    + choices.below(LINES_PER_SOCKET);
            int within = (int) (choices.chance(1, 2) ? choices.below(64) : 0);
            int address = (int) line * 64 + within;
            boolean isCore = choices.chance(1, 2);
            int room = isCore ? 64 - within : 300;
            int count = (int) choices.between(1, room);
            count = choices.chance(1, 4) ? Math.min(room, 64 * (count / 64 + 1)) : count;
            boolean isWrite = choices.chance(1, 2);
            if (isWrite) {
                for (int i = 0; i < count; i++) {
                    buffer[i] = (byte) choices.below(256);
                    oracle[address + i] = buffer[i];
                }
            }
            CoreCache core = memory.core(socket, (int) choices.below(shape.cores()));
            long picos;
            if (isCore) {
                picos = isWrite ? core.store(address, buffer, 0, count) : core.load(address, buffer, 0, count);
            } else if (isWrite) {
                picos = memory.agent(socket).write(address, buffer, 0, count, true);
            } else {
                picos = memory.agent(socket).read(address, buffer, 0, count, true);
            }
            assertThat(picos).isPositive();
            for (int i = 0; i < count; i++) {
                assertThat(buffer[i]).as("byte %x", address + i).isEqualTo(oracle[address + i]);
            }
            if (choices.chance(1, 20)) {
                maintain(core, choices, address);
            }
            invariants.check();
        }
        memory.flush();
        byte[] left = new byte[oracle.length];
        bytes.read(0, left, 0, left.length);
        assertThat(left).isEqualTo(oracle);
    }

    private static void maintain(CoreCache core, Choices choices, int address) {
        long count = choices.below(300);
        switch ((int) choices.below(3)) {
            case 0 -> core.clean(address, count);
            case 1 -> core.invalidate(address, count);
            default -> core.cleanAndInvalidate(address, count);
        }
    }
}
