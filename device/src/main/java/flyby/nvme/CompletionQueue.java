package flyby.nvme;

import static flyby.nvme.layout.QueueEntries.COMPLETED_CID;
import static flyby.nvme.layout.QueueEntries.COMPLETION_BYTES;
import static flyby.nvme.layout.QueueEntries.PHASE;
import static flyby.nvme.layout.QueueEntries.SQHD;
import static flyby.nvme.layout.QueueEntries.SQID;
import static flyby.nvme.layout.QueueEntries.STATUS;

import flyby.base.LittleEndian;
import org.jspecify.annotations.Nullable;

/// A Completion Queue: section 4.1. A ring in the host's memory, to which entries are written.
///
/// Each command that is taken for it has a place [#reserved], so that a completion never waits for one.
final class CompletionQueue {
    final int id;
    final long base;
    final int size;
    final int vector;
    final boolean raisesInterrupts;

    /// As the host last said: the next entry that it has not taken.
    int head;
    /// Where the next entry goes.
    int tail;
    /// Entries up to here can be seen by the host.
    int visible;
    /// Places that commands under way will take.
    int reserved;
    /// Submission Queues that use it.
    int users;

    private boolean phase = true;
    boolean isPosting;
    /// Whether its shadow doorbell is being read.
    boolean isLooking;
    /// Whether the host has rung meanwhile.
    boolean isLookingAgain;
    /// What it rang with last.
    int rung;
    /// Whether it is in the list of those that have something to write.
    boolean isDirty;
    final CommandList done = new CommandList();

    @Nullable
    CompletionQueue next;

    /// Submission Queues that wait for room in it.
    @Nullable
    SubmissionQueue blocked;

    CompletionQueue(int id, long base, int size, int vector, boolean raisesInterrupts) {
        this.id = id;
        this.base = base;
        this.size = size;
        this.vector = vector;
        this.raisesInterrupts = raisesInterrupts;
    }

    /// Places that are neither taken nor reserved.
    int room() {
        return size - 1 - used(tail) - reserved;
    }

    /// Whether the host has entries that it has not taken.
    boolean hasUnseen() {
        return visible != head;
    }

    private int used(int upTo) {
        return upTo >= head ? upTo - head : upTo - head + size;
    }

    /// Whether the host may say `value`: it lies between the head and what it can see.
    boolean accepts(int value) {
        return value < size && (value >= head ? value - head : value - head + size) <= used(visible);
    }

    /// Whether nothing is on its way to it.
    boolean isIdle() {
        return done.isEmpty() && !isPosting && reserved == 0;
    }

    /// Puts entries for what is done into `data`, up to the end of the ring and `entriesMax`; how many.
    int encode(byte[] data, int entriesMax, Engine engine) {
        int count = 0;
        int most = Math.min(entriesMax, size - tail);
        while (count < most) {
            Command command = done.poll();
            if (command == null) {
                break;
            }
            SubmissionQueue queue = command.queue;
            int head = queue == null ? 0 : queue.head;
            int from = queue == null ? 0 : queue.id;
            int at = count * COMPLETION_BYTES;
            LittleEndian.put(command.result, data, at, 8);
            LittleEndian.put(
                    SQHD.to(head)
                            | SQID.to(from)
                            | COMPLETED_CID.to(command.cid)
                            | PHASE.to(phase ? 1 : 0)
                            | STATUS.to(command.status),
                    data,
                    at + 8,
                    8);
            engine.free(command);
            count++;
        }
        reserved -= count;
        tail += count;
        if (tail == size) {
            tail = 0;
            phase = !phase;
        }
        return count;
    }
}
