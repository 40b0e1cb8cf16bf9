package flyby.coherence;

import flyby.coherence.CoherenceParameters.Disturbances;
import flyby.coherence.CoherenceParameters.InputOutput;
import flyby.coherence.CoherenceParameters.Level;
import flyby.coherence.CoherenceParameters.Memory;
import flyby.coherence.CoherenceParameters.SocketLink;

/// Small machines whose times are easy to add up: an L1 hit takes 1 ns, L2 5 ns, the last level 20 ns from a core
/// and 10 ns from a device, a core's answer 30 ns, memory 70 ns more than the last level, a link 40 ns one way.
record Shape(
        int sockets,
        int cores,
        int lastLevelWays,
        int directoryWays,
        boolean snoops,
        int writeWays,
        long nodeInterleaveBytes,
        Disturbances disturbances) {
    static final int LINE = 64;
    static final long MEMORY_BYTES = 1 << 16;
    static final int SETS = 4;

    static Shape plain() {
        return new Shape(1, 2, 4, 0, true, 0b1100, 0, Disturbances.NONE);
    }

    Shape sockets(int count) {
        return new Shape(
                count, cores, lastLevelWays, directoryWays, snoops, writeWays, nodeInterleaveBytes, disturbances);
    }

    Shape directoryWays(int ways) {
        return new Shape(sockets, cores, lastLevelWays, ways, snoops, writeWays, nodeInterleaveBytes, disturbances);
    }

    Shape writeWays(int mask) {
        return new Shape(sockets, cores, lastLevelWays, directoryWays, snoops, mask, nodeInterleaveBytes, disturbances);
    }

    Shape notSnooping() {
        return new Shape(
                sockets, cores, lastLevelWays, directoryWays, false, writeWays, nodeInterleaveBytes, disturbances);
    }

    Shape disturbed(Disturbances by) {
        return new Shape(sockets, cores, lastLevelWays, directoryWays, snoops, writeWays, nodeInterleaveBytes, by);
    }

    CoherenceParameters parameters() {
        return new CoherenceParameters(
                sockets,
                cores,
                LINE,
                LINE,
                new Level(2 * LINE, 1, 1_000),
                new Level(4 * LINE, 2, 5_000),
                new Level((long) SETS * lastLevelWays * LINE, lastLevelWays, 20_000),
                directoryWays,
                30_000,
                2_000,
                new InputOutput(snoops, writeWays, 10_000, 500),
                new Memory(MEMORY_BYTES, nodeInterleaveBytes, 2, 128, 70_000, 4_000, 8),
                new SocketLink(40_000, 3_000),
                disturbances);
    }
}
