package flyby.nvme;

import flyby.base.LittleEndian;

/// The Error Information Log: section 5.14.1.1. The newest entries, in the order in which they came.
final class Errors {
    /// How many it keeps.
    static final int ENTRIES = 64;
    static final int ENTRY_BYTES = 64;
    /// What it says of errors that are none of a field's.
    private static final int NO_PLACE = 0xffff;

    private final long[] counts = new long[ENTRIES];
    private final int[] queues = new int[ENTRIES];
    private final int[] cids = new int[ENTRIES];
    private final int[] statuses = new int[ENTRIES];
    private final int[] places = new int[ENTRIES];
    private final long[] blocks = new long[ENTRIES];
    private final int[] nsids = new int[ENTRIES];
    private long count;

    /// Errors since the controller was made.
    long count() {
        return count;
    }

    /// `command` is completed with its status, which is an error.
    void happened(Command command) {
        SubmissionQueue queue = command.queue;
        int at = (int) (count % ENTRIES);
        count++;
        counts[at] = count;
        queues[at] = queue == null ? 0 : queue.id;
        cids[at] = command.cid;
        statuses[at] = command.status;
        places[at] = command.isBlamed ? command.wrongByte | (command.wrongBit << 8) : NO_PLACE;
        blocks[at] = command.dwordPair(10);
        nsids[at] = command.nsid;
    }

    /// Puts the entries into `into`, which is zeros, the newest first.
    void build(byte[] into) {
        for (int i = 0; i < Math.min(count, ENTRIES); i++) {
            int from = (int) ((count - 1 - i) % ENTRIES);
            int at = i * ENTRY_BYTES;
            LittleEndian.put(counts[from], into, at, 8);
            LittleEndian.put(queues[from], into, at + 8, 2);
            LittleEndian.put(cids[from], into, at + 10, 2);
            LittleEndian.put(statuses[from] << 1, into, at + 12, 2);
            LittleEndian.put(places[from], into, at + 14, 2);
            LittleEndian.put(blocks[from], into, at + 16, 8);
            LittleEndian.put(nsids[from], into, at + 24, 4);
        }
    }
}
