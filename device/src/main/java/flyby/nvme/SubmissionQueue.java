package flyby.nvme;

import org.jspecify.annotations.Nullable;

/// A Submission Queue: section 4.1. A ring in the host's memory, from which entries are taken.
final class SubmissionQueue {
    final int id;
    final long base;
    final int size;
    final CompletionQueue completions;

    /// The next entry to take.
    int head;
    /// As the host last said: behind the last entry.
    int tail;
    /// Commands that were taken and whose completions are not written.
    int active;

    boolean isFetching;
    /// It takes no more entries: it is about to be deleted.
    boolean isClosing;
    /// Whether it waits for its turn.
    boolean isInTurn;
    /// Whether its shadow doorbell is being read.
    boolean isLooking;
    /// Whether the host has rung meanwhile.
    boolean isLookingAgain;
    /// What it rang with last.
    int rung;

    @Nullable
    SubmissionQueue next;

    SubmissionQueue(int id, long base, int size, CompletionQueue completions) {
        this.id = id;
        this.base = base;
        this.size = size;
        this.completions = completions;
    }

    /// Entries that wait.
    int waiting() {
        return tail >= head ? tail - head : tail - head + size;
    }

    /// Whether the host may say `value`: it lies in the ring, and adds no more than there is room for.
    boolean accepts(int value) {
        if (value >= size) {
            return false;
        }
        int added = value >= tail ? value - tail : value - tail + size;
        return added <= size - 1 - waiting();
    }
}
