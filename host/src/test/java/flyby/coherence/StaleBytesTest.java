package flyby.coherence;

import static org.assertj.core.api.Assertions.assertThat;

import flyby.choice.Choices;
import flyby.choice.Property;
import flyby.coherence.CoherenceParameters.Disturbances;
import flyby.memory.MemoryAgent;
import flyby.memory.PhysicalMemory;
import flyby.sim.Simulation;
import flyby.trace.Trace;
import java.util.Arrays;
import org.junit.jupiter.api.Test;

/// Machines whose devices do not snoop: which bytes are stale, and what maintenance does about it.
final class StaleBytesTest {
    private final Simulation simulation = new Simulation(0, Trace.off());
    private final PhysicalMemory bytes = new PhysicalMemory();
    private final byte[] buffer = new byte[64];

    @Test
    void aDeviceReadsMemoryUntilTheCoreCleans() {
        CoherentMemory board = board(Shape.plain().notSnooping());
        CoreCache core = board.core(0, 0);
        core.store(0, new byte[] {7}, 0, 1);

        assertThat(deviceReads(board, 0)).isZero();
        assertThat(core.clean(0, 1)).as("one instruction").isEqualTo(2_000);
        assertThat(deviceReads(board, 0)).isEqualTo((byte) 7);
        assertThat(core.holds(0)).isTrue();
    }

    @Test
    void aCoreReadsItsLineUntilItInvalidates() {
        CoherentMemory board = board(Shape.plain().notSnooping());
        assertThat(loads(board, 1, 0)).isZero();
        deviceWrites(board, 0, 7);

        assertThat(loads(board, 1, 0)).as("stale").isZero();
        board.core(0, 0).invalidate(0, 64);
        assertThat(board.core(0, 1).holds(0))
                .as("maintenance reaches every core")
                .isFalse();
        assertThat(loads(board, 1, 0)).isEqualTo((byte) 7);
    }

    @Test
    void invalidatingLosesWhatANeighbourStoredInTheLine() {
        CoherentMemory board = board(Shape.plain().notSnooping());
        board.core(0, 0).store(60, new byte[] {7}, 0, 1);
        board.core(0, 0).invalidate(0, 32);

        assertThat(loads(board, 0, 60)).isZero();
    }

    /// CLFLUSH: on a machine whose devices snoop there is nothing else, and a device's bytes in the cache stay
    /// safe.
    @Test
    void whereDevicesSnoopInvalidatingSavesWhatWasStored() {
        CoherentMemory server = board(Shape.plain());
        server.core(0, 0).store(60, new byte[] {7}, 0, 1);
        deviceWrites(server, 0, 9);
        server.core(0, 0).invalidate(0, 32);

        assertThat(server.lastLevelHolds(0, 0)).isFalse();
        assertThat(bytes.read8(0)).isEqualTo(9);
        assertThat(bytes.read8(60)).isEqualTo(7);
    }

    /// The bug that random eviction is for: a dirty line goes to memory some time after the device wrote there.
    @Test
    void aDirtyLineThatIsEvictedOverwritesWhatTheDeviceWrote() {
        CoherentMemory board = board(Shape.plain().notSnooping().disturbed(new Disturbances(0, 1)));
        board.core(0, 0).store(60, new byte[] {1}, 0, 1);
        boolean cached = board.peek(60) == 1 && bytes.read8(60) == 0;
        deviceWrites(board, 0, 7);
        for (int i = 0; i < 200; i++) {
            loads(board, 0, 0x1000 + 64L * (i % 4));
        }

        assertThat(cached).isTrue();
        assertThat(bytes.read8(0)).as("the device's byte is gone").isZero();
        assertThat(bytes.read8(60)).isEqualTo(1);
    }

    @Test
    void aPrefetchedLineIsStaleThoughNobodyLoadedIt() {
        CoherentMemory board = board(Shape.plain().notSnooping().disturbed(new Disturbances(1, 0)));
        loads(board, 0, 0);
        deviceWrites(board, 64, 7);

        assertThat(loads(board, 0, 64)).isZero();
    }

    /// Against the plainest model: what cores see and what devices see are two arrays, line by line the same where
    /// nobody has cached anything. Nothing here evicts by itself, because every line has a way of its own.
    @Test
    void bytesAreAsStaleAsTwoArraysSay() {
        Property.check(300, this::twoArrays);
    }

    private void twoArrays(Choices choices) {
        PhysicalMemory memory = new PhysicalMemory();
        Simulation world = new Simulation(0, Trace.off());
        CoherentMemory board = new CoherentMemory(
                world,
                memory,
                Shape.plain()
                        .notSnooping()
                        .directoryWays((int) choices.below(2) * 4)
                        .parameters());
        int lines = 4;
        byte[] seenByDevices = new byte[lines * 64];
        byte[] seenByCores = new byte[lines * 64];
        boolean[] cached = new boolean[lines];
        boolean[] dirty = new boolean[lines];
        while (choices.chance(99, 100)) {
            world.runUntil(world.nowPicos() + choices.below(10_000));
            int address = (int) choices.below(lines * 64L);
            int count = (int) choices.between(1, 64 - address % 64);
            int line = address / 64;
            CoreCache core = board.core(0, (int) choices.below(2));
            byte[] some = new byte[64];
            Arrays.fill(some, (byte) choices.below(256));
            switch ((int) choices.below(7)) {
                case 0 -> {
                    core.load(address, some, 0, count);
                    bring(line, cached, seenByDevices, seenByCores);
                    assertThat(Arrays.copyOf(some, count))
                            .isEqualTo(Arrays.copyOfRange(seenByCores, address, address + count));
                }
                case 1 -> {
                    core.store(address, some, 0, count);
                    bring(line, cached, seenByDevices, seenByCores);
                    System.arraycopy(some, 0, seenByCores, address, count);
                    dirty[line] = true;
                }
                case 2 -> {
                    board.agent(0).read(address, some, 0, count, true);
                    assertThat(Arrays.copyOf(some, count))
                            .isEqualTo(Arrays.copyOfRange(seenByDevices, address, address + count));
                }
                case 3 -> {
                    board.agent(0).write(address, some, 0, count, true);
                    System.arraycopy(some, 0, seenByDevices, address, count);
                }
                case 4 -> {
                    core.clean(address, count);
                    save(line, dirty, seenByCores, seenByDevices);
                }
                case 5 -> {
                    core.invalidate(address, count);
                    cached[line] = false;
                    dirty[line] = false;
                }
                default -> {
                    core.cleanAndInvalidate(address, count);
                    save(line, dirty, seenByCores, seenByDevices);
                    cached[line] = false;
                }
            }
            new Invariants(board).check();
        }
    }

    private static void bring(int line, boolean[] cached, byte[] from, byte[] to) {
        if (!cached[line]) {
            System.arraycopy(from, line * 64, to, line * 64, 64);
            cached[line] = true;
        }
    }

    private static void save(int line, boolean[] dirty, byte[] from, byte[] to) {
        if (dirty[line]) {
            System.arraycopy(from, line * 64, to, line * 64, 64);
            dirty[line] = false;
        }
    }

    private byte deviceReads(CoherentMemory board, long address) {
        board.agent(0).read(address, buffer, 0, 1, true);
        return buffer[0];
    }

    private static void deviceWrites(CoherentMemory board, long address, int value) {
        MemoryAgent agent = board.agent(0);
        agent.write(address, new byte[] {(byte) value}, 0, 1, true);
    }

    private byte loads(CoherentMemory board, int core, long address) {
        board.core(0, core).load(address, buffer, 0, 1);
        return buffer[0];
    }

    private CoherentMemory board(Shape shape) {
        return new CoherentMemory(simulation, bytes, shape.parameters());
    }
}
