package flyby.nvme;

import flyby.base.Check;
import flyby.nvme.layout.NvmeRegisters;

/// What distinguishes one controller from another.
///
/// @param queues the most I/O queues of each kind, 1 to 65,535
/// @param vectors interrupt vectors, 1 to 2,048
/// @param blockBytes of the format that the namespace has at first: 512 or 4,096
/// @param readPicos what the medium takes for a read
/// @param writePicos what it takes for a write, until its cache has it
/// @param flushPicos what it takes for a flush, and for a write that has to reach it
public record NvmeProfile(int queues, int vectors, int blockBytes, long readPicos, long writePicos, long flushPicos) {
    public NvmeProfile {
        Check.that(queues >= 1 && queues <= NvmeRegisters.QUEUES_MAX, "%d queues", queues);
        Check.that(vectors >= 1 && vectors <= 2_048, "%d vectors", vectors);
        Check.that(blockBytes == 512 || blockBytes == 4_096, "blocks of %d bytes", blockBytes);
        Check.that(readPicos >= 0 && writePicos >= 0 && flushPicos >= 0, "negative latencies of %s", "a medium");
    }

    /// So many vectors as so many queues can use: one each, and one for the Admin Queue.
    public static int vectorsFor(int queues) {
        return Math.min(2_048, queues + 1);
    }
}
