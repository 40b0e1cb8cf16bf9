package flyby.nvme;

import static flyby.nvme.layout.QueueEntries.COMPLETION_BYTES;
import static flyby.nvme.layout.QueueEntries.SQID;
import static flyby.nvme.layout.QueueEntries.SUBMISSION_BYTES;

import flyby.base.LittleEndian;
import flyby.bus.Transaction.Kind;
import flyby.bus.Transaction.Status;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/// All queues: whose turn it is to have entries taken, and which have completions to be written.
///
/// Queues take turns, as round robin arbitration does: section 4.13.1. A turn is as many entries as one read brings.
final class Queues {
    private static final int FETCH_MAX = 32;
    private static final int POST_MAX = HostMemory.PAGE_BYTES / COMPLETION_BYTES;

    private final HostMemory memory;
    private final Engine engine;
    private final Vectors vectors;
    private final @Nullable SubmissionQueue[] submissions;
    private final @Nullable CompletionQueue[] completions;
    /// The most identifiers ever used, so that a reset does not look at all.
    private int used;

    private @Nullable SubmissionQueue firstInTurn;
    private @Nullable SubmissionQueue lastInTurn;
    private @Nullable CompletionQueue firstDirty;
    private @Nullable CompletionQueue lastDirty;
    /// Entries of a turn: 2 to the power of the Arbitration Burst, section 5.21.1.1.
    private int burst = FETCH_MAX;

    private final HostAccess.Taker fetched = this::fetched;
    private final HostAccess.Taker posted = this::posted;
    private final Doorbells doorbells;

    /// Hears of doorbells that the host should not have rung, and of accesses that nobody can be told of.
    interface Complaints {
        void invalidDoorbell(boolean isValue);

        void fatal();
    }

    private final Complaints complaints;

    /// @param pairs I/O queues of each kind
    Queues(HostMemory memory, Engine engine, Vectors vectors, Complaints complaints, int pairs) {
        this.memory = memory;
        this.engine = engine;
        this.vectors = vectors;
        this.complaints = complaints;
        submissions = new SubmissionQueue[pairs + 1];
        completions = new CompletionQueue[pairs + 1];
        doorbells = new Doorbells(memory, this);
    }

    void reset() {
        Arrays.fill(submissions, 0, used, null);
        Arrays.fill(completions, 0, used, null);
        used = 0;
        firstInTurn = null;
        lastInTurn = null;
        firstDirty = null;
        lastDirty = null;
        burst = FETCH_MAX;
        doorbells.reset();
    }

    Doorbells doorbells() {
        return doorbells;
    }

    /// @param power as the Arbitration feature says it; 7: no limit
    void burst(int power) {
        burst = Math.min(FETCH_MAX, 1 << Math.min(power, 6));
    }

    /// I/O queues of each kind.
    int pairs() {
        return submissions.length - 1;
    }

    @Nullable
    SubmissionQueue submission(int id) {
        return id < submissions.length ? submissions[id] : null;
    }

    @Nullable
    CompletionQueue completion(int id) {
        return id < completions.length ? completions[id] : null;
    }

    boolean hasIoQueues() {
        for (int id = 1; id < used; id++) {
            if (submissions[id] != null || completions[id] != null) {
                return true;
            }
        }
        return false;
    }

    void add(CompletionQueue queue) {
        completions[queue.id] = queue;
        used = Math.max(used, queue.id + 1);
    }

    void add(SubmissionQueue queue) {
        submissions[queue.id] = queue;
        queue.completions.users++;
        used = Math.max(used, queue.id + 1);
    }

    void remove(SubmissionQueue queue) {
        submissions[queue.id] = null;
        queue.completions.users--;
    }

    void remove(CompletionQueue queue) {
        completions[queue.id] = null;
        if (queue.hasUnseen()) {
            vectors.busy(queue, false);
        }
    }

    // Doorbells.

    void ringTail(int id, int value) {
        SubmissionQueue queue = submission(id);
        boolean isShadowed = queue != null && value < queue.size && doorbells.rung(queue, value);
        if (!isShadowed && (queue == null || !queue.accepts(value))) {
            complaints.invalidDoorbell(queue != null);
        } else if (!isShadowed && queue != null) {
            tail(queue, value);
        }
    }

    /// The host says, by whichever doorbell, that entries up to `value` are there.
    void tail(SubmissionQueue queue, int value) {
        queue.tail = value;
        turn(queue);
    }

    void ringHead(int id, int value) {
        CompletionQueue queue = completion(id);
        boolean isShadowed = queue != null && value < queue.size && doorbells.rung(queue, value);
        if (!isShadowed && (queue == null || !queue.accepts(value))) {
            complaints.invalidDoorbell(queue != null);
        } else if (!isShadowed && queue != null) {
            head(queue, value);
        }
    }

    void head(CompletionQueue queue, int value) {
        boolean had = queue.hasUnseen();
        queue.head = value;
        if (had && !queue.hasUnseen()) {
            vectors.busy(queue, false);
        }
        unblock(queue);
    }

    private void turn(SubmissionQueue queue) {
        if (queue.isInTurn || queue.isFetching || queue.isClosing || queue.head == queue.tail) {
            return;
        }
        queue.isInTurn = true;
        queue.next = null;
        if (queue.id == 0 && firstInTurn != null) {
            // What it takes first is reserved for it, so that it never waits behind others.
            queue.next = firstInTurn;
            firstInTurn = queue;
            return;
        }
        if (lastInTurn == null) {
            firstInTurn = queue;
        } else {
            lastInTurn.next = queue;
        }
        lastInTurn = queue;
    }

    private void endTurn(SubmissionQueue queue) {
        firstInTurn = queue.next;
        if (firstInTurn == null) {
            lastInTurn = null;
        }
        queue.next = null;
        queue.isInTurn = false;
    }

    // Fetching.

    /// Begins to take entries of the queue whose turn it is; whether any are being taken.
    boolean fetch() {
        for (SubmissionQueue queue = firstInTurn; queue != null; queue = firstInTurn) {
            CompletionQueue answers = queue.completions;
            if (queue.isClosing) {
                endTurn(queue);
            } else if (answers.room() <= 0) {
                endTurn(queue);
                queue.next = answers.blocked;
                answers.blocked = queue;
                queue.isInTurn = true;
                doorbells.wantRoom(answers);
            } else {
                return begin(queue, answers);
            }
        }
        return false;
    }

    /// There may be room in `answers` for what waits for that.
    void unblock(CompletionQueue answers) {
        SubmissionQueue queue = answers.blocked;
        answers.blocked = null;
        while (queue != null) {
            SubmissionQueue following = queue.next;
            queue.isInTurn = false;
            queue.next = null;
            turn(queue);
            queue = following;
        }
    }

    private boolean begin(SubmissionQueue queue, CompletionQueue answers) {
        int most = Math.min(Math.min(burst, queue.waiting()), Math.min(answers.room(), queue.size - queue.head));
        int entries = Math.min(most, engine.room(queue.id == 0));
        HostAccess access = entries <= 0 ? null : memory.control.take();
        if (access == null) {
            return false;
        }
        endTurn(queue);
        engine.reserve(entries);
        answers.reserved += entries;
        queue.isFetching = true;
        access.entries = entries;
        access.queue = queue;
        long address = queue.base + (long) queue.head * SUBMISSION_BYTES;
        memory.submit(access, fetched, Kind.READ, address, entries * SUBMISSION_BYTES, engine.transfer());
        return true;
    }

    private void fetched(HostAccess access, Status status) {
        SubmissionQueue queue = access.queue;
        if (queue == null) {
            return;
        }
        queue.isFetching = false;
        engine.reserve(-access.entries);
        if (status != Status.SUCCESS) {
            queue.completions.reserved -= access.entries;
            queue.isClosing = true;
            complaints.fatal();
            return;
        }
        for (int i = 0; i < access.entries; i++) {
            queue.head = queue.head + 1 == queue.size ? 0 : queue.head + 1;
            queue.active++;
            engine.start(queue, access.data(), i * SUBMISSION_BYTES);
        }
        if (queue.head == queue.tail) {
            doorbells.drained(queue);
        } else {
            turn(queue);
        }
    }

    /// Looks at the shadow doorbells of all queues that have come to rest.
    void lookAtAll() {
        for (int id = 1; id < used; id++) {
            SubmissionQueue queue = submissions[id];
            if (queue != null && queue.head == queue.tail) {
                doorbells.drained(queue);
            }
        }
    }

    // Posting.

    /// `command` is done: its completion is to be written.
    void complete(Command command) {
        SubmissionQueue from = command.queue;
        if (from == null) {
            return;
        }
        CompletionQueue queue = from.completions;
        queue.done.add(command);
        dirty(queue);
    }

    private void dirty(CompletionQueue queue) {
        if (queue.isDirty || queue.isPosting || queue.done.isEmpty()) {
            return;
        }
        queue.isDirty = true;
        queue.next = null;
        if (lastDirty == null) {
            firstDirty = queue;
        } else {
            lastDirty.next = queue;
        }
        lastDirty = queue;
    }

    /// Writes what is done, as far as there is room; whether there was something.
    boolean post() {
        boolean any = false;
        for (CompletionQueue queue = firstDirty; queue != null; queue = firstDirty) {
            HostAccess access = memory.control.take();
            if (access == null) {
                break;
            }
            firstDirty = queue.next;
            if (firstDirty == null) {
                lastDirty = null;
            }
            queue.next = null;
            queue.isDirty = false;
            queue.isPosting = true;
            any = true;
            long address = queue.base + (long) queue.tail * COMPLETION_BYTES;
            access.entries = queue.encode(access.data(), POST_MAX, engine);
            access.completions = queue;
            memory.submit(access, posted, Kind.WRITE, address, access.entries * COMPLETION_BYTES, engine.transfer());
        }
        return any;
    }

    private void posted(HostAccess access, Status status) {
        CompletionQueue queue = access.completions;
        if (queue == null) {
            return;
        }
        queue.isPosting = false;
        for (int i = 0; i < access.entries; i++) {
            long entry = LittleEndian.get(access.data(), i * COMPLETION_BYTES + 8, 8);
            SubmissionQueue from = submission((int) SQID.of(entry));
            if (from != null) {
                from.active--;
            }
        }
        if (status != Status.SUCCESS) {
            complaints.fatal();
            return;
        }
        boolean had = queue.hasUnseen();
        queue.visible = (queue.visible + access.entries) % queue.size;
        if (!had) {
            vectors.busy(queue, true);
        }
        doorbells.posted(queue);
        engine.posted(access.entries);
        vectors.posted(queue, access.entries);
        dirty(queue);
    }
}
