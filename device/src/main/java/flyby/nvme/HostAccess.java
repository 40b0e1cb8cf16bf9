package flyby.nvme;

import flyby.bus.Transaction;
import flyby.bus.Transaction.Status;
import org.jspecify.annotations.Nullable;

/// An access to the host's memory, and what it is for. Made once, and used again and again.
final class HostAccess implements Transaction.Owner {
    /// Who asked for an access.
    interface Taker {
        /// The access is over. It goes back to its pool afterwards, unless it is kept.
        void done(HostAccess access, Status status);
    }

    private final HostMemory memory;
    final Transaction transaction;
    /// Its pool.
    final AccessPool pool;

    @Nullable
    Taker taker;

    /// The command that it is made for, if it is one command's.
    @Nullable
    Command command;

    /// The queue whose entries it takes.
    @Nullable
    SubmissionQueue queue;

    /// The queue whose entries it writes.
    @Nullable
    CompletionQueue completions;

    /// Where it stands among those under way.
    int place;

    /// Entries of a queue.
    int entries;
    /// Where its bytes stand in a command's data.
    int at;
    /// The controller was reset while it was under way.
    boolean isStale;
    /// Whether it stays taken when it is over.
    boolean isKept;

    @Nullable
    HostAccess next;

    HostAccess(HostMemory memory, AccessPool pool, int byteCountMax) {
        this.memory = memory;
        this.pool = pool;
        transaction = new Transaction(this, byteCountMax);
    }

    byte[] data() {
        return transaction.data();
    }

    @Override
    public String purpose(Transaction transaction) {
        if (command != null) {
            return (transaction.byteCount() > 0 && isKept ? "data of " : "for ") + command.describe();
        }
        if (queue != null) {
            return entries > 0 ? "entries of Submission Queue " + queue.id : "doorbell of Submission Queue " + queue.id;
        }
        if (completions != null) {
            int id = completions.id;
            return entries > 0 ? "entries of Completion Queue " + id : "doorbell of Completion Queue " + id;
        }
        return "";
    }

    @Override
    public void completed(Transaction done, Status status) {
        memory.completed(this, status);
    }
}
