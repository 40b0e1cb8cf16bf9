package flyby.coherence;

import static org.assertj.core.api.Assertions.assertThat;

import flyby.coherence.CoherenceParameters.Disturbances;
import flyby.coherence.CoherenceParameters.InputOutput;
import flyby.coherence.CoherenceParameters.Level;
import flyby.coherence.CoherenceParameters.Memory;
import flyby.coherence.CoherenceParameters.SocketLink;
import flyby.memory.MemoryAgent;
import flyby.memory.PhysicalMemory;
import flyby.sim.Simulation;
import flyby.trace.Trace;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Deque;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/// Every state that two sockets of two cores can reach with two lines, and every access from each of them: all
/// bytes are right, and the invariants hold. Caches are as small as can be, one line each and two in the last
/// level, so that everything evicts everything.
final class EveryStateTest {
    private static final int LINES = 2;
    private static final long SOCKET_BYTES = 64;

    private interface Access {
        /// @param value to store, if this is a store
        void make(CoherentMemory memory, byte[] oracle, byte value);
    }

    @ParameterizedTest
    @CsvSource({"1, 0, 0, 200", "1, 0, 1, 400", "2, 0, 1, 8000", "1, 1, 1, 3000", "1, 2, 0, 7000"})
    void everyAccessFromEveryState(int ways, int directoryWays, int writeWays, int statesMin) {
        List<Access> accesses = accesses();
        Map<String, int[]> paths = new LinkedHashMap<>();
        Deque<int[]> open = new ArrayDeque<>();
        open.add(new int[0]);
        while (!open.isEmpty()) {
            int[] path = open.remove();
            for (int next = 0; next < accesses.size(); next++) {
                int[] longer = Arrays.copyOf(path, path.length + 1);
                longer[path.length] = next;
                String state = replay(accesses, longer, parameters(ways, directoryWays, writeWays));
                if (paths.putIfAbsent(state, longer) == null) {
                    open.add(longer);
                }
            }
        }
        assertThat(paths).as("a check of nothing passes").hasSizeGreaterThan(statesMin);
    }

    /// Makes the accesses, and checks after the last: those before it were the last of a shorter path.
    private static String replay(List<Access> accesses, int[] path, CoherenceParameters parameters) {
        CoherentMemory memory = new CoherentMemory(new Simulation(0, Trace.off()), new PhysicalMemory(), parameters);
        byte[] oracle = new byte[LINES * 64];
        for (int i = 0; i < path.length; i++) {
            accesses.get(path[i]).make(memory, oracle, (byte) (i + 1));
        }
        new Invariants(memory).check();
        for (int i = 0; i < oracle.length; i++) {
            if (memory.peek(i) != oracle[i]) {
                throw new AssertionError("byte " + i + " after accesses " + Arrays.toString(path));
            }
        }
        return describe(memory);
    }

    private static List<Access> accesses() {
        List<Access> accesses = new ArrayList<>();
        for (int i = 0; i < LINES; i++) {
            int address = i * 64;
            for (int j = 0; j < 4; j++) {
                int socket = j / 2;
                int core = j % 2;
                accesses.add((memory, oracle, _) -> loads(memory.core(socket, core), oracle, address));
                accesses.add((memory, oracle, value) -> {
                    oracle[address + core] = value;
                    memory.core(socket, core).store(address + core, oracle, address + core, 1);
                });
            }
            for (int j = 0; j < 2; j++) {
                int socket = j;
                accesses.add((memory, oracle, _) -> reads(memory.agent(socket), oracle, address));
                accesses.add((memory, oracle, value) -> {
                    Arrays.fill(oracle, address, address + 64, value);
                    memory.agent(socket).write(address, oracle, address, 64, true);
                });
                accesses.add((memory, oracle, value) -> {
                    oracle[address + 9] = value;
                    memory.agent(socket).write(address + 9, oracle, address + 9, 1, true);
                });
            }
            accesses.add((memory, _, _) -> memory.core(0, 0).clean(address, 1));
            accesses.add((memory, _, _) -> memory.core(0, 0).cleanAndInvalidate(address, 1));
        }
        return accesses;
    }

    private static void loads(CoreCache core, byte[] oracle, int address) {
        byte[] got = new byte[64];
        core.load(address, got, 0, 64);
        compare(got, oracle, address);
    }

    private static void reads(MemoryAgent agent, byte[] oracle, int address) {
        byte[] got = new byte[64];
        agent.read(address, got, 0, 64, true);
        compare(got, oracle, address);
    }

    private static void compare(byte[] got, byte[] oracle, int address) {
        assertThat(got).isEqualTo(Arrays.copyOfRange(oracle, address, address + 64));
    }

    /// States, holders and which line was used last: all that the protocol decides by.
    private static String describe(CoherentMemory memory) {
        StringBuilder text = new StringBuilder();
        for (Socket socket : memory.interconnect().sockets) {
            describe(socket.lines, text);
            for (int slot = 0; slot < socket.lines.slots(); slot++) {
                text.append(socket.holders[slot])
                        .append('/')
                        .append(socket.owners[slot])
                        .append(' ');
            }
            for (CoreCache core : socket.cores) {
                describe(core.lines, text);
            }
        }
        return text.toString();
    }

    private static void describe(LineArray lines, StringBuilder text) {
        for (int slot = 0; slot < lines.slots(); slot++) {
            int younger = 0;
            for (int other = 0; other < lines.slots(); other++) {
                younger += !lines.isFree(other) && lines.lastUse[other] > lines.lastUse[slot] ? 1 : 0;
            }
            if (lines.isFree(slot)) {
                text.append("- ");
            } else {
                text.append(lines.lines[slot])
                        .append(':')
                        .append(lines.states[slot])
                        .append(younger)
                        .append(' ');
            }
        }
    }

    /// A line behind each socket.
    private static CoherenceParameters parameters(int ways, int directoryWays, int writeWays) {
        return new CoherenceParameters(
                2,
                2,
                64,
                64,
                new Level(64, 1, 1_000),
                new Level(64, 1, 5_000),
                new Level(64L * ways, ways, 20_000),
                directoryWays,
                30_000,
                2_000,
                new InputOutput(true, writeWays, 10_000, 500),
                new Memory(SOCKET_BYTES, 0, 1, 64, 70_000, 4_000, 8),
                new SocketLink(40_000, 3_000),
                Disturbances.NONE);
    }
}
