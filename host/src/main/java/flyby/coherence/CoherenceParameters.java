package flyby.coherence;

import flyby.base.Check;

/// The sizes and times of sockets, caches and memory. All sockets are alike.
///
/// @param sockets 1 to 8
/// @param coresPerSocket 1 to 64
/// @param lineBytes the unit of coherence: a power of two, 16 to 256
/// @param dmaAlignBytes what a buffer must begin and end at so that maintenance does not touch its neighbours: a
/// power of two, at least `lineBytes` unless I/O snoops
/// @param l1 first level of a core; it decides what a hit costs, its bytes are those of the second
/// @param l2 second level of a core, which includes the first
/// @param lastLevel shared by the cores of a socket
/// @param directoryWays further ways of each set of the last level that have room for a line's address and
/// holders, but not for its bytes; 0 makes the last level include all private ones
/// @param snoopPicos from the last-level cache into a core's private cache and back
/// @param maintenancePicos what one instruction that cleans or invalidates a line costs its core
/// @param disturbances what happens without being asked for
public record CoherenceParameters(
        int sockets,
        int coresPerSocket,
        int lineBytes,
        int dmaAlignBytes,
        Level l1,
        Level l2,
        Level lastLevel,
        int directoryWays,
        long snoopPicos,
        long maintenancePicos,
        InputOutput io,
        Memory memory,
        SocketLink link,
        Disturbances disturbances) {
    /// One cache.
    ///
    /// @param ways 1 to 64, in the last level 1 to 31
    /// @param bytes a multiple of `ways` times the line; the number of sets need not be a power of two
    /// @param hitPicos from the core's load to its bytes, when they are found here
    public record Level(long bytes, int ways, long hitPicos) {
        public Level {
            Check.that(
                    bytes > 0 && ways >= 1 && ways <= 64 && hitPicos >= 0, "a cache of %d B in %d ways", bytes, ways);
        }

        int sets(int lineBytes) {
            return (int) (bytes / ((long) ways * lineBytes));
        }
    }

    /// How devices reach the caches of their socket.
    ///
    /// @param snoops whether caches are asked at all; else devices see memory, and drivers clean and invalidate
    /// @param writeWays ways of the last-level cache that device writes may allocate in, a bit each ("IIO LLC
    /// WAYS", MSR C8Bh); 0 sends device writes to memory
    /// @param hitPicos from the root complex to the last-level cache and back
    /// @param linePicos the shortest time between two lines
    public record InputOutput(boolean snoops, int writeWays, long hitPicos, long linePicos) {
        public InputOutput {
            Check.that(hitPicos >= 0 && linePicos >= 0, "a line in %d ps", linePicos);
        }
    }

    /// DRAM of each socket.
    ///
    /// @param bytesPerSocket socket 0's begin at address 0, socket 1's behind them
    /// @param nodeInterleaveBytes unless 0, sockets take turns every so many bytes instead
    /// @param channels of each socket
    /// @param channelInterleaveBytes channels take turns every so many bytes, a power of two
    /// @param accessPicos from the last-level cache that misses to the first line of an idle channel
    /// @param linePicos how long a line occupies its channel
    /// @param writeQueueLines how many written lines a channel takes before it drains some in favour of reads
    public record Memory(
            long bytesPerSocket,
            long nodeInterleaveBytes,
            int channels,
            long channelInterleaveBytes,
            long accessPicos,
            long linePicos,
            int writeQueueLines) {
        public Memory {
            Check.that(bytesPerSocket > 0 && channels >= 1, "%d B behind %d channels", bytesPerSocket, channels);
            Check.that(
                    Long.bitCount(channelInterleaveBytes) == 1
                            && accessPicos >= 0
                            && linePicos >= 0
                            && writeQueueLines >= 0,
                    "channels take turns every %d B",
                    channelInterleaveBytes);
            Check.that(
                    nodeInterleaveBytes >= 0 && (nodeInterleaveBytes == 0 || bytesPerSocket % nodeInterleaveBytes == 0),
                    "sockets take turns every %d B",
                    nodeInterleaveBytes);
        }
    }

    /// The way from each socket to each other: QPI, UPI.
    ///
    /// @param onewayPicos of a message on an idle link
    /// @param linePicos how long a line occupies its direction of the link
    public record SocketLink(long onewayPicos, long linePicos) {
        public SocketLink {
            Check.that(onewayPicos >= 0 && linePicos >= 0, "a link of %d ps", onewayPicos);
        }
    }

    /// What caches may do by themselves. Programs that are right do not notice; those that forget maintenance may.
    ///
    /// @param prefetchOneIn one in so many load misses also fetches the next line; 0 for none
    /// @param evictOneIn one in so many accesses of a core evicts a line of its private and of the last-level
    /// cache; 0 for none
    public record Disturbances(int prefetchOneIn, int evictOneIn) {
        public static final Disturbances NONE = new Disturbances(0, 0);
    }

    public CoherenceParameters {
        Check.that(sockets >= 1 && sockets <= 8, "%d sockets", sockets);
        Check.that(coresPerSocket >= 1 && coresPerSocket <= 64, "%d cores in a socket", coresPerSocket);
        Check.that(Integer.bitCount(lineBytes) == 1 && lineBytes >= 16 && lineBytes <= 256, "lines of %d B", lineBytes);
        Check.that(
                Integer.bitCount(dmaAlignBytes) == 1 && (io.snoops || dmaAlignBytes >= lineBytes),
                "DMA aligned to %d B with lines of %d B",
                dmaAlignBytes,
                lineBytes);
        checkLevel("L1", l1, lineBytes);
        checkLevel("L2", l2, lineBytes);
        checkLevel("last-level", lastLevel, lineBytes);
        Check.that(directoryWays >= 0 && snoopPicos >= 0 && maintenancePicos >= 0, "%d directory ways", directoryWays);
        Check.that(
                lastLevel.ways <= 31 && io.writeWays >>> lastLevel.ways == 0,
                "device writes may use ways %x of %d",
                io.writeWays,
                lastLevel.ways);
        Check.that(
                memory.bytesPerSocket % lineBytes == 0
                        && memory.channelInterleaveBytes % lineBytes == 0
                        && memory.nodeInterleaveBytes % lineBytes == 0,
                "memory is not in whole lines of %d B",
                lineBytes);
    }

    /// Memory of all sockets.
    public long memoryBytes() {
        return sockets * memory.bytesPerSocket;
    }

    private static void checkLevel(String name, Level level, int lineBytes) {
        Check.that(
                level.bytes % ((long) level.ways * lineBytes) == 0 && level.bytes <= 1L << 30,
                "the %s cache: %d B in %d ways of %d B lines",
                name,
                level.bytes,
                level.ways,
                lineBytes);
    }
}
